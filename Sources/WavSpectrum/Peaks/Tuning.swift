// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The pitch to which a recording is tuned: the offset from equal temperament that fits its peaks
/// best.
///
/// Offsets are angles on a circle of one semitone, so that +49 and -49 cents are neighbours. The
/// tuning is the direction of their mean, weighted with the amplitudes (the circular mean; N. I.
/// Fisher, "Statistical analysis of circular data", 1993, section 2.3). If the peaks disagree there
/// is no tuning.
public struct Tuning: Sendable, Equatable {
  /// The pitch of A4 that fits best, in Hz.
  public let a4: Double
  /// The same as an offset from the reference pitch in cents, -50 to 50.
  public let cents: Double
  /// How far the peaks are from that tuning: the circular standard deviation in cents, with equal
  /// weights.
  public let deviation: Double
  /// Number of peaks used.
  public let peakCount: Int

  /// Fewer pitch classes than this are no scale.
  private static let fewestNotes = 5
  /// With a greater deviation than this, in cents, the peaks disagree: random offsets have 29
  /// cents.
  private static let greatestDeviation = 10.0

  /// Weaker peaks than this, in dB below the strongest, do not count.
  private static let range = 40.0

  /// Finds the tuning of some peaks, where `a4` is the reference pitch in Hz.
  ///
  /// Nil if the peaks disagree, or if the stronger ones have fewer than five different notes,
  /// octaves counted as one.
  public init?(_ peaks: [Peak], a4 reference: Double) {
    let strongest = peaks.map(\.level).max() ?? -.infinity
    let pitched = peaks.filter { $0.frequency > 0 && $0.level >= strongest - Self.range }
    var (weighted, sum, total) = (SIMD2<Double>(), SIMD2<Double>(), 0.0)
    var notes: Set<Int> = []
    for peak in pitched {
      let semitones = 12 * log2(peak.frequency / reference)
      let angle = 2 * Double.pi * semitones
      let direction = SIMD2(cos(angle), sin(angle))
      let weight = pow(10, peak.level / 20)
      weighted += weight * direction
      sum += direction
      total += weight
      notes.insert(((Int(semitones.rounded()) % 12) + 12) % 12)
    }
    guard notes.count >= Self.fewestNotes, total > 0 else { return nil }
    let length = min((sum * sum).sum().squareRoot() / Double(pitched.count), 1)
    // In the wrapped normal distribution the mean has the length exp(-s^2 / 2).
    let deviation = length > 0 ? (-2 * log(length)).squareRoot() * 100 / (2 * .pi) : .infinity
    guard deviation <= Self.greatestDeviation else { return nil }
    self.deviation = deviation
    cents = atan2(weighted.y, weighted.x) * 100 / (2 * .pi)
    a4 = reference * exp2(cents / 1200)
    peakCount = pitched.count
  }
}
