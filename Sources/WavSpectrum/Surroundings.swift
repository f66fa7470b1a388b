// SPDX-License-Identifier: GPL-2.0-or-later

/// The energy outside the band that a spectrum keeps.
///
/// By Parseval's theorem the powers of all bins of a transform add up to the energy of the
/// (windowed) samples. A decimated spectrum does not show this energy, because its bins also hold
/// what has folded back.
public struct Surroundings: Sendable, Equatable {
  /// What lies on one side of the band.
  public struct Side: Sendable, Equatable {
    /// Share of the energy of the signal, 0 to 1.
    public let share: Double
    /// Frequency in Hz of the bin that holds most of this side's energy, if that is at least
    /// ``Surroundings/leastLineShare``; otherwise nil.
    public let line: Double?

    /// Describes one side.
    public init(share: Double, line: Double?) {
      self.share = share
      self.line = line
    }
  }

  /// From 0 Hz, included, to the band.
  public let below: Side
  /// From the band to half the sampling rate.
  public let above: Side

  /// The report mentions shares of at least this much.
  public static let leastShare = 0.01

  /// A bin with at least this much of the energy of its side is a line.
  ///
  /// Half-way between two bins a steady sine has 40.5 % of its energy in each of them, without a
  /// window.
  public static let leastLineShare = 0.4

  /// Describes what is outside of a band.
  public init(below: Side, above: Side) {
    self.below = below
    self.above = above
  }
}
