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
  /// For each block: the energy above the limit, the total energy, and for each bin up to the limit the power that
  /// belongs there and the power that folds back there.
  private let sums: Region
  /// Number of bins of a segment up to the limit.
  private let foldedCount: Int

  private static let mostSegments = 512
  private static let segmentsPerBlock = 32
  private static let shortest = 4096
  private static let longest = 65536

  /// The memory that the estimate for `count` samples needs.
  public static func needs(count: Int, parts: Int) -> [RegionNeed] {
    let segments = segments(of: count, parts: parts)
    let blocks = (segments.count + segmentsPerBlock - 1) / segmentsPerBlock
    return [
      RegionNeed(
        "the energy estimate",
        byteCount: blocks * rowLength(foldedCount(segments.length, parts)) * 8, access: .inPlace)
    ]
  }

  private static func foldedCount(_ segmentLength: Int, _ parts: Int) -> Int {
    segmentLength / (2 * parts) + 2
  }

  /// Numbers that are kept of a block.
  private static func rowLength(_ foldedCount: Int) -> Int { 2 + 2 * foldedCount }

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
    foldedCount = Self.foldedCount(segmentLength, parts)
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
    let (above, whole) = (sum(0), sum(1))
    return whole > 0 ? above / whole : nil
  }

  /// The sum over the blocks of one of their numbers.
  private func sum(_ index: Int) -> Double {
    (0..<stage.blockCount).reduce(0) { $0 + row($1)[index] }
  }

  private func row(_ block: Int) -> UnsafeMutablePointer<Double> {
    sums.pointer(at: 8 * block * Self.rowLength(foldedCount), to: Double.self)
  }

  /// What is in a range of frequencies up to the limit.
  public struct FoldedPower: Sendable, Equatable {
    /// In units of the limit, 0 to 1.
    public let range: ClosedRange<Double>
    /// Power that belongs there.
    public let direct: Double
    /// Power from above the limit that folds back there.
    public let folded: Double
  }

  /// The power that folds back, in ranges of at least a twelfth of an octave and four bins of a segment, once the stage
  /// is done.
  ///
  /// A component at f appears at |f - m fs / P|, where m is the nearest whole number.
  public var foldedPowers: [FoldedPower] {
    var powers: [FoldedPower] = []
    // Bin 0 has the mean and what the window spreads of it.
    var first = 1
    while first < foldedCount, Double(first) < limitBin {
      let end = min(
        max(first + 4, Int((Double(first) * 1.0595).rounded(.up))), foldedCount)
      let bins = first..<end
      powers.append(
        FoldedPower(
          range: (Double(first) - 0.5) / limitBin...min((Double(end) - 0.5) / limitBin, 1),
          direct: bins.reduce(0) { $0 + sum(2 + $1) },
          folded: bins.reduce(0) { $0 + sum(2 + foldedCount + $1) }))
      first = end
    }
    return powers
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
    let row = row(block)
    for index in 0..<Self.rowLength(foldedCount) { row[index] = 0 }
    for (element, power) in UnsafeBufferPointer(start: powers.base, count: segmentLength)
      .enumerated()
    {
      row[1] += power
      // Elements beyond the middle are negative frequencies.
      let bin = Double(min(element, segmentLength - element))
      let image = bin - (bin / (2 * limitBin)).rounded() * 2 * limitBin
      let place = min(Int(abs(image).rounded()), foldedCount - 1)
      if bin > limitBin {
        row[0] += power
        row[2 + foldedCount + place] += power
      } else {
        row[2 + place] += power
      }
    }
  }
}
