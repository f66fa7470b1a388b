// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// The average power of segments, by Welch's method.
///
/// Source: P. D. Welch, "The use of fast Fourier transform for the estimation of power spectra", IEEE Trans. Audio
/// Electroacoust. 15 (1967).
///
/// 1. Workers read runs of segments (``SegmentChunks``) and transform them in pairs. Memory does not depend on the
///    length of the signal, unless medians are wanted.
/// 2. The powers are averaged (``PowerAverage``); the magnitude of a bin is the square root of its average power.
/// 3. Magnitudes are reduced to bands, as those of one transform are.
final class WelchEngine<Scalar: FFTWScalar>: SegmentedEngine {
  private let layout: SegmentLayout
  private let reader: SegmentReader<Scalar>
  private let average: any PowerAverage<Scalar>
  private let bins: AveragedBins<Scalar>
  private let blockCount: Int
  private let isMedian: Bool

  static func needs(_ shape: PlanShape, _ layout: SegmentLayout) -> [RegionNeed] {
    let average =
      shape.method.segmentation.average == .median
      ? MedianPower<Scalar>.need(layout)
      : MeanPower<Scalar>.need(
        length: layout.length, blockCount: SegmentChunks(layout).blockCountOfSums)
    return [average] + AveragedBins<Scalar>.needs(shape)
  }

  /// Memory of each process beside the regions, about, in bytes.
  static func ownByteCount(_ layout: SegmentLayout, bytesPerSample: Int) -> Double {
    SegmentReader<Scalar>.byteCount(SegmentChunks(layout), bytesPerSample: bytesPerSample)
      + Double(8 * layout.length)
  }

  init(
    _ request: TransformRequest, _ layout: SegmentLayout, _ samples: any StreamedSamples,
    in regions: [Region], look: @escaping (_ piece: Int, SampleReader) -> Void
  ) {
    self.layout = layout
    let chunks = SegmentChunks(layout)
    reader = SegmentReader(chunks, of: samples, request.method, look: look)
    blockCount = chunks.blockCountOfSums
    isMedian = request.method.segmentation.average == .median
    var supply = RegionSupply(regions)
    average =
      isMedian
      ? MedianPower<Scalar>(layout, in: &supply)
      : MeanPower<Scalar>(layout, blockCount: blockCount, in: &supply)
    // Few bins in a block of medians: each takes as many powers as there are segments.
    bins = AveragedBins(average, request, binsPerBlock: isMedian ? 1 << 10 : 1 << 16, in: &supply)
    supply.finish()
  }

  var totals: BandTotals { bins.totals }

  var summary: String { "\(layout.count) transforms of \(layout.length) samples" }

  var stages: [Stage] {
    bins.reserving
      + [Stage(name: "segments", blockCount: blockCount) { try self.addSegments($0) }]
      + bins.reducing(weight: isMedian ? 0.5 : 0.01)
  }

  func copyMagnitudes(_ bins: Range<Int>, to output: inout MutableSpan<Double>) {
    self.bins.copy(bins, to: &output)
  }

  private func addSegments(_ block: Int) throws {
    let chunks = reader.chunks
    let own = chunks.chunks(of: block, of: blockCount)
    try average.begin(block, segments: chunks.segments(of: own))
    for chunk in own {
      if chunk + 1 < own.upperBound { reader.announce(chunk + 1) }
      try reader.transform(chunk: chunk) { average.add($0, segments: $1) }
    }
    average.finish(block)
  }
}
