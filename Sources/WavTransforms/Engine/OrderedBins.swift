// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum
import WavStages

/// All bins of a short spectrum in order, in shared memory, to be reduced to bands in one pass.
///
/// Each row of the four-step algorithm touches every band with only a bin or two. For short
/// transforms it is faster to put the bins in order first (measured for 441,000 samples and 4096
/// bands: 0.5 ms instead of 2.3 ms).
final class OrderedBins<Scalar: FFTWScalar> {
  private let magnitudes: MagnitudeStore<Scalar>
  /// Sums of the squared magnitudes over several parts; for one part they follow from the
  /// magnitudes.
  private let squares: MagnitudeStore<Scalar>?
  /// Squares of the bins that are being reduced.
  private let chunk = AlignedBuffer<Scalar>(count: binsAtATime)
  private let binCount: Int
  private let accumulator: BandAccumulator<Scalar>
  let totals: BandTotals

  /// Longer transforms, in samples of all parts together, are reduced row by row.
  static var longest: Int { 1 << 21 }
  /// Bins reduced in one block; a multiple of eight.
  private static var binsPerBlock: Int { 1 << 16 }
  /// Bins reduced at a time; a multiple of eight, few enough for the first-level cache.
  private static var binsAtATime: Int { 1 << 12 }

  static func needs(binCount: Int, parts: Int, bandCount: Int) -> [RegionNeed] {
    // The last vector may reach beyond the last bin.
    let bins = MagnitudeStore<Scalar>.need(0..<binCount + 8)
    return (parts > 1 ? [bins, bins] : [bins])
      + [BandTotals.need(bandCount: bandCount, blockCount: blockCount(binCount))]
  }

  private static func blockCount(_ binCount: Int) -> Int {
    (binCount + binsPerBlock - 1) / binsPerBlock
  }

  init(_ request: TransformRequest, in supply: inout RegionSupply) {
    binCount = request.grid.count
    magnitudes = MagnitudeStore(0..<binCount + 8, in: &supply)
    squares = request.grid.parts > 1 ? MagnitudeStore(0..<binCount + 8, in: &supply) : nil
    accumulator = BandAccumulator(request.bands, of: request.grid, step: 8)
    totals = BandTotals(
      bandCount: request.bands.count, blockCount: Self.blockCount(binCount), in: &supply)
  }

  /// The stages before any bin is stored.
  var reserving: [Stage] { [magnitudes.stage] + (squares.map { [$0.stage] } ?? []) }

  /// The stage after all bins are stored.
  var reducing: Stage {
    Stage(
      name: "bands", blockCount: Self.blockCount(binCount), weight: 0.1,
      perform: { self.reduce($0) },
      commit: { self.totals.add(self.accumulator, block: $0) },
      reset: { self.totals.reset() })
  }

  /// Stores some elements of neighbouring rows, one row per lane.
  func store(
    _ magnitude: UnsafePointer<SIMD8<Scalar>>, _ square: UnsafePointer<SIMD8<Scalar>>,
    elements: Range<Int>, rows: Range<Int>, rowLength: Int, columnLength: Int
  ) {
    magnitudes.store(
      magnitude, elements: elements, rows: rows, rowLength: rowLength, columnLength: columnLength)
    squares?.store(
      square, elements: elements, rows: rows, rowLength: rowLength, columnLength: columnLength)
  }

  /// Stores contiguous magnitudes of the bins from `first` on.
  func store(_ magnitudes: UnsafePointer<Scalar>, first: Int, count: Int) {
    self.magnitudes.store(magnitudes, first: first, count: count)
  }

  /// Copies the magnitudes of bins to the beginning of `output`.
  func copy(_ bins: Range<Int>, to output: inout MutableSpan<Double>) {
    magnitudes.copy(bins, to: &output)
  }

  /// Magnitude of a bin.
  func magnitude(of bin: Int) -> Double { Double(magnitudes.base[bin]) }

  /// Magnitudes of neighbouring bins.
  func magnitudes(_ bins: Range<Int>) -> [Double] { bins.map { Double(magnitudes.base[$0]) } }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func reduce(_ block: Int) {
    let first = block * Self.binsPerBlock
    let end = min(first + Self.binsPerBlock, binCount)
    accumulator.clear()
    for start in stride(from: first, to: end, by: Self.binsAtATime) {
      let count = min(Self.binsAtATime, end - start)
      let magnitudes = magnitudes.base + start
      if let squares {
        chunk.base.update(from: squares.base + start, count: count)
      } else {
        for index in 0..<count { chunk.base[index] = magnitudes[index] * magnitudes[index] }
      }
      accumulator.add(
        contiguous: start, count: count, magnitudes: magnitudes, squares: chunk.base)
    }
  }
}
