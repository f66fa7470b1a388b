// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport

/// Tolerances that follow from how much repeated renders differ among themselves.
public struct LearnedTolerances: Codable, Sendable, Equatable {
  /// Tolerances in a third-octave band.
  struct Band: Codable, Sendable, Equatable {
    /// Centre in Hz.
    var centreHz: Double
    /// For the levels of its rows, in dB.
    var levelDb: Double
    /// For its power, in dB.
    var powerDb: Double
  }

  /// Number of renders that were looked at.
  public private(set) var renders: Int
  /// From low to high frequencies.
  private(set) var bands: [Band]
  /// For the peaks, in Hz.
  private(set) var peakHz: Double

  /// How much of what was seen is allowed.
  ///
  /// Of a few renders the spread, greatest minus least, is less than that of all that may come. The rows of a
  /// band are many, and the greatest of their spreads says much; of powers there is one for each
  /// band, and the greatest of three neighbours is taken. For powers that scatter as Gaussian variables do, four times that is
  /// beyond 5 standard deviations of the difference of two of them, on the average, from two renders on.
  private static let margins = (level: 1.5, power: 4.0, peak: 2.0)

  /// Learns from the same signal of several renders, with rows that belong together.
  ///
  /// - Parameters:
  ///   - renders: At least two spectra of bands with powers.
  ///   - peaks: The peaks of the first with their counterparts in each of the others.
  ///   - floor: Levels below this count as this, in dB.
  ///   - spacing: Distance of bins in Hz.
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

  /// A tolerance of powers beyond this, in dB, would not tell one sound from another.
  private static let mostPower = 12.0

  /// The strong third-octave band in which renders differ most, of those whose tolerance would be more than
  /// 12 dB; nil if there is none.
  ///
  /// Bands 60 dB below the strongest do not count, nor what chance explains: a band of a few bins of
  /// noise scatters by that much.
  ///
  /// - Parameters:
  ///   - renders: The same signal of several renders.
  ///   - floor: Levels below this count as this, in dB.
  /// - Returns: The centre of the band in Hz, and the greatest distance of its powers in dB.
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

  /// Whether the numbers can be tolerances.
  var isSound: Bool {
    renders >= 2 && !bands.isEmpty && peakHz >= 0 && peakHz < .infinity
      && bands.allSatisfy {
        $0.centreHz > 0 && $0.centreHz < 1e9 && $0.levelDb >= 0 && $0.levelDb < 1000
          && $0.powerDb >= 0 && $0.powerDb < 1000
      } && zip(bands, bands.dropFirst()).allSatisfy { $0.centreHz < $1.centreHz }
  }

  /// What they are, in words: `levels within 0.1 to 3.2 dB, third-octave powers within 0.1 to 0.4 dB`.
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

  /// The tolerance of the power of the band around a centre in Hz; nil if it was not looked at.
  func power(at centre: Double) -> Double? {
    bands.first { abs($0.centreHz - centre) < 0.01 * centre }?.powerDb
  }
}
