// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

extension Comparison {
  /// Whether spectra that differ are the same if a constant difference of levels is ignored.
  static func isGain(
    _ results: ComparisonResults, _ powers: BandPowers?, _ alignment: Alignment,
    _ tolerances: Tolerances, _ workers: Int
  ) throws -> Bool {
    let totals = results.totals
    let isWithin =
      totals.within == totals.rows
      // Rows that may differ by chance do not show a small gain; powers do.
      && !(alignment.chance != nil
        && powers?.differences(tolerances, offset: 0).contains(where: \.isViolation) ?? false)
    guard let limit = tolerances.decibels, !tolerances.ignoresOffset, !isWithin,
      let offset = totals.offset, abs(offset) > limit / 2
    else { return false }
    // If the columns exclude that, the rows need not be compared again.
    let isPossible =
      alignment.chance != nil
      || results.columns.allSatisfy {
        $0.rows == 0 || max($0.level, $0.referenceLevel) < tolerances.floor + 6
          || abs($0.level - $0.referenceLevel - offset) <= limit
      }
    guard isPossible else { return false }
    let rest = try ComparisonResults.of(
      alignment, tolerances, offset: offset, workers: workers
    ).totals
    let bands = powers?.differences(tolerances, offset: offset) ?? []
    return rest.within == rest.rows && !bands.contains(where: \.isViolation)
  }
}

extension BlockTotals {
  /// The best-fitting difference of levels in dB.
  var offset: Double? {
    guard products > 0, referenceSquares > 0 else { return nil }
    let offset = 20 * log10(products / referenceSquares)
    return offset.isFinite ? offset : nil
  }
}
