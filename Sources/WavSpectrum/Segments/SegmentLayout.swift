// SPDX-License-Identifier: GPL-2.0-or-later

/// The segments of a signal: equally long, equally far apart, all of them complete.
///
/// Samples at the end that fill no further segment are in none: to pad them with zeros would bias the average.
public struct SegmentLayout: Sendable, Equatable {
  /// Number of samples of the signal.
  public let sampleCount: Int
  /// Samples of a segment.
  public let length: Int
  /// Distance in samples from the beginning of a segment to that of the next one.
  public let hop: Int

  /// Divides a signal; `overlap` is the share of a segment that the next one has, too, and is rounded down to
  /// samples, as SciPy's default is.
  ///
  /// - Precondition: 1 <= `length` <= `sampleCount`, 0 <= `overlap` < 1.
  public init(sampleCount: Int, length: Int, overlap: Double) {
    precondition(length >= 1 && length <= sampleCount, "a segment of the signal")
    precondition(overlap >= 0 && overlap < 1, "segments that move on")
    self.sampleCount = sampleCount
    self.length = length
    hop = max(1, length - Int(Double(length) * overlap))
  }

  /// Number of segments.
  public var count: Int { (sampleCount - length) / hop + 1 }

  /// Samples that are in a segment.
  public var usedCount: Int { (count - 1) * hop + length }

  /// Samples at the end that are in no segment.
  public var unusedCount: Int { sampleCount - usedCount }

  /// The samples of a segment.
  public func samples(of segment: Int) -> Range<Int> {
    segment * hop..<segment * hop + length
  }
}
