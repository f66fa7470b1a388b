// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// How frequencies are spaced along an axis.
public enum FrequencySpacing: String, Sendable, CaseIterable {
  /// Equal ratios have equal distances.
  case logarithmic
  /// Equal differences have equal distances.
  case linear

  /// The edges of `rowCount` equally high rows in a range of frequencies in Hz; the first and the last
  /// edge are exactly the ends of the range.
  ///
  /// - Precondition: `rowCount` is at least 1; the range is not empty, and of a logarithmic spacing it
  ///   begins above 0 Hz.
  public func edges(of range: ClosedRange<Double>, rowCount: Int) -> [Double] {
    let (low, high) = (range.lowerBound, range.upperBound)
    precondition(rowCount > 0 && low < high && (low > 0 || self == .linear))
    let inner = (1..<rowCount).map { row in
      let share = Double(row) / Double(rowCount)
      return self == .linear ? low + (high - low) * share : low * pow(high / low, share)
    }
    return [low] + inner + [high]
  }
}
