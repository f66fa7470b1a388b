// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport

/// Tolerances that follow from the differences between repeated renders.
public struct LearnedTolerances: Codable, Sendable, Equatable {
  /// Tolerances in a third-octave band.
  struct Band: Codable, Sendable, Equatable {
    /// Centre in Hz.
    var centreHz: Double
    /// Tolerance for the levels of its rows, in dB.
    var levelDb: Double
    /// Tolerance for its power, in dB.
    var powerDb: Double
  }

  /// Number of renders.
  public private(set) var renders: Int
  /// From low to high frequencies.
  private(set) var bands: [Band]
  /// Tolerance for the frequencies of peaks, in Hz.
  private(set) var peakHz: Double

  /// Factors from observed differences to tolerances.
  ///
  /// The spread of a few renders, greatest minus least, is less than that of all future renders. A
  /// band has many rows, so the greatest of their spreads is reliable. It has only one power, so
  /// the greatest spread of three neighbouring bands is used. If powers have a Gaussian
  /// distribution, four times that is on average beyond 5 standard deviations of the difference of
  /// two powers, from two renders on.
  private static let margins = (level: 1.5, power: 4.0, peak: 2.0)

  /// Learns from one signal of several renders; the rows of the renders must correspond.
  ///
  /// - Parameters:
  ///   - renders: At least two spectra of bands with powers.
  ///   - peaks: The peaks of the first render with their counterparts in each other render.
  ///   - floor: Lower levels count as this level, in dB.
  ///   - spacing: Bin spacing in Hz.
  init(_ renders: [ComparedSpectrum], peaks: [PeakPair], floor: Double, spacing: Double) {
    self.renders = renders.count
    let edges = renders[0].edges
    let thirds = edges.map {
      ThirdOctaves.index(of: ($0.lowerBound * $0.upperBound).squareRoot())
    }
    var levels = [Double](repeating: 0, count: ThirdOctaves.count)
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: renders.count), count: ThirdOctaves.count)
    for (row, third) in thirds.enumerated() {
      let found = renders.map { max(($0.rows as? StoredRows)?.level[row] ?? floor, floor) }
      levels[third] = max(levels[third], Self.spread(found))
      for (index, render) in renders.enumerated() {
        sums[third][index] += render.powers?[row] ?? 0
      }
    }
    let powers = sums.map { Self.spread($0.map { max(10 * log10(2 * $0), floor) }) }
    func around(_ values: [Double], _ third: Int) -> Double {
      values[max(0, third - 1)...min(values.count - 1, third + 1)].max() ?? 0
    }
    bands = Set(thirds).sorted().map { third in
      Band(
        centreHz: ThirdOctaves.centre(third),
        levelDb: Tolerances.standardDecibels + Self.margins.level * around(levels, third),
        powerDb: Tolerances.standardDecibels + Self.margins.power * around(powers, third))
    }
    let distances = peaks.filter(\.isCertain).compactMap { pair in
      pair.found.map { abs($0.frequency - pair.reference.frequency) }
    }
    peakHz = max(0.5 * spacing, Self.margins.peak * (distances.max() ?? 0))
  }

  /// With a greater tolerance of powers, in dB, different sounds could not be told apart.
  private static let mostPower = 12.0

  /// The strong third-octave band in which renders differ most, if its tolerance would be more than
  /// 12 dB; otherwise nil.
  ///
  /// Bands 60 dB below the strongest do not count, nor do differences that chance explains: a band
  /// with few bins of noise scatters that much.
  ///
  /// - Parameters:
  ///   - renders: The same signal of several renders.
  ///   - floor: Lower levels count as this level, in dB.
  /// - Returns: The centre of the band in Hz, and the greatest difference of its powers in dB.
  static func unlikeBand(
    _ renders: [ComparedSpectrum], floor: Double
  ) -> (centre: Double, spread: Double)? {
    let edges = renders[0].edges
    let empty = [Double](repeating: 0, count: ThirdOctaves.count)
    var sums = [[Double]](repeating: empty, count: renders.count)
    var widths = empty
    for (row, range) in edges.enumerated() {
      let third = ThirdOctaves.index(of: (range.lowerBound * range.upperBound).squareRoot())
      widths[third] += range.upperBound - range.lowerBound
      for index in renders.indices { sums[index][third] += renders[index].powers?[row] ?? 0 }
    }
    let levels = sums.map { $0.map { max(10 * log10(2 * $0), floor) } }
    let strongest = levels.joined().max() ?? floor
    let bins = renders[0].facts.binsPerHertz ?? .infinity
    let unlike = widths.indices.filter { third in
      let found = levels.map { $0[third] }
      return (found.max() ?? floor) > strongest - 60
        && Tolerances.standardDecibels + margins.power * spread(found) > mostPower
        && spread(found) > BandPowers.chance(bins: bins * widths[third])
    }.map { third in (ThirdOctaves.centre(third), spread(levels.map { $0[third] })) }
    return unlike.max { $0.1 < $1.1 }
  }

  private static func spread(_ values: [Double]) -> Double {
    (values.max() ?? 0) - (values.min() ?? 0)
  }

  /// Whether the numbers are possible tolerances.
  var isSound: Bool {
    renders >= 2 && !bands.isEmpty && peakHz >= 0 && peakHz < .infinity
      && bands.allSatisfy {
        $0.centreHz > 0 && $0.centreHz < 1e9 && $0.levelDb >= 0 && $0.levelDb < 1000
          && $0.powerDb >= 0 && $0.powerDb < 1000
      } && zip(bands, bands.dropFirst()).allSatisfy { $0.centreHz < $1.centreHz }
  }

  /// The tolerances in words: `levels within 0.1 to 3.2 dB, third-octave powers within 0.1 to 0.4
  /// dB`.
  var inWords: String {
    func range(_ values: [Double]) -> String {
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      return fixed(low, 1) == fixed(high, 1)
        ? "\(fixed(high, 1)) dB" : "\(fixed(low, 1)) to \(fixed(high, 1)) dB"
    }
    return "levels within \(range(bands.map(\.levelDb))), third-octave powers within "
      + range(bands.map(\.powerDb))
  }

  /// The tolerances of levels as a mask with steps at the edges of the bands.
  var mask: ToleranceMask {
    var points: [(Double, Double)] = []
    for band in bands {
      let half = pow(10, 0.05)
      points.append((band.centreHz / half * (1 + 1e-9), band.levelDb))
      points.append((band.centreHz * half * (1 - 1e-9), band.levelDb))
    }
    return ToleranceMask(frequencies: points.map(\.0), decibels: points.map(\.1))
  }

  /// The tolerance of the power of the band with this centre in Hz; nil if nothing was learned of
  /// it.
  func power(at centre: Double) -> Double? {
    bands.first { abs($0.centreHz - centre) < 0.01 * centre }?.powerDb
  }
}
