// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Chebyshev series on -1 … 1: from values at the zeros of the polynomial of degree n, and back.
///
/// After L. N. Trefethen, "Approximation theory and approximation practice" (SIAM 2013), chapter 3, and
/// C. W. Clenshaw, "A note on the summation of Chebyshev series", Math. Comp. 9 (1955).
struct ChebyshevSeries {
  private let terms: Int
  /// cos(pi k (m + 1/2) / n) times 2 / n, or 1 / n for k = 0: [k][m].
  private let matrix: [Double]

  /// A series of n terms.
  init(terms: Int) {
    self.terms = terms
    matrix = (0..<terms * terms).map { index in
      let (k, m) = index.quotientAndRemainder(dividingBy: terms)
      return (k == 0 ? 1 : 2) / Double(terms)
        * cos(.pi * Double(k) * (Double(m) + 0.5) / Double(terms))
    }
  }

  /// The coefficients of the series with these values at cos(pi (m + 1/2) / n), m = 0 … n - 1.
  ///
  /// - Complexity: O(n^2).
  func coefficients(_ values: [Double]) -> [Double] {
    (0..<terms).map { k in
      values.enumerated().reduce(0) { $0 + matrix[k &* terms &+ $1.offset] * $1.element }
    }
  }

  /// The sum of a series at a point.
  ///
  /// - Complexity: O(n).
  @inline(__always)
  static func sum(_ series: ArraySlice<SIMD2<Double>>, at place: Double) -> SIMD2<Double> {
    var (next, afterNext) = (SIMD2<Double>(), SIMD2<Double>())
    for index in series.indices.dropFirst().reversed() {
      (next, afterNext) = (2 * place * next - afterNext + series[index], next)
    }
    return place * next - afterNext + series[series.startIndex]
  }
}
