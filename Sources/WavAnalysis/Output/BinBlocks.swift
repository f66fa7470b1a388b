// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavTransforms

/// Every bin of an engine's spectrum, fetched block by block.
final class BinBlocks {
  /// All bins.
  let bins: Range<Int>
  /// What is fetched of each bin.
  let kind: BinBlock.Kind

  private let engine: any SpectralEngine
  private let grid: BinGrid
  private let scaling: Scaling
  private let magnitudes = UnsafeMutableBufferPointer<Double>.allocate(capacity: BinBlock.most)
  private let levels = UnsafeMutableBufferPointer<Double>.allocate(capacity: BinBlock.most)
  private let singleMagnitudes = UnsafeMutableBufferPointer<Float>.allocate(capacity: BinBlock.most)
  private let singleLevels = UnsafeMutableBufferPointer<Float>.allocate(capacity: BinBlock.most)
  private let numbers = UnsafeMutableBufferPointer<SIMD2<Double>>.allocate(capacity: BinBlock.most)
  private let singleNumbers = UnsafeMutableBufferPointer<SIMD2<Float>>.allocate(
    capacity: BinBlock.most)

  /// Prepares to fetch some bins of an engine's spectrum.
  init(
    _ bins: Range<Int>, of engine: any SpectralEngine, _ grid: BinGrid, _ scaling: Scaling,
    _ kind: BinBlock.Kind
  ) {
    self.bins = bins
    self.engine = engine
    self.grid = grid
    self.scaling = scaling
    self.kind = kind
  }

  deinit {
    magnitudes.deallocate()
    levels.deallocate()
    singleMagnitudes.deallocate()
    singleLevels.deallocate()
    numbers.deallocate()
    singleNumbers.deallocate()
  }

  /// Number of blocks.
  var count: Int { max(1, (bins.count + BinBlock.most - 1) / BinBlock.most) }

  /// Fetches a block, and computes levels of magnitudes; valid until the next call.
  func block(_ index: Int) throws -> BinBlock {
    let first = bins.lowerBound + index * BinBlock.most
    let range = first..<min(first + BinBlock.most, bins.upperBound)
    return BinBlock(
      range, of: grid, isFirst: index == 0,
      kind.values == .complex ? try numbers(of: range) : try magnitudes(of: range))
  }

  private func numbers(of range: Range<Int>) throws -> BinBlock.Values {
    let count = range.count
    guard let engine = engine as? any TransformEngine else {
      preconditionFailure("averages over segments are not complex")
    }
    var span = numbers.mutableSpan
    try engine.copyComplexBins(range, of: grid, to: &span)
    guard kind.isSingle else {
      return .complexDouble(UnsafeBufferPointer(rebasing: numbers[..<count]))
    }
    for index in 0..<count { singleNumbers[index] = SIMD2<Float>(numbers[index]) }
    return .complexSingle(UnsafeBufferPointer(rebasing: singleNumbers[..<count]))
  }

  private func magnitudes(of range: Range<Int>) throws -> BinBlock.Values {
    let count = range.count
    var span = magnitudes.mutableSpan
    try engine.copyMagnitudes(range, to: &span)
    guard kind.isSingle else {
      for index in 0..<count { levels[index] = level(index, of: range) }
      return .double(
        magnitudes: UnsafeBufferPointer(rebasing: magnitudes[..<count]),
        levels: UnsafeBufferPointer(rebasing: levels[..<count]))
    }
    for index in 0..<count {
      singleMagnitudes[index] = Float(magnitudes[index])
      singleLevels[index] = singleMagnitudes[index]
    }
    var levels = UnsafeMutableBufferPointer(rebasing: singleLevels[..<count]).mutableSpan
    scaling.convertToLevels(&levels)
    for bin in [0, grid.transformLength / 2] where range.contains(bin) && grid.isUnpaired(bin) {
      let index = bin - range.lowerBound
      singleLevels[index] = Float(level(index, of: range))
    }
    return .single(
      magnitudes: UnsafeBufferPointer(rebasing: singleMagnitudes[..<count]),
      levels: UnsafeBufferPointer(rebasing: singleLevels[..<count]))
  }

  /// Level of the bin at an index of a range, in double precision.
  private func level(_ index: Int, of range: Range<Int>) -> Double {
    scaling.level(
      magnitude: magnitudes[index], isUnpaired: grid.isUnpaired(range.lowerBound + index))
  }
}
