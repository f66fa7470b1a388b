// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A spectrum that was averaged over segments: how its powers read as a density, and how certain they are.
public struct PowerDensity: Sendable, Equatable {
  /// The segments.
  public let segments: SegmentLayout
  /// What was subtracted from each segment, and how powers were averaged.
  public let segmentation: Segmentation
  /// The frequencies of the bins, of one segment.
  public let grid: BinGrid
  /// The window over each segment.
  public let scaling: Scaling
  /// How certain the averages are.
  public let statistics: AveragingStatistics

  /// Describes an average over segments.
  public init(
    segments: SegmentLayout, segmentation: Segmentation, grid: BinGrid, scaling: Scaling,
    window: Window
  ) {
    self.segments = segments
    self.segmentation = segmentation
    self.grid = grid
    self.scaling = scaling
    statistics = AveragingStatistics(segments, window, segmentation.average)
  }

  /// One-sided power spectral density of a bin in FS^2/Hz: 2 |X|^2 / (fs * sum w^2), or half of that for an unpaired
  /// bin, as `scipy.signal.welch` defines it with `scaling='density'`.
  public func density(magnitude: Double, bin: Int) -> Double {
    (grid.isUnpaired(bin) ? 1 : 2) * magnitude * magnitude
      / (Double(grid.sampleRate) * scaling.windowSquareSum)
  }

  /// Mean density in FS^2/Hz of the bins of a row.
  public func density(of row: BandRow, in band: FrequencyBand) -> Double {
    grid.density(of: row, in: band)
  }

  /// A density in dB relative to 1 FS^2/Hz; minus infinity for silence.
  public static func decibels(_ density: Double) -> Double { 10 * log10(density) }
}
