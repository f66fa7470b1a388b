// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// How the four-step algorithm factors the transform length: N = columnLength * rowLength.
///
/// It depends only on the length and the number of parts, so that every bit of the result is the
/// same for any number of workers.
public struct FourStepSplit: Sendable, Equatable {
  /// N1, the length of the transforms down the columns.
  public let columnLength: Int
  /// J, the length of the transforms along a row, one for each part.
  public let rowLength: Int

  /// Below this number of samples, all parts together, one plain transform is as fast.
  static let smallest = 1 << 17

  /// A given split, for tests.
  init(columnLength: Int, rowLength: Int) {
    self.columnLength = columnLength
    self.rowLength = rowLength
  }

  /// Chooses the split; nil if none pays: for short transforms, and for lengths with no divisor
  /// near a good column length.
  ///
  /// Measured on a machine with 1 MiB of second-level cache per core: a block of 32 columns and a
  /// row should both fit into the cache. The best column length is then near a third of the square
  /// root of the total length.
  public init?(length: Int, parts: Int) {
    let total = Double(length) * Double(parts)
    guard total >= Double(Self.smallest) else { return nil }
    let target = total.squareRoot() / 3
    let best = divisors(ofProduct: primeFactors(of: length)).min {
      Self.cost($0, length / $0, target) < Self.cost($1, length / $1, target)
    }
    guard let best, best >= 16, Double(best) <= target * 16,
      Double(length / best) * Double(parts) <= total.squareRoot() * 3 * 16
    else { return nil }
    columnLength = best
    rowLength = length / best
  }

  /// Distance from the target in octaves, and penalties.
  ///
  /// Odd lengths waste vector registers. Prime factors that FFTW has no code for cost less in the
  /// columns, where many are transformed at once (measured with 17 in the columns or in the rows:
  /// 2.3 s instead of 2.6 s of processor time for 267,193,080 samples).
  private static func cost(_ column: Int, _ row: Int, _ target: Double) -> Double {
    abs(log2(Double(column) / target)) + (row % 4 == 0 ? 0 : 0.5) + (column % 2 == 0 ? 0 : 0.5)
      + (primeFactors(of: row).allSatisfy { $0 <= 13 } ? 0 : 1)
  }
}
