// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// How far a bin must stand above the noise floor to be no noise.
///
/// The power of a bin of Gaussian noise is distributed exponentially. Among the maxima of M
/// independent bins, with what lies between them, M c sqrt(z) exp(-z) are expected to exceed z times
/// the mean (R. V. Baluev, "Assessing the statistical significance of periodogram peaks", Mon. Not. R.
/// Astron. Soc. 385 (2008), after Davies); c is sqrt(4 pi) times the standard deviation of time, in
/// units of the duration, under the square of the window.
public struct FalseAlarm: Sendable {
  /// The ratio of powers z that noise exceeds with a probability of 1 % in a whole recording, if the floor
  /// is known exactly.
  public let ratio: Double

  /// Expected false alarms in one recording.
  private static let rate = 0.01

  /// The ratio for M = bandwidth times duration independent bins.
  ///
  /// - Parameters:
  ///   - bins: M, at least 1.
  ///   - spread: Standard deviation of time under the square of the window, in durations: 0.289 for the
  ///     rectangular one.
  public init(bins: Double, spread: Double) {
    let factor = log(max(bins, 1) * (4 * .pi).squareRoot() * spread / Self.rate)
    // z = ln(M c / rate) + ln(z) / 2, which converges fast.
    var z = max(factor, 1)
    for _ in 0..<20 { z = max(factor + log(z) / 2, 1) }
    ratio = z
  }

  /// The ratio where the floor is itself the median of some bins of noise.
  ///
  /// The median of B exponential variables scatters by sqrt(1 / B) / ln 2 of the mean; averaged over
  /// that scatter s, exp(-z) becomes exp(-z + z^2 s^2 / 2).
  public func ratio(floorBins: Double) -> Double {
    let variance = 1 / (max(floorBins, 1) * 0.693_147 * 0.693_147)
    let root = 1 - 2 * variance * ratio
    // Too few bins to say more: twice the ratio.
    guard root > 0 else { return 2 * ratio }
    return min(2 * ratio, (1 - root.squareRoot()) / variance)
  }
}
