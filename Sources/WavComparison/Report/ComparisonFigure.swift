// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSystem

extension Comparison {
  /// The figure of both curves and their difference, with the tolerance.
  public func figure(_ choice: FigureChoice = FigureChoice()) -> Scene {
    // Levels off the axis are drawn at its end.
    func clamped(_ level: Double) -> Double { level.isFinite ? min(max(level, -1e4), 1e4) : level }
    let columns = columns.map { column in
      DifferenceColumn(
        frequency: column.referenceFrequency, level: clamped(column.level),
        referenceLevel: clamped(column.referenceLevel), difference: clamped(column.difference),
        tolerance: tolerances.mask?.decibels(at: column.differenceFrequency)
          ?? tolerances.decibels ?? .infinity, isViolation: column.isViolation)
    }
    return DifferenceFigure(columns, text: figureText, a4: a4, choice: choice).scene()
  }

  /// The texts of figure and page.
  var figureText: FigureText {
    let (name, reference) = (lastComponent(of: path), lastComponent(of: referencePath))
    let verdict = isSame ? "the same" : "different"
    let title =
      name == reference ? "\(name) and its reference" : "\(name) and its reference \(reference)"
    return FigureText(
      title: title,
      subtitle: "\(verdict), tolerance \(tolerancesInWords); largest difference "
        + "\(significant(greatestDecibels, 3)) dB at \(inHertz(greatestFrequency))",
      description: ([verdictLine] + explanation).joined(separator: ". ") + ".")
  }
}
