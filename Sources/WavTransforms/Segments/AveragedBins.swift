// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum
import WavStages

/// The average powers of all bins as magnitudes, reduced to bands.
final class AveragedBins<Scalar: FFTWScalar> {
  private let average: any PowerAverage<Scalar>
  private let ordered: OrderedBins<Scalar>
  private let binCount: Int
  private let powers: AlignedBuffer<Double>
  private let magnitudes: AlignedBuffer<Scalar>

  static func needs(_ shape: PlanShape) -> [RegionNeed] {
    OrderedBins<Scalar>.needs(binCount: shape.binCount, parts: 1, bandCount: shape.bandCount)
  }

  /// Prepares to reduce; `binsPerBlock` bins are averaged in one block.
  init(
    _ average: any PowerAverage<Scalar>, _ request: TransformRequest, binsPerBlock: Int,
    in supply: inout RegionSupply
  ) {
    self.average = average
    binCount = request.grid.count
    ordered = OrderedBins(request, in: &supply)
    ordered.totals.reset()
    powers = AlignedBuffer(count: binsPerBlock)
    magnitudes = AlignedBuffer(count: binsPerBlock)
  }

  var totals: BandTotals { ordered.totals }

  /// The stages before any segment is transformed.
  var reserving: [Stage] { ordered.reserving }

  /// The stages after all segments are transformed; the first has a weight.
  func reducing(weight: Double) -> [Stage] {
    let blocks = (binCount + powers.count - 1) / powers.count
    return [
      Stage(name: "average", blockCount: blocks, weight: weight) { self.average($0) },
      ordered.reducing,
    ]
  }

  /// Copies the magnitudes of bins to the beginning of `output`.
  func copy(_ bins: Range<Int>, to output: inout MutableSpan<Double>) {
    ordered.copy(bins, to: &output)
  }

  private func average(_ block: Int) {
    let first = block * powers.count
    let bins = first..<min(first + powers.count, binCount)
    average.averages(bins, to: powers.base)
    for index in 0..<bins.count {
      magnitudes.base[index] = Scalar(powers.base[index].squareRoot())
    }
    ordered.store(magnitudes.base, first: first, count: bins.count)
  }
}
