// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A spectrum among several in one figure or table.
public struct OverlaidCurve: Sendable {
  /// Its name in the legend.
  public var name: String
  /// Its rows, from low to high frequencies.
  public var rows: [LevelRow]

  /// Describes a curve.
  public init(name: String, rows: [LevelRow]) {
    self.name = name
    self.rows = rows
  }
}

/// The figure of several spectra: a curve of each, and a legend above them.
public struct OverlayFigure {
  private let curves: [OverlaidCurve]
  private let text: FigureText
  private let levelTitle: String?
  private let frequencies: FrequencyAxis
  private let levels: LevelAxis

  /// The most curves whose lines a reader can tell apart.
  public static let mostCurves = Scene.LineRole.series.count

  private static let plot = Rectangle(left: 84, right: 1176, top: 92, bottom: 556)
  /// Rows that are nearer to each other are one point of a curve.
  private static let leastDistance = 1.0
  /// Rows at least this wide are drawn as steps.
  private static let leastStep = 4.0
  /// Space for a character of the legend, and for the line before it and the gap behind it.
  private static let legendSpace = (character: 8.0, entry: 62.0)

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - curves: The curves, at most ``mostCurves``.
  ///   - range: The frequencies of the axis, above 0.
  ///   - text: The texts; remarks are above the legend.
  ///   - a4: Frequency of the note A4 in Hz.
  ///   - levelTitle: The title of the axis of levels; nil for that of levels in dBFS.
  public init(
    _ curves: [OverlaidCurve], over range: ClosedRange<Double>, text: FigureText,
    a4: Double = 440, levelTitle: String? = nil
  ) {
    precondition(curves.count <= Self.mostCurves, "a line role for each curve")
    self.curves = curves
    self.text = text
    self.levelTitle = levelTitle
    let plot = Self.plot
    frequencies = FrequencyAxis(
      low: range.lowerBound, high: range.upperBound, span: plot.left...plot.right, a4: a4)
    let lines = text.remarks.count + Self.legendLines(curves)
    levels = LevelAxis(
      curves.flatMap { $0.rows.map(\.level) }, bottom: plot.bottom,
      top: plot.top + FigureText.remarkHeight * Double(lines))
  }

  /// The finished figure.
  public func scene() -> Scene {
    let plot = Self.plot
    return Scene(
      title: text.title, subtitle: text.subtitle, description: text.description, height: 640,
      panels: [Scene.Panel(frame: plot, vertical: levels.ticks(text.reference))],
      horizontal: frequencies.ticks,
      axisTitles: [
        .horizontalTitle("Frequency in Hz", below: plot),
        .verticalTitle(levelTitle ?? LevelAxis.title(text.reference), of: plot),
      ],
      // The first curve is above the others.
      layers: zip(Scene.LineRole.series, curves).map(curve).reversed(),
      overlay: [text.words(in: plot) + legend()])
  }

  /// A curve, interrupted where it is silent.
  private func curve(_ role: Scene.LineRole, _ curve: OverlaidCurve) -> [Scene.Element] {
    let lines = runs(of: curve.rows).map { run in
      // A single point would be invisible: it becomes a bar down to the axis.
      run.count == 1
        ? Scene.Line.vertical(x: run[0].x, from: run[0].y, to: Self.plot.bottom) : .through(run)
    }
    return lines.isEmpty ? [] : [.lines(role, lines)]
  }

  /// The points of each uninterrupted part of a curve: the strongest row of each column, and both ends of wide rows.
  private func runs(of rows: [LevelRow]) -> [[Point]] {
    var runs: [[Point]] = []
    var run: [Point] = []
    for row in rows {
      guard row.level > -.infinity else {
        if !run.isEmpty { runs.append(run) }
        run = []
        continue
      }
      let y = levels.position(row.level)
      let (left, right) = (
        frequencies.position(row.edges.lowerBound), frequencies.position(row.edges.upperBound)
      )
      let x = frequencies.position(row.frequency)
      if right - left >= Self.leastStep {
        run += [Point(left, y), Point(right, y)]
      } else if let last = run.last, x - last.x < Self.leastDistance {
        if y < last.y { run[run.count - 1].y = y }
      } else {
        run.append(Point(x, y))
      }
    }
    return run.isEmpty ? runs : runs + [run]
  }

  /// The width of an entry of the legend: that of the longest name.
  private static func entryWidth(_ curves: [OverlaidCurve]) -> Double {
    let longest = curves.map { cellCount($0.name) }.max() ?? 0
    return legendSpace.character * Double(longest) + legendSpace.entry
  }

  private static func entriesPerLine(_ curves: [OverlaidCurve]) -> Int {
    max(1, Int(plot.width / entryWidth(curves)))
  }

  private static func legendLines(_ curves: [OverlaidCurve]) -> Int {
    let count = entriesPerLine(curves)
    return (curves.count + count - 1) / count
  }

  /// The names, in lines above the curves.
  private func legend() -> [Scene.Element] {
    let count = Self.entriesPerLine(curves)
    let top = Self.plot.top + 12 + FigureText.remarkHeight * Double(text.remarks.count)
    let width = Self.entryWidth(curves)
    return zip(Scene.LineRole.series, curves).enumerated().map { index, entry in
      let (line, place) = index.quotientAndRemainder(dividingBy: count)
      return .legend(
        entry.0, entry.1.name,
        at: Point(
          Self.plot.left + 14 + width * Double(place),
          top + FigureText.remarkHeight * Double(line)))
    }
  }
}
