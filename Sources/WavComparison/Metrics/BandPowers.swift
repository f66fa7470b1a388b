// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Sums over the rows of a third-octave band.
struct PowerSums {
  /// Power of the spectrum and of the reference; sums of squared magnitudes if rows are bins.
  var power = 0.0
  var referencePower = 0.0
  /// Lowest and highest frequency in Hz of the rows added up.
  var low = Double.infinity
  var high = 0.0

  mutating func add(_ other: PowerSums) {
    power += other.power
    referencePower += other.referencePower
    low = min(low, other.low)
    high = max(high, other.high)
  }
}

/// The powers of two spectra in a third-octave band.
public struct BandDifference: Sendable {
  /// Centre of the band in Hz.
  public let centre: Double
  /// The part of the band that the spectra cover, in Hz.
  public let range: ClosedRange<Double>
  /// Level in dBFS of the sine with the spectrum's power.
  public let level: Double
  /// Level in dBFS of the sine with the reference's power.
  public let referenceLevel: Double
  /// Difference of the levels in dB; lower levels count as the floor.
  public let decibels: Double
  /// The greatest allowed difference in dB.
  public let tolerance: Double

  /// Whether the difference exceeds the tolerance.
  public var isViolation: Bool { !(abs(decibels) <= tolerance) }
  /// Whether the condition would fail if the spectrum were silent.
  var noticesSilence: Bool { referenceLevel > floor + tolerance }
  /// Whether the condition would fail if the reference were silent.
  var noticesSilentReference: Bool { level > floor + tolerance }
  /// Lower levels count as this level, in dB.
  let floor: Double
}

/// The powers of two spectra in third-octave bands.
struct BandPowers {
  private let sums: [PowerSums]
  /// The level of a sum is 10 log10 of the sum plus this, in dB.
  private let scale: Double
  /// Number of independent bins per Hz; nil if unknown.
  private let binsPerHertz: Double?

  /// The powers of two spectra with the same bands.
  ///
  /// A row belongs as a whole to the third-octave band of its middle.
  init(
    _ powers: [Double], _ referencePowers: [Double], edges: [ClosedRange<Double>],
    binsPerHertz: Double?
  ) {
    var sums = [PowerSums](repeating: PowerSums(), count: ThirdOctaves.count)
    for (index, range) in edges.enumerated() {
      let middle = (range.lowerBound * range.upperBound).squareRoot()
      sums[ThirdOctaves.index(of: middle)].add(
        PowerSums(
          power: powers[index], referencePower: referencePowers[index], low: range.lowerBound,
          high: range.upperBound))
    }
    self.sums = sums
    // A sine of amplitude 1, which is 0 dBFS, has the power 1/2.
    scale = 10 * log10(2)
    self.binsPerHertz = binsPerHertz
  }

  /// Sums of squared magnitudes; `scale` in dB converts them to levels.
  init(_ sums: [PowerSums], scale: Double, binsPerHertz: Double?) {
    self.sums = sums
    self.scale = scale
    self.binsPerHertz = binsPerHertz
  }

  /// The third-octave bands that the spectra cover.
  ///
  /// - Parameters:
  ///   - tolerances: The conditions.
  ///   - offset: Subtracted from the levels of the spectrum, in dB.
  /// - Returns: The bands, from low to high frequencies; none if powers are not limited.
  func differences(_ tolerances: Tolerances, offset: Double) -> [BandDifference] {
    guard let limit = tolerances.power else { return [] }
    return sums.enumerated().filter { $0.element.high > 0 }.map { index, sums in
      let level = 10 * log10(sums.power) + scale - offset
      let referenceLevel = 10 * log10(sums.referencePower) + scale
      let (own, other) = (max(level, tolerances.floor), max(referenceLevel, tolerances.floor))
      let bins = (binsPerHertz ?? .infinity) * (sums.high - sums.low)
      return BandDifference(
        centre: ThirdOctaves.centre(index), range: sums.low...max(sums.low, sums.high),
        level: level, referenceLevel: referenceLevel, decibels: own == other ? 0 : own - other,
        tolerance: tolerances.learned?.power(at: ThirdOctaves.centre(index))
          ?? limit + (tolerances.allowsChance ? Self.chance(bins: bins) : 0),
        floor: tolerances.floor)
    }
  }

  /// How far, in dB, the powers of two recordings of the same noise may differ by chance: five
  /// standard deviations.
  ///
  /// The power of a bin of Gaussian noise has an exponential distribution, so the sum of n bins has
  /// a relative standard deviation of 1 / sqrt(n), or 10 / (ln 10 sqrt(n)) dB, and the difference
  /// of two sums sqrt(2) times that.
  static func chance(bins: Double) -> Double {
    5 * 10 / log(10) * (2 / max(bins, 1)).squareRoot()
  }
}
