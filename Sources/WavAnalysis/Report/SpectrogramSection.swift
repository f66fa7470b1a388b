// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension ReportDocument {
  /// The cells of a spectrogram: what the columns and rows of its tables and of its figure are.
  public struct Spectrogram: Codable, Sendable {
    package var columns: Int
    package var rows: Int
    /// The middle of the first column, in seconds from the beginning of the file.
    package var firstTimeS: Double
    package var secondsPerColumn: Double
    package var segmentsPerColumn: Int
    package var lowHz: Double
    package var highHz: Double
    /// `log` or `linear`, as on the command line.
    package var axis: String
    /// `max` or `mean`, as on the command line.
    package var reduction: String

    init(_ grid: LevelGrid, segmentsPerColumn: Int, _ spacing: FrequencySpacing) {
      (columns, rows) = (grid.columnCount, grid.rowCount)
      secondsPerColumn = grid.secondsPerColumn
      firstTimeS = grid.times.lowerBound + secondsPerColumn / 2
      self.segmentsPerColumn = segmentsPerColumn
      (lowHz, highHz) = (grid.frequencyEdges[0], grid.frequencyEdges[grid.rowCount])
      axis = spacing == .linear ? "linear" : "log"
      reduction = grid.reduction == .maximum ? "max" : "mean"
    }
  }
}

extension LevelGrid {
  /// The time that a column covers, in seconds.
  var secondsPerColumn: Double { (times.upperBound - times.lowerBound) / Double(columnCount) }
}
