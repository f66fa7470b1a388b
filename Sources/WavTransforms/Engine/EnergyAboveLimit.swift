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
  /// Samples of two segments.
  private let input: AlignedBuffer<Double>
  private let transform: SegmentTransform<Double>
  /// Powers of all elements of the transforms of a block.
  private let powers: AlignedBuffer<Double>
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
    limitBin = Double(segmentLength) / (2 * Double(parts))
    input = AlignedBuffer(count: 2 * segmentLength)
    powers = AlignedBuffer(count: segmentLength)
    transform = SegmentTransform(
      length: length, segmentCount == 1 ? .rectangular : .hann, removingMean: false)
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
    powers.base.update(repeating: 0, count: segmentLength)
    for segment in stride(
      from: first, to: min(first + Self.segmentsPerBlock, segmentCount), by: 2)
    {
      let pair = segment..<min(segment + 2, segmentCount)
      for (place, segment) in pair.enumerated() {
        let start =
          segmentCount == 1 ? 0 : segment * (sampleCount - segmentLength) / (segmentCount - 1)
        try read(start, segmentLength, input.base + place * segmentLength)
      }
      _ = transform.transform(
        input.base, pair.count > 1 ? UnsafePointer(input.base + segmentLength) : nil)
      Double.addPowers(of: transform.spectrum.base, count: segmentLength, to: powers.base)
    }
    var (above, whole) = (0.0, 0.0)
    for (element, power) in UnsafeBufferPointer(start: powers.base, count: segmentLength)
      .enumerated()
    {
      whole += power
      // Elements beyond the middle are negative frequencies.
      if Double(min(element, segmentLength - element)) > limitBin { above += power }
    }
    let table = sums.pointer(to: Double.self)
    table[2 * block] = above
    table[2 * block + 1] = whole
  }
}
