// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// How far a bin must be above the noise floor so that it is not taken for noise.
///
/// The power of a bin of Gaussian noise is distributed exponentially. Among M independent bins, and
/// the maxima between them, M c sqrt(z) exp(-z) maxima are expected to exceed z times the mean (R.
/// V. Baluev, "Assessing the statistical significance of periodogram peaks", Mon. Not. R. Astron.
/// Soc. 385 (2008), after Davies). c is sqrt(4 pi) times the standard deviation of time under the
/// square of the window, in durations.
public struct FalseAlarm: Sendable {
  /// The ratio z that noise exceeds with a probability of 1 % per recording, if the floor is known
  /// exactly.
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

  /// The ratio if the floor is itself an estimate: the median of some bins of noise.
  ///
  /// The median of B exponential variables has a standard deviation s of sqrt(1 / B) / ln 2 of the
  /// mean. Averaged over that scatter, exp(-z) becomes exp(-z + z^2 s^2 / 2).
  public func ratio(floorBins: Double) -> Double {
    let variance = 1 / (max(floorBins, 1) * 0.693_147 * 0.693_147)
    let root = 1 - 2 * variance * ratio
    // With so few bins the equation has no solution; twice the ratio is the limit.
    guard root > 0 else { return 2 * ratio }
    return min(2 * ratio, (1 - root.squareRoot()) / variance)
  }
}
