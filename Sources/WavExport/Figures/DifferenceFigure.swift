// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// One column of a figure of two spectra.
public struct DifferenceColumn: Sendable {
  /// In Hz.
  public var frequency: Double
  /// Greatest level of the spectrum and of the reference, in dB.
  public var level: Double
  /// See ``level``.
  public var referenceLevel: Double
  /// Greatest difference in dB, with its sign.
  public var difference: Double
  /// Tolerance in dB; infinite without any.
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

/// Two spectra as an SVG figure: both curves, and below their difference with the tolerance band, places
/// beyond it marked.
public struct DifferenceFigure {
  private let columns: [DifferenceColumn]
  private let text: FigureText
  private let frequencies: FrequencyAxis
  private let levels: LevelAxis
  private let differences: LevelAxis

  private static let plot = (left: 84.0, right: 1176.0, top: 92.0, bottom: 396.0)
  private static let lower = (top: 430.0, bottom: 606.0)

  /// Prepares a figure of at least one column, from low to high frequencies.
  public init(_ columns: [DifferenceColumn], text: FigureText) {
    self.columns = columns.filter { $0.frequency > 0 }
    self.text = text
    let plot = Self.plot
    let low = self.columns.first?.frequency ?? 20
    let high = max(self.columns.last?.frequency ?? 20000, low * 1.01)
    frequencies = FrequencyAxis(low: low, high: high, span: plot.left...plot.right)
    levels = LevelAxis(
      self.columns.flatMap { [$0.level, $0.referenceLevel] }, bottom: plot.bottom, top: plot.top)
    // Twice the tolerance fits, and all differences up to 60 dB.
    let greatest = self.columns.map { abs($0.difference) }.filter(\.isFinite).max() ?? 0
    // Of a mask the least: its largest tolerance may be beyond everything.
    let tolerance = self.columns.map(\.tolerance).filter(\.isFinite).min() ?? 0
    let reach = min(max(1.15 * greatest, 2 * tolerance, 0.01), 60)
    differences = LevelAxis(
      low: -reach, high: reach, bottom: Self.lower.bottom, top: Self.lower.top)
  }

  /// The finished figure.
  public func document() -> FigureDocument {
    let middle = place((Self.plot.left + Self.plot.right) / 2)
    return FigureDocument(
      text, height: 690, left: Self.plot.left,
      [
        grid(),
        curve("reference", columns.map { ($0.frequency, $0.referenceLevel) }, levels),
        curve("curve", columns.map { ($0.frequency, $0.level) }, levels),
        legend(), band(),
        curve("curve", columns.map { ($0.frequency, $0.difference) }, differences),
        violations(), axes(),
        "<text class=\"middle unit\" x=\"\(middle)\" y=\"672\">Frequency in Hz</text>",
      ])
  }

  private func grid() -> String {
    let (plot, lower, x) = (Self.plot, Self.lower, frequencies)
    var path = ""
    for tick in x.ticks {
      let at = place(x.position(tick.frequency))
      path += "M\(at) \(place(plot.top))V\(place(plot.bottom))"
      path += "M\(at) \(place(lower.top))V\(place(lower.bottom))"
    }
    for (axis, ticks) in [(levels, levels.ticks), (differences, differences.ticks)] {
      for tick in ticks {
        path += "M\(place(plot.left)) \(place(axis.position(tick)))H\(place(plot.right))"
      }
    }
    return "<path class=\"rule\" d=\"\(path)\"/>"
  }

  private func axes() -> String {
    let (plot, lower) = (Self.plot, Self.lower)
    var lines: [String] = []
    for (top, bottom) in [(plot.top, plot.bottom), (lower.top, lower.bottom)] {
      lines.append(
        "<path class=\"axis\" d=\"M\(place(plot.left)) \(place(top))"
          + "V\(place(bottom))H\(place(plot.right))\"/>")
    }
    for tick in frequencies.ticks {
      let x = place(frequencies.position(tick.frequency))
      lines.append("<text class=\"middle\" x=\"\(x)\" y=\"628\">\(tick.label)</text>")
      if !tick.note.isEmpty {
        lines.append("<text class=\"middle note\" x=\"\(x)\" y=\"646\">\(tick.note)</text>")
      }
    }
    for (axis, ticks) in [(levels, levels.ticks), (differences, differences.ticks)] {
      for tick in ticks {
        let label = significant(tick, 6).replacingMinus()
        lines.append(
          "<text class=\"end\" x=\"76\" y=\"\(place(axis.position(tick) + 5))\">\(label)</text>")
      }
    }
    for (label, y) in [
      ("Level in dB", (plot.top + plot.bottom) / 2),
      ("Difference in dB", (lower.top + lower.bottom) / 2),
    ] {
      lines.append(
        "<text class=\"middle unit\" transform=\"translate(24 \(place(y))) rotate(-90)\">\(label)</text>"
      )
    }
    return lines.joined(separator: "\n")
  }

  /// Which curve is which, in the upper right corner.
  private func legend() -> String {
    let right = Self.plot.right
    return [("curve", "this", 110.0), ("reference", "reference", 130.0)].map { style, name, y in
      "<path class=\"\(style)\" d=\"M\(place(right - 120)) \(place(y))h28\"/>"
        + "<text x=\"\(place(right - 86))\" y=\"\(place(y + 5))\">\(name)</text>"
    }.joined(separator: "\n")
  }

  private func curve(
    _ style: String, _ points: [(frequency: Double, level: Double)], _ axis: LevelAxis
  ) -> String {
    var path = ""
    var isDrawing = false
    for point in points {
      guard !point.level.isNaN, point.level > -.infinity || axis.low < 0 && style == "curve" else {
        isDrawing = false
        continue
      }
      path +=
        "\(isDrawing ? "L" : "M")\(place(frequencies.position(point.frequency))) "
        + place(axis.position(point.level))
      isDrawing = true
    }
    return path.isEmpty ? "" : "<path class=\"\(style)\" d=\"\(path)\"/>"
  }

  /// The band of the tolerance around 0 dB.
  private func band() -> String {
    let within = columns.filter { $0.tolerance.isFinite }
    guard !within.isEmpty else { return "" }
    let upper = within.map {
      "\(place(frequencies.position($0.frequency))) \(place(differences.position($0.tolerance)))"
    }
    let under = within.reversed().map {
      "\(place(frequencies.position($0.frequency))) \(place(differences.position(-$0.tolerance)))"
    }
    return "<path class=\"tolerance\" d=\"M\((upper + under).joined(separator: "L"))Z\"/>"
  }

  /// A mark for each column beyond the tolerance.
  private func violations() -> String {
    let beyond = columns.filter { $0.isViolation && !$0.difference.isNaN }
    guard !beyond.isEmpty else { return "" }
    let zero = place(differences.position(0))
    let path = beyond.map {
      "M\(place(frequencies.position($0.frequency))) \(zero)"
        + "V\(place(differences.position($0.difference)))"
    }
    return "<path class=\"violation\" d=\"\(path.joined())\"/>"
  }
}
