// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Plots as lines of text: pure functions from values to text.
///
/// The axes take exactly the width, and no line is wider.
public struct TerminalPlot: Sendable {
  /// Width in cells.
  public let width: Int
  /// The characters that may be used.
  public let characters: TerminalCharacters

  /// The widths of plots.
  public static let widths = 40...200

  /// Plots of a width, or of the nearest possible one.
  public init(width: Int, characters: TerminalCharacters) {
    self.width = min(max(width, Self.widths.lowerBound), Self.widths.upperBound)
    self.characters = characters
  }

  /// The greatest level of each column over a frequency axis, filled below.
  ///
  /// - Parameters:
  ///   - rows: The rows from low to high frequencies.
  ///   - range: The frequencies of the axis, above 0.
  ///   - unit: What levels are in, above their axis.
  ///   - areBars: Whether rows are separate bars, instead of points of a curve.
  ///   - choice: The axes.
  /// - Returns: The lines from top to bottom; none if all is silent.
  public func levels(
    _ rows: [LevelRow], over range: ClosedRange<Double>, unit: String, areBars: Bool = false,
    choice: FigureChoice = FigureChoice()
  ) -> [String] {
    func columns(beside margin: Int) -> TerminalColumns {
      TerminalColumns(
        rows, over: range, choice.spacing, count: (width - margin) * characters.across,
        areBars: areBars)
    }
    // Labels have mostly four characters.
    let rough = columns(beside: 5).levels
    guard rough.contains(where: \.isFinite) else { return [] }
    let axis = TerminalLevelAxis(rough, choice)
    let unit = choice.scale == .amplitude ? "FS" : unit
    let margin = (axis.labels.map(\.count).max() ?? 0) + 1
    let heights = columns(beside: margin).levels.map { axis.height(of: $0, in: characters.down) }
    let plot = axis.labels.enumerated().map { row, label in
      let below = (axis.rowCount - 1 - row) * characters.down
      let cells = stride(from: 0, to: heights.count, by: characters.across).map { first in
        characters.cell(
          heights[first..<first + characters.across].map {
            min(max($0 - below, 0), characters.down)
          })
      }
      return beside(label, margin, String(cells))
    }
    let ticks = frequencyTicks(range, choice.spacing, columns: width - margin)
    return [rightAligned([unit], [margin - 1])] + plot
      + horizontalAxis(ticks, margin, label: axis.lineLabel, unit: "Hz")
  }

  /// A line of a plot: a label at the left, the axis, and the cells.
  func beside(_ label: String, _ margin: Int, _ cells: String) -> String {
    let axis = characters.upright
    let mark = label.isEmpty ? axis.line : axis.tick
    return withoutSpacesBehind(
      String(repeating: " ", count: margin - 1 - label.count) + label + String(mark) + cells)
  }

  /// The horizontal axis below a plot, and its labels; of labels that would touch the first ones are kept.
  ///
  /// `label` is what the upright axis shows at the line.
  func horizontalAxis(
    _ ticks: [(column: Int, label: String)], _ margin: Int, label: String = "", unit: String
  ) -> [String] {
    let axis = characters.level
    var line = [Character](repeating: axis.line, count: width - margin)
    var labels = [Character](repeating: " ", count: width)
    /// Writes a text with a space on each side, if there is room.
    func place(_ text: String, from start: Int) -> Bool {
      guard start >= 0, start + text.count <= width,
        labels[max(0, start - 1)..<min(width, start + text.count + 1)].allSatisfy({ $0 == " " })
      else { return false }
      labels.replaceSubrange(start..<start + text.count, with: text)
      return true
    }
    for tick in ticks
    where place(tick.label, from: margin + tick.column - (tick.label.count - 1) / 2) {
      line[tick.column] = axis.tick
    }
    _ = place(unit, from: width - unit.count)
    return [
      String(repeating: " ", count: margin - 1 - label.count) + label + String(axis.corner)
        + String(line),
      withoutSpacesBehind(String(labels)),
    ]
  }

  /// Ticks at powers of ten, then at 2 and 5 times these; at even distances on a linear axis, or if the range is too
  /// narrow for them.
  private func frequencyTicks(
    _ range: ClosedRange<Double>, _ spacing: FrequencySpacing, columns: Int
  ) -> [(column: Int, label: String)] {
    let (low, high) = (range.lowerBound, range.upperBound)
    let axis = FrequencyAxis(low: low, high: high, span: 0...Double(columns), spacing: spacing)
    func tick(_ frequency: Double, _ label: String) -> (column: Int, label: String) {
      (min(Int(axis.position(frequency)), columns - 1), label)
    }
    let powers = (-12...12).map { Double("1e\($0)") ?? .nan }
    let round = [1.0, 2, 5].flatMap { digit in powers.map { digit * $0 } }
      .filter { $0 >= low && $0 <= high }
    guard spacing == .logarithmic, round.count >= 3 else {
      return EvenSteps(low, high, most: max(2, columns / 14)).labelled.filter { $0 > 0 }
        .map { tick($0, significant($0, 8)) }
    }
    return round.map { tick($0, shortFrequency($0)) }
  }
}

/// A round frequency in Hz with a prefix: `500`, `1k`, `20k`.
private func shortFrequency(_ frequency: Double) -> String {
  frequency >= 1e6
    ? significant(frequency / 1e6, 3) + "M"
    : frequency >= 1e3 ? significant(frequency / 1e3, 3) + "k" : significant(frequency, 3)
}
