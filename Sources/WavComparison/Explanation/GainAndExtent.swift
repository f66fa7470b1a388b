// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport

extension Comparison {
  /// A gain under which the strong components agree, but not the weak ones, those of noise and
  /// dither.
  ///
  /// The part of the squared magnitudes that a gain does not explain follows from their sums. With
  /// the spectrum a and the reference b it is 1 - (sum a b)^2 / (sum a^2 sum b^2).
  var mainGain: String? {
    guard let offset, abs(offset) > 2 * (tolerances.decibels ?? 0.05), !tolerances.ignoresOffset
    else { return nil }
    let (products, reference) = (totals.products, totals.referenceSquares)
    // From sum (a - b)^2 = sum a^2 - 2 sum a b + sum b^2.
    let own = totals.differenceSquares + 2 * products - reference
    guard own > 0, reference > 0, 1 - products * products / (own * reference) < 1e-4 else {
      return nil
    }
    return
      "its strong components are \(fixed(abs(offset), 2)) dB \(offset > 0 ? "louder" : "softer") "
      + "alike, which looks like a gain; the weak ones are not"
  }

  /// The part of the frequency axis that differs, as a sentence.
  var extent: String? {
    let beyond = columns.filter(\.isViolation)
    guard let first = beyond.first, let last = beyond.last, beyond.count > 3 else { return nil }
    let share = Double(beyond.count) / Double(columns.count)
    let mean = beyond.reduce(0) { $0 + $1.difference } / Double(beyond.count)
    let range =
      "from \(significant(first.differenceFrequency, 4)) to \(significant(last.differenceFrequency, 4)) Hz"
    let how =
      share > 0.5
      ? "they differ nearly everywhere" : "they differ in \(percent(share)) of the frequency axis"
    return "\(how), \(range), by \(signed(mean)) dB on the average of these places"
  }
}
