// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The power of noise around each row of a spectrum.
///
/// The floor is the median of the powers over the width of a critical band of hearing (100 Hz, or a
/// fifth of the frequency), or over 1001 bins if that is wider. It is converted to the mean of an
/// exponential distribution, as S. M. Ransom's PRESTO does with blocks of bins. Lines do not change
/// a median as long as they take less than half of the bins. The floor is computed at some rows and
/// interpolated linearly in dB between them.
public struct NoiseFloor: Sendable {
  /// Mean power of a bin of noise in each row.
  public let powers: [Double]
  /// Number of bins that the floor of each row was estimated from.
  public let binCounts: [Double]

  private static let leastBins = 1001.0
  /// With fewer bins the threshold would rise too much (``FalseAlarm``); with more they would lie
  /// too far from the row.
  private static let fewestBins = 64.0

  /// Estimates the floor of each row.
  ///
  /// - Parameters:
  ///   - rows: The powers.
  ///   - spacing: Distance of bins in Hz.
  ///   - independence: Independent bins per bin: less than 1 for padded and windowed transforms.
  /// - Complexity: About O(rows * log rows).
  public init(_ rows: PowerRows, spacing: Double, independence: Double) {
    guard rows.count > 0 else {
      (powers, binCounts) = ([], [])
      return
    }
    var nodes: [(row: Int, level: Double, bins: Double)] = []
    var row = 0
    while true {
      let window = Self.window(around: row, rows, spacing, independence)
      let bins = Double(rows.binCount(window)) * independence
      nodes.append((row, Self.level(of: window, around: row, rows, independence), bins))
      guard row < rows.count - 1 else { break }
      row = min(rows.count - 1, row + max(1, window.count / 3))
    }
    var powers = [Double](repeating: 0, count: rows.count)
    var counts = powers
    for (from, to) in zip(nodes, nodes.dropFirst()) {
      let steps = Double(to.row - from.row)
      for row in from.row...to.row {
        let place = Double(row - from.row) / steps
        // A floor of 0 has no level in dB.
        powers[row] =
          from.level > 0 && to.level > 0
          ? exp(log(from.level) * (1 - place) + log(to.level) * place)
          : place < 0.5 ? from.level : to.level
        counts[row] = min(from.bins, to.bins)
      }
    }
    if let only = nodes.first, nodes.count == 1 { (powers[0], counts[0]) = (only.level, only.bins) }
    self.powers = powers
    binCounts = counts
  }

  /// The rows around one: as many below as above, so that a slope does not count as noise, unless
  /// these are too few.
  private static func window(
    around row: Int, _ rows: PowerRows, _ spacing: Double, _ independence: Double
  ) -> Range<Int> {
    let frequency = Double(rows.firstBins[row]) * spacing
    let width = max(max(100, frequency / 5) / spacing, leastBins / independence)
    // Half of the bins on either side.
    func reach(_ bins: Double, _ step: Int) -> Int {
      let target = Double(rows.firstBins[row]) + Double(step) * bins / 2
      var distance = 0
      while row + step * (distance + 1) >= 0, row + step * (distance + 1) < rows.count {
        let next = Double(rows.firstBins[row + step * (distance + 1)])
        if step < 0 ? next < target : next > target { break }
        distance += 1
      }
      return distance
    }
    let (below, above) = (reach(width, -1), reach(width, 1))
    let shorter = min(below, above)
    var (low, high) = (row - shorter, row + shorter + 1)
    func widen(within limits: Range<Int>) {
      while Double(rows.binCount(low..<high)) * independence < fewestBins,
        low > limits.lowerBound || high < limits.upperBound
      {
        low = max(limits.lowerBound, low - 1)
        high = min(limits.upperBound, high + 1)
      }
    }
    widen(within: row - below..<row + above + 1)
    // In a short recording, all rows.
    widen(within: 0..<rows.count)
    return low..<high
  }

  /// The floor of a row: the median of the rows around it.
  ///
  /// If most of these lie on one side of the row and rise towards it, their slope is extrapolated.
  private static func level(
    of window: Range<Int>, around row: Int, _ rows: PowerRows, _ independence: Double
  ) -> Double {
    let level = median(of: window, rows, independence)
    let (below, above) = (row - window.lowerBound, window.upperBound - 1 - row)
    guard level > 0, max(below, above) > 2 * min(below, above), window.count >= 6 else {
      return level
    }
    let third = window.count / 3
    let near = below < above ? window.prefix(third) : window.suffix(third)
    let far = below < above ? window.suffix(third) : window.prefix(third)
    let (first, second) = (
      median(of: near, rows, independence), median(of: far, rows, independence)
    )
    guard first > second, second > 0 else { return level }
    // The line is straight in dB over the logarithm of frequency.
    func place(_ some: Range<Int>) -> Double {
      some.reduce(0) { $0 + log(Double(max(rows.firstBins[$1], 1))) } / Double(some.count)
    }
    let (x, y) = (place(near), log(first))
    let slope = (y - log(second)) / (x - place(far))
    return max(level, exp(y + slope * (log(Double(max(rows.firstBins[row], 1))) - x)))
  }

  /// The mean power of noise, from the median of some rows.
  private static func median(
    of window: Range<Int>, _ rows: PowerRows, _ independence: Double
  ) -> Double {
    // About 256 rows are enough for the median.
    let step = max(1, window.count / 256)
    var values: [Double] = []
    values.reserveCapacity(window.count / step + 1)
    for row in stride(from: window.lowerBound, to: window.upperBound, by: step) {
      values.append(
        rows.means[row] / medianOfMean(count: Double(rows.binCount(row)) * independence))
    }
    return WavSpectrum.median(&values)
  }
}
