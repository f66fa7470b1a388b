// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavTransforms

/// The numbers of every bin, block by block, as rows of an array or as lines of text.
final class BinRows {
  /// The bins that have a row each.
  let bins: Range<Int>
  /// Whether magnitudes and levels are single-precision numbers.
  let isSingle: Bool

  private let engine: any TransformEngine
  private let grid: BinGrid
  private let scaling: Scaling
  private let decimals: Int
  private let magnitudes = UnsafeMutablePointer<Double>.allocate(capacity: perBlock)
  private let singleMagnitudes = UnsafeMutablePointer<Float>.allocate(capacity: perBlock)
  private let singleLevels = UnsafeMutablePointer<Float>.allocate(capacity: perBlock)

  /// Rows of a block.
  static let perBlock = 16384
  /// No line of text is longer, whatever the numbers.
  static let longestText = 128

  /// Rows for some bins of the spectrum that an engine computes.
  init(
    _ bins: Range<Int>, of engine: any TransformEngine, _ grid: BinGrid, _ scaling: Scaling,
    _ precision: Precision
  ) {
    self.bins = bins
    self.engine = engine
    self.grid = grid
    self.scaling = scaling
    isSingle = precision == .single
    decimals = CSV.frequencyDecimals(spacing: grid.spacing, isSingle: isSingle)
  }

  deinit {
    magnitudes.deallocate()
    singleMagnitudes.deallocate()
    singleLevels.deallocate()
  }

  /// Number of blocks.
  var blockCount: Int { max(1, (bins.count + Self.perBlock - 1) / Self.perBlock) }

  /// Bytes of one row of an array.
  var arrayRowBytes: Int { NPY.binRowBytes(isSingle: isSingle) }

  /// Writes the rows of a block to memory, as in a NumPy array.
  func fillArray(_ block: Int, to target: UnsafeMutableRawPointer) {
    let range = load(block)
    let rowBytes = arrayRowBytes
    if isSingle {
      each(of: range) { index, frequency in
        NPY.write(
          frequency, singleMagnitudes[index], singleLevels[index], to: target + index &* rowBytes)
      }
    } else {
      each(of: range) { index, frequency in
        NPY.write(
          frequency, magnitudes[index], level(index, of: range), to: target + index &* rowBytes)
      }
    }
  }

  /// Appends the members of a block to a JSON array.
  func appendJSON(_ block: Int, to buffer: inout TextBuffer) {
    let range = load(block)
    let first = bins.lowerBound - range.lowerBound
    if isSingle {
      each(of: range) { index, frequency in
        JSONRows.append(
          frequency, singleMagnitudes[index], singleLevels[index], decimals: decimals,
          isFirst: index == first, to: &buffer)
      }
    } else {
      each(of: range) { index, frequency in
        JSONRows.append(
          frequency, magnitudes[index], level(index, of: range), decimals: decimals,
          isFirst: index == first, to: &buffer)
      }
    }
  }

  /// Appends the lines of a block to text.
  func appendText(_ block: Int, to buffer: inout TextBuffer) {
    let range = load(block)
    if isSingle {
      each(of: range) { index, frequency in
        CSV.append(
          frequency, singleMagnitudes[index], singleLevels[index], decimals: decimals, to: &buffer)
      }
    } else {
      each(of: range) { index, frequency in
        CSV.append(
          frequency, magnitudes[index], level(index, of: range), decimals: decimals, to: &buffer)
      }
    }
  }

  /// Fetches the magnitudes of a block, and computes the levels if they are single.
  private func load(_ block: Int) -> Range<Int> {
    let first = bins.lowerBound + block * Self.perBlock
    let range = first..<min(first + Self.perBlock, bins.upperBound)
    engine.copyMagnitudes(range, to: magnitudes)
    guard isSingle else { return range }
    for index in 0..<range.count { singleMagnitudes[index] = Float(magnitudes[index]) }
    scaling.levels(of: singleMagnitudes, count: range.count, to: singleLevels)
    for bin in [0, grid.transformLength / 2] where range.contains(bin) && grid.isUnpaired(bin) {
      let index = bin - range.lowerBound
      singleLevels[index] = Float(level(index, of: range))
    }
    return range
  }

  /// Level of the bin at an index of a range, in double precision.
  private func level(_ index: Int, of range: Range<Int>) -> Double {
    scaling.level(
      magnitude: magnitudes[index], isUnpaired: grid.isUnpaired(range.lowerBound + index))
  }

  /// Calls `body` with index and frequency of each bin.
  @inline(__always)
  private func each(of range: Range<Int>, _ body: (Int, Double) -> Void) {
    // Exact as long as products of bins and rates stay below 2^53.
    let rate = Double(grid.sampleRate)
    let divisor = Double(grid.parts * grid.transformLength)
    for index in 0..<range.count {
      body(index, Double(range.lowerBound &+ index) * rate / divisor)
    }
  }
}
