// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Noise in one of two spectra that is not in the other.
struct AddedNoise {
  /// Level in dBFS of the sine with the same power.
  let level: Double
  /// Its frequency range in Hz.
  let range: ClosedRange<Double>

  /// One of the two spectra, in bands.
  struct Side {
    /// Mean-square power of each row in FS^2.
    let powers: [Double]
    /// Level of the strongest bin of each row in dBFS.
    let levels: [Double]
  }

  /// Finds noise in the third-octave bands that have gained power.
  ///
  /// Added power counts as noise if two conditions hold. It is spread over the rows of a band,
  /// while tones concentrate in a few rows. And the strongest bin of a row with n bins is as far
  /// above their mean as for Gaussian noise, ln n + 0.577 (the mean of the greatest of n
  /// exponential variables), while the skirts of tones and clicks are smooth.
  ///
  /// - Parameters:
  ///   - louder: The side that may have the noise.
  ///   - other: The other side.
  ///   - edges: Edges of the rows in Hz.
  ///   - binsPerHertz: Number of independent bins per Hz.
  ///   - noiseBandwidth: Equivalent noise bandwidth of the window in bins.
  ///   - gained: Whether the third-octave band with this centre in Hz has gained power.
  init?(
    in louder: Side, over other: Side, edges: [ClosedRange<Double>], binsPerHertz: Double,
    noiseBandwidth: Double, gained: (Double) -> Bool
  ) {
    var spread: [Range<Int>] = []
    var first = 0
    while first < edges.count {
      let third = ThirdOctaves.index(of: Self.middle(edges[first]))
      var end = first + 1
      while end < edges.count, ThirdOctaves.index(of: Self.middle(edges[end])) == third { end += 1 }
      defer { first = end }
      guard gained(ThirdOctaves.centre(third)) else { continue }
      // Power per bin, because narrow rows have one bin and wide rows many.
      let densities = (first..<end).map {
        max(louder.powers[$0] - other.powers[$0], 0) / Self.bins(edges[$0], binsPerHertz)
      }
      let median = densities.sorted()[densities.count / 2]
      let total = (first..<end).reduce(0.0) { $0 + max(louder.powers[$1] - other.powers[$1], 0) }
      let inLines = (first..<end).reduce(0.0) {
        densities[$1 - first] > 20 * median
          ? $0 + max(louder.powers[$1] - other.powers[$1], 0) : $0
      }
      if median > 0, inLines < 0.1 * total { spread.append(first..<end) }
    }
    guard let low = spread.first, let high = spread.last else { return nil }
    var (ratios, count) = (0.0, 0)
    for row in spread.joined() where louder.powers[row] > 4 * other.powers[row] {
      let bins = Self.bins(edges[row], binsPerHertz)
      guard bins >= 8 else { continue }
      let strongest = pow(10, louder.levels[row] / 10) / 2 / noiseBandwidth
      ratios += strongest / (louder.powers[row] / bins) / (log(bins) + 0.577)
      count += 1
    }
    guard count >= 5, (0.7...1.3).contains(ratios / Double(count)) else { return nil }
    let power = spread.joined().reduce(0.0) { $0 + louder.powers[$1] - other.powers[$1] }
    level = 10 * log10(2 * power)
    range = edges[low.lowerBound].lowerBound...edges[high.upperBound - 1].upperBound
  }

  /// Whether the strong rows of both sides are the same.
  ///
  /// They are if the median of the absolute differences of their levels is at most 1 dB, over the
  /// rows within 30 dB of the strongest row of the louder side.
  ///
  /// Without this condition, music that is turned down or replaced could look like noise: it loses
  /// power in all bands, and its bins can scatter as those of noise.
  static func isSameSound(_ first: Side, _ second: Side) -> Bool {
    let greatest = (first.levels.max() ?? -.infinity, second.levels.max() ?? -.infinity)
    let (louder, other) = greatest.0 >= greatest.1 ? (first, second) : (second, first)
    let least = max(greatest.0, greatest.1) - 30
    guard least.isFinite else { return false }
    let differences = louder.levels.indices.filter { louder.levels[$0] >= least }
      .map { abs(louder.levels[$0] - other.levels[$0]) }.sorted()
    return differences[differences.count / 2] <= 1
  }

  private static func middle(_ edges: ClosedRange<Double>) -> Double {
    (edges.lowerBound * edges.upperBound).squareRoot()
  }

  private static func bins(_ edges: ClosedRange<Double>, _ binsPerHertz: Double) -> Double {
    max(1, (edges.upperBound - edges.lowerBound) * binsPerHertz)
  }
}
