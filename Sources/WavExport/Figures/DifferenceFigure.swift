// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// One column of a figure of two spectra.
public struct DifferenceColumn: Sendable {
  /// Frequency in Hz.
  public var frequency: Double
  /// Greatest level of the spectrum, in dB.
  public var level: Double
  /// Greatest level of the reference, in dB.
  public var referenceLevel: Double
  /// Greatest difference in dB, with its sign.
  public var difference: Double
  /// Tolerance in dB; infinite if there is none.
  public var tolerance: Double
  /// Whether the difference violates the tolerances.
  public var isViolation: Bool

  /// Describes a column.
  public init(
    frequency: Double, level: Double, referenceLevel: Double, difference: Double, tolerance: Double,
    isViolation: Bool
  ) {
    self.frequency = frequency
    self.level = level
    self.referenceLevel = referenceLevel
    self.difference = difference
    self.tolerance = tolerance
    self.isViolation = isViolation
  }
}

/// The figure of two spectra: both curves, and below them their difference with the tolerance band
/// and marks at violations.
public struct DifferenceFigure {
  private let columns: [DifferenceColumn]
  private let text: FigureText
  private let choice: FigureChoice
  private let layout: FigureLayout
  private let plot: Rectangle
  private let lower: Rectangle
  private let frequencies: FrequencyAxis
  private let levels: LevelAxis
  private let differences: LevelAxis
  /// Half the range of the axis of differences, in dB.
  private let reach: Double

  /// The axis shows differences up to this, in dB; marks at its ends stand for greater ones.
  private static let mostReach = 60.0
  /// Least distance of two of these marks.
  private static let leastDistance = 7.0
  /// Height of the gap of the gap between the panels, and the share of the upper one.
  private static let gap = 34.0
  private static let upperShare = 0.633

  /// Prepares a figure of at least one column; columns go from low to high frequencies.
  public init(
    _ columns: [DifferenceColumn], text: FigureText, a4: Double = 440,
    choice: FigureChoice = FigureChoice()
  ) {
    self.columns = columns.filter { $0.frequency > 0 }
    // The axis shows twice the tolerance, and all differences up to 60 dB.
    let greatest = self.columns.map { abs($0.difference) }.filter(\.isFinite).max() ?? 0
    // For a mask its least tolerance: the largest may be off the axis.
    let tolerance = self.columns.map(\.tolerance).filter(\.isFinite).min() ?? 0
    reach = min(max(1.15 * greatest, 2 * tolerance, 0.01), Self.mostReach)
    var text = text
    if self.columns.contains(where: { [reach] in abs($0.difference) > reach }) {
      text.remarks.append(
        "Triangles at the edge stand for differences beyond \(significant(reach, 3)) dB")
    }
    self.text = text
    self.choice = choice
    var parts = FigureLayout.Parts()
    parts.legend = [
      FigureLayout.LegendEntry(role: .curve, name: "this"),
      FigureLayout.LegendEntry(role: .reference, name: "reference"),
    ]
    parts.usualHeight = 690
    layout = FigureLayout(text, choice, parts)
    let whole = layout.plot
    let upperHeight = Self.upperShare * (whole.height - Self.gap)
    plot = Rectangle(
      left: whole.left, right: whole.right, top: whole.top, bottom: whole.top + upperHeight)
    lower = Rectangle(
      left: whole.left, right: whole.right, top: plot.bottom + Self.gap, bottom: whole.bottom)
    let low = self.columns.first?.frequency ?? 20
    let high = max(self.columns.last?.frequency ?? 20000, low * 1.01)
    frequencies = FrequencyAxis(
      low: low, high: high, span: plot.left...plot.right, spacing: choice.spacing,
      a4: a4)
    levels = LevelAxis(
      self.columns.flatMap { [$0.level, $0.referenceLevel] }, choice, bottom: plot.bottom,
      top: plot.top)
    differences = LevelAxis(
      low: -reach, high: reach, bottom: lower.bottom, top: lower.top)
  }

  /// The finished figure.
  public func scene() -> Scene {
    func ticks(_ axis: LevelAxis) -> [Scene.Tick] { axis.ticks(nil) { significant($0, 6) } }
    let levelTitle = choice.scale == .amplitude ? "Amplitude" : "Level in dB"
    return layout.scene(
      panels: [
        Scene.Panel(frame: plot, vertical: ticks(levels)),
        Scene.Panel(frame: lower, vertical: ticks(differences)),
      ],
      horizontal: frequencies.ticks,
      axisTitles: [
        .verticalTitle(levelTitle, of: plot),
        .verticalTitle("Difference in dB", of: lower),
        .horizontalTitle("Frequency in Hz", below: lower),
      ],
      layers: [
        curve(.reference, columns.map { ($0.frequency, $0.referenceLevel) }, levels),
        curve(.curve, columns.map { ($0.frequency, $0.level) }, levels),
        band(),
        curve(.curve, columns.map { ($0.frequency, $0.difference) }, differences),
        violations(), beyond(),
      ])
  }

  private func curve(
    _ role: Scene.LineRole, _ values: [(frequency: Double, level: Double)], _ axis: LevelAxis
  ) -> [Scene.Element] {
    var runs: [[Point]] = [[]]
    for value in values {
      guard !value.level.isNaN, value.level > -.infinity || axis.low < 0 && role == .curve else {
        runs.append([])
        continue
      }
      runs[runs.count - 1].append(
        Point(frequencies.position(value.frequency), axis.position(value.level)))
    }
    let lines = runs.filter { !$0.isEmpty }.map(Scene.Line.through)
    return lines.isEmpty ? [] : [.lines(role, lines)]
  }

  /// The band of the tolerance around 0 dB.
  private func band() -> [Scene.Element] {
    let within = columns.filter { $0.tolerance.isFinite }
    guard !within.isEmpty else { return [] }
    let upper = within.map {
      Point(frequencies.position($0.frequency), differences.position($0.tolerance))
    }
    let under = within.reversed().map {
      Point(frequencies.position($0.frequency), differences.position(-$0.tolerance))
    }
    return [.areas(.tolerance, [upper + under])]
  }

  /// A mark for each column beyond the tolerance.
  private func violations() -> [Scene.Element] {
    let beyond = columns.filter { $0.isViolation && !$0.difference.isNaN }
    guard !beyond.isEmpty else { return [] }
    let marks = beyond.map {
      Scene.Line.vertical(
        x: frequencies.position($0.frequency), from: differences.position(0),
        to: differences.position($0.difference))
    }
    return [.lines(.violation, marks)]
  }

  /// A mark outside of the panel for each difference that is off the axis, or for several where they are close.
  private func beyond() -> [Scene.Element] {
    let (width, height, gap) = (4.0, 7.0, 2.0)
    let triangles = [1.0, -1].flatMap { sign in
      let edge = sign > 0 ? lower.top - gap : lower.bottom + gap
      return columns.filter { sign * $0.difference > reach }
        .map { frequencies.position($0.frequency) }
        .reduce(into: [Double]()) { kept, x in
          if let last = kept.last, x - last < Self.leastDistance { return }
          kept.append(x)
        }
        .map { x in
          [Point(x - width, edge), Point(x, edge - sign * height), Point(x + width, edge)]
        }
    }
    return triangles.isEmpty ? [] : [.areas(.beyond, triangles)]
  }
}
