// SPDX-License-Identifier: GPL-2.0-or-later

/// How a recording is divided into segments, and what becomes of them: the parameters of Welch's method and of
/// spectrograms.
public struct Segmentation: Sendable, Hashable, Codable {
  /// How the powers of the segments become one spectrum.
  public enum Average: String, Sendable, Codable, CaseIterable {
    /// Their mean (P. D. Welch 1967).
    case mean
    /// Their median, divided by its bias for Gaussian noise: insensitive to short events (B. Allen et al., "FINDCHIRP",
    /// Phys. Rev. D 85 (2012), appendix B).
    case median
  }

  /// What is subtracted from each segment.
  public enum Detrend: String, Sendable, Codable, CaseIterable {
    /// Its mean.
    case constant
    /// Nothing.
    case none
  }

  /// The length of a segment.
  public var segment = SegmentRule.automatic
  /// The share of a segment that it has in common with the next one, at least 0 and below 1.
  public var overlap = 0.5
  /// How powers are averaged.
  public var average = Average.mean
  /// What is subtracted from each segment.
  public var detrend = Detrend.constant

  /// The usual choice: bins near 1 Hz apart, half of each segment shared, mean powers, means removed.
  public init() {}

  /// The greatest overlap: neighbouring segments differ by a hundredth.
  public static let greatestOverlap = 0.99
}
