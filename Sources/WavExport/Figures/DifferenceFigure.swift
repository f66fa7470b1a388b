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
  private let frequencies: FrequencyAxis
  private let levels: LevelAxis
  private let differences: LevelAxis

  private static let plot = Rectangle(left: 84, right: 1176, top: 92, bottom: 396)
  private static let lower = Rectangle(left: 84, right: 1176, top: 430, bottom: 606)

  /// Prepares a figure of at least one column; columns go from low to high frequencies.
  public init(_ columns: [DifferenceColumn], text: FigureText) {
    self.columns = columns.filter { $0.frequency > 0 }
    self.text = text
    let plot = Self.plot
    let low = self.columns.first?.frequency ?? 20
    let high = max(self.columns.last?.frequency ?? 20000, low * 1.01)
    frequencies = FrequencyAxis(low: low, high: high, span: plot.left...plot.right)
    levels = LevelAxis(
      self.columns.flatMap { [$0.level, $0.referenceLevel] }, bottom: plot.bottom, top: plot.top)
    // The axis shows twice the tolerance, and all differences up to 60 dB.
    let greatest = self.columns.map { abs($0.difference) }.filter(\.isFinite).max() ?? 0
    // For a mask its least tolerance: the largest may be off the axis.
    let tolerance = self.columns.map(\.tolerance).filter(\.isFinite).min() ?? 0
    let reach = min(max(1.15 * greatest, 2 * tolerance, 0.01), 60)
    differences = LevelAxis(
      low: -reach, high: reach, bottom: Self.lower.bottom, top: Self.lower.top)
  }

  /// The finished figure.
  public func scene() -> Scene {
    func ticks(_ axis: LevelAxis) -> [Scene.Tick] { axis.ticks(nil) { significant($0, 6) } }
    return Scene(
      title: text.title, subtitle: text.subtitle, description: text.description, height: 690,
      panels: [
        Scene.Panel(frame: Self.plot, vertical: ticks(levels)),
        Scene.Panel(frame: Self.lower, vertical: ticks(differences)),
      ],
      horizontal: frequencies.ticks,
      axisTitles: [
        .verticalTitle("Level in dB", of: Self.plot),
        .verticalTitle("Difference in dB", of: Self.lower),
        .horizontalTitle("Frequency in Hz", below: Self.lower),
      ],
      layers: [
        curve(.reference, columns.map { ($0.frequency, $0.referenceLevel) }, levels),
        curve(.curve, columns.map { ($0.frequency, $0.level) }, levels),
        legend(), band(),
        curve(.curve, columns.map { ($0.frequency, $0.difference) }, differences),
        violations(),
      ], overlay: [])
  }

  /// The legend of the two curves, in the upper right corner.
  private func legend() -> [Scene.Element] {
    let left = Self.plot.right - 120
    return [
      .legend(.curve, "this", at: Point(left, 110)),
      .legend(.reference, "reference", at: Point(left, 130)),
    ]
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
}
