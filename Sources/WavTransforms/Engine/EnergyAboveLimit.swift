// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// Estimates the share of a signal's energy above a frequency, by averaged periodograms.
///
/// P. D. Welch, "The use of fast Fourier transform for the estimation of power spectra", IEEE
/// Trans. Audio Electroacoust. 15 (1967): Hann-windowed segments that overlap by half, with their
/// powers added. At most 512 segments are used, evenly spaced over the recording. A short recording
/// is one segment without a window, for which the share is exact.
public final class EnergyAboveLimit {
  private let sampleCount: Int
  /// Copies samples, by the index of the first and their number.
  private let read: (Int, Int, UnsafeMutablePointer<Double>) throws -> Void
  private let segmentLength: Int
  private let segmentCount: Int
  /// The limit in bins of a segment.
  private let limitBin: Double
  private let window: [Double]
  private let input: AlignedBuffer<Double>
  private let output: AlignedBuffer<Double>
  private let plan: FFTPlan<Double>
  /// For each block, the energy above the limit and the total energy.
  private let sums: Region

  private static let mostSegments = 512
  private static let segmentsPerBlock = 32
  private static let shortest = 4096
  private static let longest = 65536

  /// The memory that the estimate for `count` samples needs.
  public static func needs(count: Int, parts: Int) -> [RegionNeed] {
    let segments = segments(of: count, parts: parts).count
    return [
      RegionNeed(
        "the energy estimate",
        byteCount: (segments + segmentsPerBlock - 1) / segmentsPerBlock * 16, access: .inPlace)
    ]
  }

  /// Length and number of the segments.
  private static func segments(of count: Int, parts: Int) -> (length: Int, count: Int) {
    guard count > longest else { return (count, 1) }
    // At least sixteen bins below the limit, up to the longest segment.
    var length = shortest
    while length < 16 * 2 * parts, length < longest { length *= 2 }
    return (length, min(2 * count / length - 1, mostSegments))
  }

  /// Prepares the estimate for the limit fs / (2 * parts).
  ///
  /// - Parameters:
  ///   - count: Number of samples of the signal.
  ///   - parts: Number of parts.
  ///   - regions: The memory of ``needs(count:parts:)``.
  ///   - read: Copies samples, by the index of the first and their number.
  public init(
    count: Int, parts: Int, in regions: [Region],
    read: @escaping (_ start: Int, _ count: Int, UnsafeMutablePointer<Double>) throws -> Void
  ) {
    sampleCount = count
    self.read = read
    let length: Int
    (length, segmentCount) = Self.segments(of: count, parts: parts)
    segmentLength = length
    window =
      segmentCount == 1
      ? [] : (0..<length).map { 0.5 - 0.5 * exactUnitRoot($0, order: length).x }
    limitBin = Double(segmentLength) / (2 * Double(parts))
    input = AlignedBuffer(count: segmentLength)
    output = AlignedBuffer(count: 2 * (segmentLength / 2 + 1))
    plan = FFTPlan(real: TransformLayout(length: segmentLength), input.base, output.base)
    var supply = RegionSupply(regions)
    sums = supply.next(Self.needs(count: count, parts: parts)[0])
    supply.finish()
  }

  /// The estimate, as blocks of segments.
  public var stage: Stage {
    let blocks = (segmentCount + Self.segmentsPerBlock - 1) / Self.segmentsPerBlock
    return Stage(name: "energy", blockCount: blocks, weight: 0.05) { try self.addSegments($0) }
  }

  /// Share of the energy above the limit, 0 to 1, once the stage is done; nil for silence.
  public var share: Double? {
    let table = sums.pointer(to: Double.self)
    var (above, whole) = (0.0, 0.0)
    for block in 0..<stage.blockCount {
      above += table[2 * block]
      whole += table[2 * block + 1]
    }
    return whole > 0 ? above / whole : nil
  }

  /// How the share is found.
  public var method: NyquistLoss.EnergyMethod { segmentCount == 1 ? .wholeRecording : .segments }

  private func addSegments(_ block: Int) throws {
    let first = block * Self.segmentsPerBlock
    var (above, whole) = (0.0, 0.0)
    for segment in first..<min(first + Self.segmentsPerBlock, segmentCount) {
      let start =
        segmentCount == 1 ? 0 : segment * (sampleCount - segmentLength) / (segmentCount - 1)
      try read(start, segmentLength, input.base)
      for (index, weight) in window.enumerated() { input.base[index] *= weight }
      plan.execute(input.base, output.base)
      for bin in 0...segmentLength / 2 {
        let (re, im) = (output.base[2 * bin], output.base[2 * bin + 1])
        let isUnpaired = bin == 0 || 2 * bin == segmentLength
        let energy = (re * re + im * im) * (isUnpaired ? 1 : 2)
        whole += energy
        if Double(bin) > limitBin { above += energy }
      }
    }
    let table = sums.pointer(to: Double.self)
    table[2 * block] = above
    table[2 * block + 1] = whole
  }
}
