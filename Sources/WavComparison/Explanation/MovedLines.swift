// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport

extension Comparison {
  /// A sentence if all lines have moved by the same ratio; otherwise nil.
  var commonRatioInWords: String? {
    guard let commonRatio else { return nil }
    let cents = commonRatio.cents
    // Only digits that are known.
    let places = min(max(0, Int((-log10(2 * max(commonRatio.doubt, 1e-9))).rounded(.up))), 1)
    let amount = fixed(abs(cents), places)
    let direction = cents > 0 ? "higher" : "lower"
    let start =
      "all lines are \(amount) cents \(direction), at \(fixed(commonRatio.ratio, places + 4)) times their "
      + "frequencies in the reference"
    guard let own = facts.spectrum.sampleRate, let other = facts.reference.sampleRate,
      own != other, abs(1200 * log2(Double(own) / Double(other)) - cents) < 2
    else { return start }
    return start + ": as if a recording of \(other) Hz were called one of \(own) Hz"
  }

  /// Lines that have moved, as sentences: a line is gone from its old frequency, and a line is new
  /// nearby.
  var movedPeaks: [String] {
    let curves = columns.curves
    let (own, other) = (Prominence(curves.spectrum), Prominence(curves.reference))
    return peaks.compactMap { pair in
      guard let found = pair.found, pair.isCertain, abs(pair.decibels) < 3,
        abs(found.frequency - pair.reference.frequency) > leastMove, isOnlyCounterpart(pair),
        concentration.spectrum?.isLine(found.level, at: found.frequency) ?? false,
        concentration.reference?.isLine(pair.reference.level, at: pair.reference.frequency) ?? false
      else { return nil }
      // Within a column the old and the new frequency cannot be distinguished.
      if abs(pair.cents) > 12 {
        let isGone =
          own.prominence(of: level(curves.spectrum, pair.reference.frequency), at: found.frequency)
          < PeakPair.leastProminence
        let isNew =
          other.prominence(
            of: level(curves.reference, found.frequency), at: pair.reference.frequency)
          < PeakPair.leastProminence
        guard isGone, isNew else { return nil }
      }
      return "the peak at \(inHertz(pair.reference.frequency)) has moved to "
        + "\(significant(found.frequency, 7)) Hz, \(signed(pair.cents)) cents"
    }
  }

  /// A line that has moved has moved by at least this, in Hz; in averages where segments begin moves what is not steady.
  private var leastMove: Double { (facts.reference.isSegmented ? 0.5 : 0.1) * spacing }

  /// Whether the found peak and the reference's peak are counterparts from both sides.
  private func isOnlyCounterpart(_ pair: PeakPair) -> Bool {
    guard let found = pair.found,
      let own = ownPeaks.first(where: { $0.reference.frequency == found.frequency })
    else { return true }
    return own.found.map { abs($0.frequency - pair.reference.frequency) < 1e-6 * $0.frequency }
      ?? false
  }

  /// Level of the column that is nearest to a frequency.
  private func level(_ curve: SpectrumCurve, _ frequency: Double) -> Double {
    curve.min { abs($0.frequency - frequency) < abs($1.frequency - frequency) }?.level ?? -.infinity
  }
}
