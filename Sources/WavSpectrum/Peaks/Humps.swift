// SPDX-License-Identifier: GPL-2.0-or-later

/// A broad maximum of the spectrum: a note that is not a steady line.
public struct Hump: Sendable, Equatable {
  /// The row that has the strongest bin.
  public let row: Int
  /// Power of the summit in the smoothed spectrum.
  public let power: Double
}

extension PowerRows {
  /// The humps of the spectrum: maxima of the power, averaged over at least 32 bins, from which the
  /// power falls by 6 dB on both sides before it exceeds the maximum, or before the band ends.
  ///
  /// Topography calls this the prominence of a summit. Noise averaged over 32 bins scatters by 0.8
  /// dB.
  ///
  /// - Complexity: O(rows).
  public func humps() -> [Hump] {
    guard count > 0 else { return [] }
    let smooth = smoothed()
    let before = deepest(smooth, isReversed: false)
    let after = deepest(smooth, isReversed: true)
    return smooth.indices.compactMap { row in
      let summit = smooth[row]
      guard summit > 0, before[row] <= summit / 4, after[row] <= summit / 4 else { return nil }
      return Hump(row: strongestRow(around: row, smooth), power: summit)
    }
  }

  /// Mean power over at least 32 bins around each row.
  private func smoothed() -> [Double] {
    var (low, high) = (0, 1)
    return (0..<count).map { row in
      low = max(low, 0)
      high = max(high, row + 1)
      // As the row index rises, both ends only move up.
      let wanted = firstBins[row] + binCount(row) / 2
      while high < count, firstBins[high] < wanted + 16 { high += 1 }
      while low < row, firstBins[low + 1] <= wanted - 16 { low += 1 }
      return mean(low..<high)
    }
  }

  /// For each row, the least value between it and the nearest higher row before it, or the first
  /// row.
  ///
  /// With `isReversed`, between it and the nearest higher row after it, or the last row.
  private func deepest(_ values: [Double], isReversed: Bool) -> [Double] {
    var result = [Double](repeating: .infinity, count: values.count)
    // Rows higher than all rows visited after them, each with its least value so far.
    var stack: [(value: Double, least: Double)] = []
    stack.reserveCapacity(64)
    for step in 0..<values.count {
      let row = isReversed ? values.count - 1 - step : step
      var least = values[row]
      // Among equal summits the first counts as the highest.
      while let top = stack.last, isReversed ? top.value <= values[row] : top.value < values[row] {
        least = min(least, top.least)
        stack.removeLast()
      }
      result[row] = least
      stack.append((values[row], least))
    }
    return result
  }

  /// The row with the strongest bin among the rows at most 6 dB below the hump's summit.
  private func strongestRow(around row: Int, _ smooth: [Double]) -> Int {
    var (low, high) = (row, row)
    while low > 0, smooth[low - 1] >= smooth[row] / 4 { low -= 1 }
    while high < count - 1, smooth[high + 1] >= smooth[row] / 4 { high += 1 }
    return (low...high).max { greatest[$0] < greatest[$1] } ?? row
  }
}
