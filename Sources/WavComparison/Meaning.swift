// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSystem

/// Whether a comparison can fail at all: a verdict "same" must rest on something.
extension Comparison {
  /// Refuses tolerances under which silence would be the same as the spectrum.
  ///
  /// Such tolerances result from a floor without its minus sign, a mask with infinite tolerances,
  /// or a share of the rows that silent rows reach alone.
  ///
  /// - Throws: ``ComparisonError`` of the kind `incomparable`.
  func requireMeaning() throws(ComparisonError) {
    let isReferenceAudible = totals.greatestReferenceLevel > Tolerances.standardFloor
    let isAudible = totals.greatestLevel > Tolerances.standardFloor
    let blind: (path: String, level: Double)
    if isReferenceAudible, !wouldNoticeSilence {
      blind = (referencePath, totals.greatestReferenceLevel)
    } else if !isReferenceAudible, isAudible,
      !wouldNoticeSilentReference
    {
      blind = (path, totals.greatestLevel)
    } else {
      return
    }
    let start: Sentence = "cannot compare \(path) with \(referencePath): "
    guard blind.level <= tolerances.floor else {
      throw ComparisonError(
        .incomparable,
        start + "under these tolerances (\(tolerancesInWords)) silence would be the same as "
          + "\(blind.path); narrow them")
    }
    throw ComparisonError(
      .incomparable,
      start + "the floor, \(significant(tolerances.floor, 6)) dB (\(.floor)), is above all of "
        + "\(blind.path), whose strongest row has \(significant(blind.level, 4)) dB; choose a lower one, such "
        + "as -120")
  }

  private var limitsPeaks: Bool {
    tolerances.peakHertz != nil || tolerances.peakDecibels != nil
  }

  private func limitsRows(within rows: Int) -> Bool {
    tolerances.limitsRows
      && Double(rows) / Double(max(totals.rows, 1)) < tolerances.leastShareWithin
  }

  /// Whether any condition would fail if the spectrum were silent.
  private var wouldNoticeSilence: Bool {
    limitsRows(within: totals.withinOfSilence)
      // Everything is missing: a distance of 1.
      || (tolerances.relativeL2.map { $0 < 1 } ?? false)
      || bands.contains(where: \.noticesSilence)
      || limitsPeaks && peaks.contains { $0.reference.level > tolerances.floor }
  }

  /// The same for a silent reference: whether the two can be told apart does not depend on their order.
  private var wouldNoticeSilentReference: Bool {
    limitsRows(within: totals.withinOfSilentReference)
      || (tolerances.relativeL2.map { $0 < 1 } ?? false)
      || bands.contains(where: \.noticesSilentReference)
      || limitsPeaks && totals.greatestLevel > tolerances.floor
  }
}
