// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// The levels of the columns of a plot over a frequency axis.
struct TerminalColumns {
  /// The level of each column from left to right; minus infinity where nothing is.
  private(set) var levels: [Double]

  /// Gives each column the greatest level in it.
  ///
  /// Rows at least as wide as a column reach from edge to edge. Between rows with nothing between them, because the
  /// bins are far apart, levels rise and fall evenly, as the lines of figures do.
  init(
    _ rows: [LevelRow], over range: ClosedRange<Double>, _ spacing: FrequencySpacing, count: Int,
    areBars: Bool
  ) {
    levels = [Double](repeating: -.infinity, count: count)
    let axis = FrequencyAxis(
      low: range.lowerBound, high: range.upperBound, span: 0...Double(count), spacing: spacing)
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

/// An axis of levels whose rows are a round number of decibels, or of amplitudes, apart.
struct TerminalLevelAxis {
  /// What the uppermost row shows at its middle: a level, or an amplitude.
  let high: Double
  /// From row to row.
  let step: Double
  /// Number of rows.
  let rowCount: Int
  /// From label to label, a whole number of rows.
  private let labelStep: Double
  private let scale: LevelScale

  private static let mostRows = 14

  /// Chooses the range of a figure (``LevelAxis``), and about twelve rows for it.
  init(_ levels: [Double], _ choice: FigureChoice = FigureChoice()) {
    scale = choice.scale
    switch choice.scale {
    case .decibels:
      let axis = LevelAxis(levels, choice, bottom: 0, top: 0)
      let range = axis.high - axis.low
      let steps = [1.0, 2, 5, 10, 20]
      let most = [12.0, 24, 60, 130, 280]
      step =
        zip(steps, most).first { range <= $1 }?.0
        ?? EvenSteps(0, range, most: Self.mostRows).step
      labelStep = 2 * step
      high = (axis.high / step).rounded(.up) * step
      rowCount = Int(((high - axis.low) / step).rounded(.up)) + 1
    case .amplitude:
      let greatest = pow(10, (levels.filter(\.isFinite).max() ?? 0) / 20)
      labelStep = EvenSteps(0, greatest, most: Self.mostRows / 2).step
      let rowsPerLabel = (Double(Self.mostRows) * labelStep / greatest).rounded(.down)
      step = labelStep / rowsPerLabel
      // The line of the axis is 0, and one step below the middle of the lowest row.
      rowCount = max(1, Int((greatest / step - 0.5).rounded(.up)))
      high = Double(rowCount) * step
    }
  }

  /// The label of each row from top to bottom: at round levels or amplitudes, empty for all others.
  var labels: [String] {
    (0..<rowCount).map { row in
      let value = high - step * Double(row)
      guard abs(value.remainder(dividingBy: labelStep)) < step / 2 else { return "" }
      return scale == .amplitude ? significant(value, 3) : fixed(value, 0)
    }
  }

  /// The label of the line below all rows; empty if it is at no value.
  var lineLabel: String { scale == .amplitude ? "0" : "" }

  /// The height of a level in dots from the bottom of the lowest row; none for silence.
  ///
  /// A level below the axis has one dot.
  func height(of level: Double, in dotsPerRow: Int) -> Int {
    guard level > -.infinity else { return 0 }
    let value = scale == .amplitude ? pow(10, level / 20) : level
    let bottom = high - step * (Double(rowCount) - 0.5)
    let top = scale == .amplitude ? high + step / 2 : high
    let dots = (min(value, top) - bottom) / step * Double(dotsPerRow)
    return max(1, Int(dots.rounded()))
  }
}
