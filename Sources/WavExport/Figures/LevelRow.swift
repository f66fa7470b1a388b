// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A row of a spectrum as plots show it: a band with its level.
public struct LevelRow: Sendable, Equatable {
  /// Where the level is, in Hz.
  public var frequency: Double
  /// The level in dB; minus infinity for silence.
  public var level: Double
  /// The band in Hz.
  public var edges: ClosedRange<Double>

  /// Describes a row.
  public init(frequency: Double, level: Double, edges: ClosedRange<Double>) {
    self.frequency = frequency
    self.level = level
    self.edges = edges
  }

  /// The strongest bin of a band of a spectrum, which has no bins above `limit` in Hz.
  public init(_ row: BandRow, limit: Double) {
    self.init(
      frequency: row.frequency, level: row.level,
      edges: min(row.lowEdge, row.frequency)...min(row.highEdge, max(row.frequency, limit)))
  }
}
