// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages

/// The spectra around some bins of a streamed signal, from one more reading of all its samples.
///
/// The bins around a peak lie in as many rows of the transform, and few rows are in memory at a time. So the
/// spectrum around a bin is computed directly: the samples, turned by the frequency of the bin, are added up
/// in runs (``LocalInterpolation`` without bins). That takes two multiplications for each sample and bin.
///
/// - Complexity: O(N) for each bin.
final class LocalSurvey<Scalar: FFTWScalar> {
  /// The centres.
  let bins: [Int]

  private let signal: StreamedSignal<Scalar>
  private let parts: Int
  private let interpolation: LocalInterpolation
  /// The sums of the runs: [bin][part][run].
  private let region: Region
  private let kernels: [EndKernel<Scalar>]
  private let samples: AlignedBuffer<Scalar>
  private let bytes: AlignedBuffer<UInt8>

  /// Samples of all parts that are read at a time.
  private static var chunk: Int { 1 << 17 }
  /// Runs of a block.
  private static var runsPerBlock: Int { 8 }

  /// The memory of a survey of some bins.
  static func need(binCount: Int, _ interpolation: LocalInterpolation, parts: Int) -> RegionNeed {
    RegionNeed(
      "the spectra around peaks", byteCount: max(1, binCount * parts * interpolation.runCount * 16),
      access: .inPlace)
  }

  /// Prepares a survey.
  init(
    _ bins: [Int], of signal: StreamedSignal<Scalar>, parts: Int,
    _ interpolation: LocalInterpolation, in region: Region
  ) {
    self.bins = bins
    self.signal = signal
    self.parts = parts
    self.interpolation = interpolation
    self.region = region
    kernels = bins.map {
      EndKernel(
        bin: $0, length: interpolation.length, middle: interpolation.middle,
        run: interpolation.run, AlignedBuffer(count: 2 * EndKernel<Scalar>.width))
    }
    let count = max(parts, min(Self.chunk, interpolation.run * parts))
    samples = AlignedBuffer(count: count)
    bytes = AlignedBuffer(count: count * signal.samples.bytesPerSample)
  }

  /// The work.
  var stage: Stage {
    let blocks = (interpolation.runCount + Self.runsPerBlock - 1) / Self.runsPerBlock
    return Stage(name: "peaks", blockCount: blocks) { try self.addRuns($0) }
  }

  private func sums(bin: Int, run: Int) -> UnsafeMutablePointer<SIMD2<Double>> {
    region.pointer(to: SIMD2<Double>.self) + bin * parts * interpolation.runCount + run
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func addRuns(_ block: Int) throws {
    let first = block * Self.runsPerBlock
    let buffer = UnsafeMutableRawBufferPointer(start: bytes.base, count: bytes.count)
    let pitch = interpolation.runCount
    for run in first..<min(first + Self.runsPerBlock, interpolation.runCount) {
      for bin in bins.indices {
        for part in 0..<parts { sums(bin: bin, run: run)[part * pitch] = SIMD2() }
      }
      let end = min((run + 1) * interpolation.run, interpolation.samples)
      let step = samples.count / parts
      for start in stride(from: run * interpolation.run, to: end, by: step) {
        let count = min(step, end - start)
        signal.announce((start + step) * parts..<(start + 2 * step) * parts)
        try signal.copy(
          start * parts..<(start + count) * parts, to: samples.base, through: buffer)
        for (bin, kernel) in kernels.enumerated() {
          kernel.add(
            samples.base, from: start, count: count, parts: parts, to: sums(bin: bin, run: run),
            pitch: pitch)
        }
      }
    }
  }

  /// Whether the spectrum around a bin is known, when the stage is done.
  func knows(_ bin: Int) -> Bool { bins.contains(bin) }

  /// The spectrum around a bin that is known.
  func spectrum(around bin: Int) -> LocalSpectrum? {
    guard let index = bins.firstIndex(of: bin) else { return nil }
    let reach = interpolation.reach
    let width = 2 * reach + 1
    var values: [SIMD2<Double>] = []
    values.reserveCapacity(parts * width)
    var series: [SIMD2<Double>] = []
    for part in 0..<parts {
      let runs = sums(bin: index, run: 0) + part * interpolation.runCount
      let found = (0..<width).map { interpolation.value(Double($0 - reach), runs: runs) }
      values += found
      found.withUnsafeBufferPointer { found in
        guard let base = found.baseAddress else { return }
        series += interpolation.series(bins: base, runs: runs)
      }
    }
    return LocalSpectrum(bin: bin, reach: reach, parts: parts, values: values, series: series)
  }

  /// The magnitude of a bin near one that is known.
  func magnitude(of bin: Int) -> Double? {
    guard let centre = bins.min(by: { abs($0 - bin) < abs($1 - bin) }),
      abs(centre - bin) <= interpolation.reach
    else { return nil }
    return spectrum(around: centre)?.magnitude(ofBin: bin - centre)
  }
}
