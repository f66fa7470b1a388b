// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The ratio by which all lines of a spectrum are higher than those of a reference, because of
/// another speed, tuning or key.
struct CommonRatio {
  /// The ratio; 1 is no change.
  let ratio: Double
  var cents: Double { 1200 * log2(ratio) }
  /// Uncertainty of the ratio in cents: from half a bin for each line, and the number of lines, but
  /// not less than the deviation of the lines.
  let doubt: Double

  /// Two lines may be the same within this many cents.
  private static let reach = 6.0
  /// Share of the lines of the reference that must have a counterpart.
  private static let leastShare = 0.7

  /// Finds the ratio; nil unless most lines agree on it, and it is not 1.
  ///
  /// Every pair of strong lines, one of each side, proposes a ratio. A proposal is as good as the
  /// number of lines of the reference that have a line of the spectrum at the proposed frequency,
  /// with a level within 6 dB.
  ///
  /// - Parameters:
  ///   - spectrum: Lines of the spectrum, strongest first.
  ///   - reference: Lines of the reference, strongest first.
  ///   - spacing: Bin spacing in Hz, which limits the precision of a line's frequency.
  ///   - range: The band in Hz; lines that the ratio moves out of it need no counterpart.
  init?(
    _ spectrum: [SpectrumPoint], _ reference: [SpectrumPoint], spacing: Double,
    range: ClosedRange<Double>
  ) {
    guard reference.count >= 3, spectrum.count >= 3 else { return nil }
    var best: (matches: [(cents: Double, doubt: Double)], cents: Double) = ([], 0)
    for line in reference.prefix(10) {
      for other in spectrum.prefix(20) {
        let cents = 1200 * log2(other.frequency / line.frequency)
        guard abs(cents) < 2400 else { continue }
        let matches = Self.matches(spectrum, reference, cents, spacing, range)
        // Among equally good proposals choose the smallest change.
        if matches.count > best.matches.count
          || (matches.count == best.matches.count && abs(cents) < abs(best.cents))
        {
          best = (matches, cents)
        }
      }
    }
    let sorted = best.matches.map(\.cents).sorted()
    guard sorted.count >= 3 else { return nil }
    let median = sorted[sorted.count / 2]
    let inside = reference.filter { range.contains($0.frequency * exp2(median / 1200)) }
    let agreeing = best.matches.filter {
      abs($0.cents - median) <= max($0.doubt, 0.15 * abs(median), 0.3)
        || abs(median) > 50 && abs($0.cents - median) <= Self.reach
    }
    let unmoved = best.matches.filter { abs($0.cents) <= $0.doubt }
    // With only three lines, all must agree.
    guard agreeing.count >= min(4, reference.count),
      Double(agreeing.count) >= Self.leastShare * Double(inside.count),
      Double(inside.count) >= Self.leastShare * Double(reference.count),
      Double(unmoved.count) < 0.3 * Double(best.matches.count), abs(median) >= 0.2
    else { return nil }
    ratio = exp2(median / 1200)
    let doubts = best.matches.map(\.doubt).sorted()
    let deviations = agreeing.map { abs($0.cents - median) }.sorted()
    doubt = max(
      doubts[doubts.count / 2] / 2 / Double(doubts.count).squareRoot(),
      deviations[deviations.count / 2])
  }

  /// For a change by `cents`, the distances in cents of the lines that it moves near another line.
  private static func matches(
    _ spectrum: [SpectrumPoint], _ reference: [SpectrumPoint], _ cents: Double, _ spacing: Double,
    _ range: ClosedRange<Double>
  ) -> [(cents: Double, doubt: Double)] {
    var free = spectrum
    return reference.compactMap { line in
      let place = line.frequency * exp2(cents / 1200)
      let near = free.indices.filter {
        abs(1200 * log2(free[$0].frequency / place)) <= reach
          && abs(free[$0].level - line.level) <= 6
      }.min { abs(free[$0].frequency - place) < abs(free[$1].frequency - place) }
      guard let near else { return nil }
      let found = free.remove(at: near)
      return (
        1200 * log2(found.frequency / line.frequency),
        1200 * log2(1 + spacing / line.frequency)
      )
    }
  }
}
