// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Every bin of a band of a spectrum, from low to high frequency, counted from index 0.
public struct EveryBin: Sendable {
  /// The bins of the transform, counted from DC: index 0 is the first of them.
  public let bins: Range<Int>
  /// The magnitude of each: |X[k]|, or the sum over the parts of |F_p[k]|.
  ///
  /// They were computed in the precision of the method. `magnitudes.span` is a view without a copy.
  public let magnitudes: [Double]

  let grid: BinGrid
  let scaling: Scaling

  /// Number of bins.
  public var count: Int { bins.count }

  /// Frequency in Hz of the bin at an index, correctly rounded.
  ///
  /// - Complexity: O(1).
  public func frequency(at index: Int) -> Double {
    precondition((0..<count).contains(index), "an index of the bins")
    return grid.frequency(of: bins.lowerBound + index)
  }

  /// Level in dBFS of the bin at an index; minus infinity for silence.
  ///
  /// - Complexity: O(1).
  public func level(at index: Int) -> Double {
    scaling.level(
      magnitude: magnitudes[index], isUnpaired: grid.isUnpaired(bins.lowerBound + index))
  }

  /// Index of the first bin at or above a frequency in Hz; ``count`` if there is none.
  ///
  /// - Complexity: O(1).
  public func index(atOrAbove frequency: Double) -> Int {
    let bin = grid.firstBin(atOrAbove: frequency)
    return min(max(bin, bins.lowerBound), bins.upperBound) - bins.lowerBound
  }
}
