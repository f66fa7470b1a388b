// SPDX-License-Identifier: GPL-2.0-or-later

/// The levels of the columns of a plot over a logarithmic frequency axis.
struct TerminalColumns {
  /// The level of each column from left to right; minus infinity where nothing is.
  private(set) var levels: [Double]

  /// Gives each column the greatest level in it.
  ///
  /// Rows at least as wide as a column reach from edge to edge. Between rows with nothing between them, because the
  /// bins are far apart, levels rise and fall evenly, as the lines of figures do.
  init(
    _ rows: [LevelRow], over range: ClosedRange<Double>, count: Int, areBars: Bool
  ) {
    levels = [Double](repeating: -.infinity, count: count)
    let axis = FrequencyAxis(
      low: range.lowerBound, high: range.upperBound, span: 0...Double(count))
    func column(_ position: Double) -> Int { min(Int(position), count - 1) }
    var last: (column: Int, level: Double)?
    for row in rows {
      let (left, right) = (axis.position(row.edges.lowerBound), axis.position(row.edges.upperBound))
      let middle = column(axis.position(row.frequency))
      var columns = middle...middle
      if right - left >= 1 {
        // A column belongs to the row that its middle is in.
        let (first, end) = (Int((left - 0.5).rounded(.up)), Int((right - 0.5).rounded(.up)))
        // Bars have a gap between them, if they are wide enough.
        let isNarrower = areBars && end - first >= 3
        columns = min(first, middle)...max(min(end, count) - (isNarrower ? 2 : 1), middle)
      }
      if let last, !areBars, columns.lowerBound > last.column + 1 {
        connect(last, (columns.lowerBound, row.level))
      }
      for column in columns { levels[column] = max(levels[column], row.level) }
      last = (columns.upperBound, row.level)
    }
  }

  private mutating func connect(
    _ start: (column: Int, level: Double), _ end: (column: Int, level: Double)
  ) {
    guard start.level > -.infinity, end.level > -.infinity else { return }
    for column in start.column + 1..<end.column {
      let share = Double(column - start.column) / Double(end.column - start.column)
      levels[column] = start.level + share * (end.level - start.level)
    }
  }
}

/// An axis of levels whose rows are a round number of decibels apart.
struct TerminalLevelAxis {
  /// The level of the uppermost row, at its middle.
  let high: Double
  /// Decibels from row to row.
  let step: Double
  /// Number of rows.
  let rowCount: Int

  /// Chooses the range of a figure (``LevelAxis``), and about twelve rows for it.
  init(_ levels: [Double]) {
    let axis = LevelAxis(levels, bottom: 0, top: 0)
    let range = axis.high - axis.low
    step = range <= 60 ? 5 : range <= 130 ? 10 : 20
    high = (axis.high / step).rounded(.up) * step
    rowCount = Int(((high - axis.low) / step).rounded(.up)) + 1
  }

  /// The label of each row from top to bottom: of every other one, at round levels.
  var labels: [String] {
    (0..<rowCount).map { row in
      let level = high - step * Double(row)
      return level.remainder(dividingBy: 2 * step) == 0 ? fixed(level, 0) : ""
    }
  }

  /// The height of a level in dots from the bottom of the lowest row; none for silence.
  ///
  /// A level below the axis has one dot.
  func height(of level: Double, in dotsPerRow: Int) -> Int {
    guard level > -.infinity else { return 0 }
    let bottom = high - step * (Double(rowCount) - 0.5)
    let dots = (min(level, high) - bottom) / step * Double(dotsPerRow)
    return max(1, Int(dots.rounded()))
  }
}
