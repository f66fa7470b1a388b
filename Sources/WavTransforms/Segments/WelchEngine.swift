// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// The average power of segments, by P. D. Welch, "The use of fast Fourier transform for the estimation of power
/// spectra", IEEE Trans. Audio Electroacoust. 15 (1967).
///
/// 1. Workers read runs of segments (``SegmentChunks``) and transform them in pairs. Memory does not depend on the
///    length of the signal, unless medians are wanted.
/// 2. The powers are averaged (``PowerAverage``); the magnitude of a bin is the square root of its average power.
/// 3. Magnitudes are reduced to bands, as those of one transform are.
final class WelchEngine<Scalar: FFTWScalar>: SegmentedEngine {
  private let layout: SegmentLayout
  private let chunks: SegmentChunks
  private let samples: any StreamedSamples
  private let average: any PowerAverage<Scalar>
  private let blockCount: Int
  private let transform: SegmentTransform<Scalar>
  private let ordered: OrderedBins<Scalar>
  private let isMedian: Bool
  private let look: (_ piece: Int, SampleReader) -> Void

  /// Samples as they are in the file, and converted.
  private let bytes: AlignedBuffer<UInt8>
  private let signal: AlignedBuffer<Scalar>
  private let powers: AlignedBuffer<Double>
  private let magnitudes: AlignedBuffer<Scalar>

  /// Bins that are averaged in one block: of medians few, because each takes as many powers as there are segments.
  private static func binsPerBlock(isMedian: Bool) -> Int { isMedian ? 1 << 10 : 1 << 16 }
  /// Bytes of the sums of all blocks.
  private static var mostBytesOfSums: Int { 32 << 20 }

  /// Blocks of chunks: each has a row of sums, so for long segments there are few.
  private static func blockCount(_ layout: SegmentLayout) -> Int {
    let rows = mostBytesOfSums / (8 * (layout.length / 2 + 1))
    let most = min(64, max(4, rows))
    let chunks = SegmentChunks(layout).count
    let perBlock = (chunks + most - 1) / most
    return (chunks + perBlock - 1) / perBlock
  }

  static func needs(_ shape: PlanShape, _ layout: SegmentLayout) -> [RegionNeed] {
    let average =
      shape.method.segmentation.average == .median
      ? MedianPower<Scalar>.need(layout)
      : MeanPower<Scalar>.need(length: layout.length, blockCount: blockCount(layout))
    return [average]
      + OrderedBins<Scalar>.needs(binCount: shape.binCount, parts: 1, bandCount: shape.bandCount)
  }

  /// Memory of each process beside the regions, about, in bytes.
  static func ownByteCount(
    _ shape: PlanShape, _ layout: SegmentLayout, bytesPerSample: Int
  ) -> Double {
    Double(SegmentChunks(layout).mostSamples * (bytesPerSample + MemoryLayout<Scalar>.stride))
      + SegmentTransform<Scalar>.byteCount(length: layout.length) + Double(8 * layout.length)
  }

  init(
    _ request: TransformRequest, _ layout: SegmentLayout, _ samples: any StreamedSamples,
    in regions: [Region], look: @escaping (_ piece: Int, SampleReader) -> Void
  ) {
    self.layout = layout
    self.samples = samples
    self.look = look
    chunks = SegmentChunks(layout)
    blockCount = Self.blockCount(layout)
    let segmentation = request.method.segmentation
    isMedian = segmentation.average == .median
    var supply = RegionSupply(regions)
    average =
      isMedian
      ? MedianPower<Scalar>(layout, in: &supply)
      : MeanPower<Scalar>(layout, blockCount: blockCount, in: &supply)
    transform = SegmentTransform(
      length: layout.length, request.method.window,
      removingMean: segmentation.detrend == .constant)
    ordered = OrderedBins(request, in: &supply)
    ordered.totals.reset()
    supply.finish()
    bytes = AlignedBuffer(count: chunks.mostSamples * samples.bytesPerSample)
    signal = AlignedBuffer(count: chunks.mostSamples)
    powers = AlignedBuffer(count: Self.binsPerBlock(isMedian: isMedian))
    magnitudes = AlignedBuffer(count: Self.binsPerBlock(isMedian: isMedian))
  }

  var totals: BandTotals { ordered.totals }

  var summary: String { "\(layout.count) transforms of \(layout.length) samples" }

  var stages: [Stage] {
    let binsPerBlock = Self.binsPerBlock(isMedian: isMedian)
    let binBlocks = (layout.length / 2 + binsPerBlock) / binsPerBlock
    return ordered.reserving + [
      Stage(name: "segments", blockCount: blockCount) { try self.addSegments($0) },
      Stage(name: "average", blockCount: binBlocks, weight: isMedian ? 0.5 : 0.01) {
        self.averageBins($0)
      },
      ordered.reducing,
    ]
  }

  func copyMagnitudes(_ bins: Range<Int>, to output: inout MutableSpan<Double>) {
    ordered.copy(bins, to: &output)
  }

  private func addSegments(_ block: Int) throws {
    let perBlock = (chunks.count + blockCount - 1) / blockCount
    let own = block * perBlock..<min((block + 1) * perBlock, chunks.count)
    let first = chunks.segments(of: own.lowerBound).lowerBound
    try average.begin(block, segments: first..<chunks.segments(of: own.upperBound - 1).upperBound)
    for chunk in own {
      if chunk + 1 < own.upperBound { samples.announce(chunks.samples(of: chunk + 1)) }
      try addChunk(chunk)
    }
    average.finish(block)
  }

  private func addChunk(_ chunk: Int) throws {
    let range = chunks.samples(of: chunk)
    let reader = try samples.read(
      range,
      into: UnsafeMutableRawBufferPointer(
        start: bytes.base, count: range.count * samples.bytesPerSample))
    look(chunk, reader.extracting(0..<chunks.ownSamples(of: chunk).count))
    let segments = chunks.segments(of: chunk)
    guard !segments.isEmpty else { return }
    Scalar.read(reader, from: 0, count: range.count, into: signal.base)
    for first in stride(from: segments.lowerBound, to: segments.upperBound, by: 2) {
      let pair = first..<min(first + 2, segments.upperBound)
      let start = signal.base + (first * layout.hop - range.lowerBound)
      guard transform.transform(start, pair.count > 1 ? start + layout.hop : nil) else {
        throw failure(of: range)
      }
      average.add(transform.spectrum.base, segments: pair)
    }
  }

  private func averageBins(_ block: Int) {
    let first = block * powers.count
    let bins = first..<min(first + powers.count, layout.length / 2 + 1)
    average.averages(bins, to: powers.base)
    for index in 0..<bins.count {
      magnitudes.base[index] = Scalar(powers.base[index].squareRoot())
    }
    ordered.store(magnitudes.base, first: first, count: bins.count)
  }

  /// The sample that is the cause of a sum that is not finite.
  private func failure(of range: Range<Int>) -> UnusableSamples {
    for index in 0..<range.count where !signal.base[index].isFinite {
      return .notFinite(index: range.lowerBound + index, value: Double(signal.base[index]))
    }
    return .tooLarge(Scalar.precision)
  }
}
