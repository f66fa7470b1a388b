// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The power of a spectrum in the bands of a scheme.
///
/// Bins at an edge count on both sides, in proportion to their width there. The powers of all bands and the power
/// outside add up to the mean square of the samples (with a window: of the windowed samples, divided by the mean
/// square of the window).
public struct BandLevels: Sendable, Equatable {
  /// A band with its power.
  public struct Entry: Sendable, Equatable {
    /// The band.
    public let band: BandScheme.Band
    /// Mean-square power in FS^2.
    public let power: Double
    /// The same with the frequency weighting; equal to ``power`` without one.
    public let weightedPower: Double
    /// The width of the band in bins.
    public let binCount: Double
    /// Whether half the sampling rate leaves the band whole.
    public let isComplete: Bool

    /// Whether the band has so few bins that its power depends on where they lie.
    public var hasFewBins: Bool { binCount < BandScheme.Band.fewestBins }

    /// Level in dBFS: a full-scale sine in the band reads 0; minus infinity for silence.
    public var level: Double { BandLevels.level(power) }

    /// The weighted level in dB.
    public var weightedLevel: Double { BandLevels.level(weightedPower) }
  }

  /// The scheme.
  public let scheme: BandScheme
  /// The frequency weighting.
  public let weighting: FrequencyWeighting
  /// The bands, from low to high.
  public let entries: [Entry]
  /// Mean-square power below and above the bands, without a weighting, in FS^2.
  public let below: Double
  /// See ``below``.
  public let above: Double

  /// The level of a power in dBFS, where a sine of amplitude 1, of power 1/2, reads 0.
  public static func level(_ power: Double) -> Double { 10 * log10(2 * power) }

  /// Level of all bands together in dBFS.
  public var total: Double { Self.level(entries.reduce(0) { $0 + $1.power }) }

  /// Weighted level of all bands together in dB.
  public var weightedTotal: Double { Self.level(entries.reduce(0) { $0 + $1.weightedPower }) }

  /// Computes the powers.
  ///
  /// - Parameters:
  ///   - scheme: The scheme of the bands.
  ///   - division: The bands, and the runs of bins that they consist of.
  ///   - sums: The sum of |X|^2 over the bins of each run; unpaired bins count half.
  ///   - scaling: The window.
  ///   - grid: The bins.
  /// - Complexity: O(runs).
  public init(
    _ scheme: BandScheme, _ division: BandDivision, sums: [Double], _ scaling: Scaling,
    _ grid: BinGrid
  ) {
    func power(_ sum: Double) -> Double {
      scaling.power(squareSum: sum, transformLength: grid.transformLength)
    }
    self.scheme = scheme
    weighting = division.weighting
    let powers = division.powers(of: sums)
    let weighted = division.weightedPowers(of: sums)
    entries = division.bands.indices.map { index in
      let band = division.bands[index]
      return Entry(
        band: band, power: power(powers[index]), weightedPower: power(weighted[index]),
        binCount: band.binCount(in: grid), isComplete: band.isComplete(in: grid))
    }
    let outside = division.powersOutside(of: sums)
    (below, above) = (power(outside.below), power(outside.above))
  }
}
