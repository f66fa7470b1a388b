// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSystem

extension Comparison {
  /// The page of both curves and their difference, with the tolerance: the columns of the figure, with
  /// its title.
  ///
  /// - Throws: What encoding its description throws.
  public func page(_ choice: FigureChoice = FigureChoice()) throws -> PageDocument {
    // DC has no place on a logarithmic axis.
    let columns = columns.filter { $0.referenceFrequency > 0 }
    let frequencies = columns.map(\.referenceFrequency)
    let low = frequencies.first ?? 20
    let high = max(frequencies.last ?? 20000, low * 1.01)
    var description = PageDescription(
      .comparison, figureText, band: PageDescription.Band(lowHz: low, highHz: high),
      program: "wavfft \(programVersion)")
    description.a4Hz = a4
    description.use(choice)
    var arrays: [PageArray] = []
    func place(_ array: PageArray) -> Int {
      arrays.append(array)
      return arrays.count - 1
    }
    // Rows meet half-way between their bins.
    let middles = zip(frequencies, frequencies.dropFirst()).map { ($0 * $1).squareRoot() }
    let lows = place(PageArray([low] + middles))
    let highs = place(PageArray(middles + [high]))
    let frequency = place(PageArray(frequencies))
    func series(
      _ name: String, _ facts: SpectrumFacts, _ own: Int, _ level: (ColumnTotals) -> Double
    ) -> PageDescription.Series {
      var series = PageDescription.Series(
        name: printable(name),
        limitHz: facts.sampleRate.map { Double($0) / Double(2 * (facts.parts ?? 1)) } ?? high)
      series.sampleRate = facts.sampleRate
      series.rows = PageDescription.Rows(
        frequency: own, low: lows, high: highs,
        level: place(PageArray(columns.map { PageLevel.code(level($0)) })))
      return series
    }
    description.series = [
      series(curveNames.0, facts.spectrum, place(PageArray(columns.map(\.frequency))), \.level),
      series(curveNames.1, facts.reference, frequency, \.referenceLevel),
    ]
    description.comparison = PageDescription.Comparison(
      frequency: place(PageArray(columns.map(\.worstFrequency))),
      difference: place(PageArray(columns.map { PageLevel.code($0.difference) })),
      tolerance: place(
        PageArray(
          columns.map {
            PageLevel.code(
              tolerances.mask?.decibels(at: $0.worstFrequency)
                ?? tolerances.decibels ?? .infinity)
          })),
      violation: place(PageArray(columns.map(\.isViolation))),
      verdict: printable(verdictLine))
    description.facts =
      [
        ["This", printable(path)], ["Reference", printable(referencePath)],
        ["Verdict", isSame ? "the same" : "different"], ["Tolerance", tolerancesInWords],
        ["Rows", grouped(rowCount)],
        [
          "Largest difference",
          "\(significant(greatestDecibels, 4)) dB at \(inHertz(greatestFrequency))",
        ],
      ] + explanation.map { ["Explanation", printable($0)] }
    return try PageDocument(description, arrays)
  }

  /// What the curves are called: their files, or the reference as such if both have the same name.
  private var curveNames: (String, String) {
    let (name, reference) = (lastComponent(of: path), lastComponent(of: referencePath))
    return (name, name == reference ? "\(reference) (reference)" : reference)
  }
}

extension ColumnTotals {
  /// The frequency of the row with the greatest difference, in Hz.
  fileprivate var worstFrequency: Double {
    differenceFrequency > 0 ? differenceFrequency : referenceFrequency
  }
}
