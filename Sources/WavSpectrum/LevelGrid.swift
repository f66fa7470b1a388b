// SPDX-License-Identifier: GPL-2.0-or-later

/// Levels over time and frequency: what a spectrogram shows.
///
/// Columns divide a range of time into equal parts, rows are the intervals between rising edges of
/// frequency. A cell has one level.
public struct LevelGrid: Sendable, Equatable {
  /// What a cell tells of the powers of all spectra and bins in it.
  public enum Reduction: String, Sendable, CaseIterable {
    /// The greatest: nothing short or narrow is lost.
    case maximum
    /// The mean.
    case mean
  }

  /// The covered time in seconds: from the left edge of the first column to the right edge of the last.
  public let times: ClosedRange<Double>
  /// Number of columns, at least 1.
  public let columnCount: Int
  /// The edges of the rows in Hz, rising, one more than there are rows.
  public let frequencyEdges: [Double]
  /// The levels in dBFS, minus infinity for silence: `levels[column * rowCount + row]`, row 0 with the
  /// lowest frequencies.
  public let levels: [Float]
  /// What the level of a cell is.
  public let reduction: Reduction

  /// Number of rows, at least 1.
  public var rowCount: Int { frequencyEdges.count - 1 }

  /// Combines levels and edges.
  ///
  /// Rows so narrow that they have no bin need a level, too: that of the nearest bin.
  ///
  /// - Precondition: There are columns, a positive time, at least two rising edges, and a level for each
  ///   cell.
  /// - Complexity: O(*r*) for *r* rows.
  public init(
    times: ClosedRange<Double>, columnCount: Int, frequencyEdges: [Double], levels: [Float],
    reduction: Reduction
  ) {
    precondition(columnCount > 0 && times.lowerBound < times.upperBound)
    precondition(frequencyEdges.count > 1 && frequencyEdges[0] >= 0)
    precondition(zip(frequencyEdges, frequencyEdges.dropFirst()).allSatisfy { $0 < $1 })
    precondition(levels.count == columnCount * (frequencyEdges.count - 1))
    self.times = times
    self.columnCount = columnCount
    self.frequencyEdges = frequencyEdges
    self.levels = levels
    self.reduction = reduction
  }

  /// The level of a cell in dBFS.
  public subscript(column column: Int, row row: Int) -> Float { levels[column * rowCount + row] }

  /// The edges of the columns in seconds.
  public var timeEdges: [Double] {
    let duration = times.upperBound - times.lowerBound
    return (0...columnCount).map {
      times.lowerBound + duration * Double($0) / Double(columnCount)
    }
  }
}
