// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport

/// Whether a comparison can fail at all: nothing is the same on the strength of nothing.
extension Comparison {
  /// Refuses tolerances under which silence would be the same as what is there.
  ///
  /// A forgotten minus of the floor does that, a mask of tolerances without end, or a share of the rows
  /// that the silent ones make up.
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

  /// Whether any condition would not hold if the spectrum were silent.
  private var wouldNoticeSilence: Bool {
    limitsRows(within: totals.withinOfSilence)
      // All of it is missing: a distance of 1.
      || (tolerances.relativeL2.map { $0 < 1 } ?? false)
      || bands.contains(where: \.noticesSilence)
      || limitsPeaks && peaks.contains { $0.reference.level > tolerances.floor }
  }

  /// Whether any condition does not hold because the reference is silent.
  private var wouldNoticeSilentReference: Bool {
    limitsRows(within: totals.withinOfSilentReference) || tolerances.relativeL2 != nil
      || bands.contains(where: \.noticesSilentReference)
      || limitsPeaks && totals.greatestLevel > tolerances.floor
  }
}
