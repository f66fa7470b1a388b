// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// How far the rows of two spectra that were averaged over segments may differ by chance.
///
/// An averaged power of Gaussian noise with nu degrees of freedom has a logarithm with the variance psi'(nu / 2), about
/// 1 / k + 1 / (2 k^2) + 1 / (6 k^3) for k = nu / 2. A row that is stronger than the noise around it by the factor 1 + s
/// varies less: a line in noise has (1 + 2 s) / (1 + s)^2 of that variance. Neighbouring segments agree more in what the
/// noise does to a line than in its power, which the factor 3 instead of 2 allows for.
struct RowChance {
  /// The allowed difference of each row in dB.
  let decibels: [Double]

  /// Standard deviations of a difference that are allowed: there are thousands of rows.
  private static let deviations = 6.0
  /// Rows on either side, among which the noise is the median.
  private static let reach = 32

  /// The chance of each row.
  ///
  /// - Parameters:
  ///   - levels: Levels of the two in dBFS, row by row.
  ///   - degreesOfFreedom: Those of the two.
  /// - Complexity: O(n) for n rows.
  init(
    _ levels: (spectrum: [Double], reference: [Double]),
    degreesOfFreedom: (spectrum: Double, reference: Double)
  ) {
    let variance =
      Self.variance(degreesOfFreedom.spectrum) + Self.variance(degreesOfFreedom.reference)
    let noise = (Self.medians(levels.spectrum), Self.medians(levels.reference))
    decibels = levels.reference.indices.map { row in
      let level = min(levels.spectrum[row], levels.reference[row])
      let excess = level - max(noise.0[row], noise.1[row])
      // Above silence there is no noise.
      let ratio = excess.isNaN ? 0 : max(0, pow(10, excess / 10) - 1)
      guard ratio < .infinity else { return 0 }
      let share = (1 + 3 * ratio) / ((1 + ratio) * (1 + ratio))
      return Self.deviations * 10 / log(10) * (variance * share).squareRoot()
    }
  }

  /// Variance of the natural logarithm of an averaged power.
  private static func variance(_ degreesOfFreedom: Double) -> Double {
    let k = degreesOfFreedom / 2
    return 1 / k + 1 / (2 * k * k) + 1 / (6 * k * k * k)
  }

  /// The median of the levels around each row, computed for every eighth.
  private static func medians(_ levels: [Double]) -> [Double] {
    var median = -Double.infinity
    return levels.indices.map { row in
      if row % 8 == 0 {
        let around = levels[max(0, row + 4 - reach)..<min(levels.count, row + 4 + reach)].sorted()
        median = around[around.count / 2]
      }
      return median
    }
  }
}

extension Alignment {
  /// What rows may differ by chance, if both were averaged over segments and are compared row by row; otherwise nil.
  ///
  /// - Throws: ``ComparisonError`` when a file contains text that is not a number.
  static func chance(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum
  ) throws(ComparisonError) -> RowChance? {
    guard let own = spectrum.facts.degreesOfFreedom, let other = reference.facts.degreesOfFreedom,
      spectrum.rows.count == reference.rows.count
    else { return nil }
    return RowChance(
      (try StoredRows(spectrum.rows).level, try StoredRows(reference.rows).level),
      degreesOfFreedom: (own, other))
  }
}
