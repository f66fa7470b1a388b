// SPDX-License-Identifier: GPL-2.0-or-later

/// A rise of the spectrum that falls off on both sides: a note that is no steady line.
public struct Hump: Sendable, Equatable {
  /// The row that has the strongest bin.
  public let row: Int
  /// Power of the summit, averaged.
  public let power: Double
}

extension PowerRows {
  /// The humps of the spectrum: where the power, averaged over at least 32 bins, is greatest and falls
  /// by 6 dB on either side before it rises any higher, or the band ends.
  ///
  /// That is the prominence of a summit in topography. Averaged over 32 bins noise scatters by
  /// 0.8 dB.
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
      // Both ends only ever move up, as rows do.
      let wanted = firstBins[row] + binCount(row) / 2
      while high < count, firstBins[high] < wanted + 16 { high += 1 }
      while low < row, firstBins[low + 1] <= wanted - 16 { low += 1 }
      return mean(low..<high)
    }
  }

  /// For each row the least value between it and the next higher one before it, or the first; with
  /// `isReversed` between it and the next higher one behind it, or the last.
  private func deepest(_ values: [Double], isReversed: Bool) -> [Double] {
    var result = [Double](repeating: .infinity, count: values.count)
    // Rows that are higher than all that follow, each with the least value since the one below it.
    var stack: [(value: Double, least: Double)] = []
    stack.reserveCapacity(64)
    for step in 0..<values.count {
      let row = isReversed ? values.count - 1 - step : step
      var least = values[row]
      // Of equal summits the first counts as the higher one.
      while let top = stack.last, isReversed ? top.value <= values[row] : top.value < values[row] {
        least = min(least, top.least)
        stack.removeLast()
      }
      result[row] = least
      stack.append((values[row], least))
    }
    return result
  }

  /// The row with the strongest bin where a hump is at most 6 dB below its summit.
  private func strongestRow(around row: Int, _ smooth: [Double]) -> Int {
    var (low, high) = (row, row)
    while low > 0, smooth[low - 1] >= smooth[row] / 4 { low -= 1 }
    while high < count - 1, smooth[high + 1] >= smooth[row] / 4 { high += 1 }
    return (low...high).max { greatest[$0] < greatest[$1] } ?? row
  }
}
