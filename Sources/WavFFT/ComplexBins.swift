// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Every bin of a band as a complex number, from low to high frequency, counted from index 0.
public struct ComplexBins: Sendable {
  /// The bins of the transform, counted from DC: index 0 is the first of them.
  public let bins: Range<Int>
  /// X[k] = sum over n of w[n] x[n] exp(-2 pi i k n / N), not normalised: its real and imaginary part.
  ///
  /// Sample n = 0 is the first one that was selected. The numbers were computed in the precision of the method.
  public let numbers: [SIMD2<Double>]

  let grid: BinGrid

  /// Number of bins.
  public var count: Int { bins.count }

  /// Frequency in Hz of the bin at an index, correctly rounded.
  ///
  /// - Complexity: O(1).
  public func frequency(at index: Int) -> Double {
    precondition((0..<count).contains(index), "an index of the bins")
    return grid.frequency(of: bins.lowerBound + index)
  }
}
