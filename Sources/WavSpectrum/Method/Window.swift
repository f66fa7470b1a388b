// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A window function: a sum of cosines, periodic ("DFT-even"), as spectral analysis needs it.
///
/// w[n] = sum over k of a_k cos(2 pi k n / L) for 0 <= n < L. The coefficients are those of
/// `scipy.signal.get_window`, after F. J. Harris, "On the use of windows for harmonic analysis with
/// the discrete Fourier transform", Proc. IEEE 66 (1978), and for the flat top after G. D'Antona
/// and A. Ferrero, "Digital signal processing for measurement systems" (2006).
public enum Window: String, Sendable, Codable, CaseIterable {
  /// All ones: the narrowest lines, the most leakage.
  case rectangular
  /// Hann: the usual choice for noise-like signals.
  case hann
  /// Hamming.
  case hamming
  /// Four-term Blackman-Harris: leakage below -92 dB.
  case blackmanHarris = "blackman-harris"
  /// Flat top: levels accurate to 0.01 dB anywhere between bins, at the cost of resolution.
  case flattop

  /// The factors a_0, a_1, … of the cosines.
  public var coefficients: [Double] {
    switch self {
    case .rectangular: [1]
    case .hann: [0.5, -0.5]
    case .hamming: [0.54, -0.46]
    case .blackmanHarris: [0.35875, -0.48829, 0.14128, -0.01168]
    case .flattop: [0.21557895, -0.41663158, 0.277263158, -0.083578947, 0.006947368]
    }
  }

  /// S1, the sum of w[n] over 0 <= n < length.
  public func sum(length: Int) -> Double {
    coefficients.enumerated().reduce(0) { total, term in
      // The cosines of order k add up to 0, unless each of them is 1.
      total + (term.offset % length == 0 ? Double(length) * term.element : 0)
    }
  }

  /// S2, the sum of w[n]^2 over 0 <= n < length.
  public func squareSum(length: Int) -> Double {
    var total = 0.0
    for (first, a) in coefficients.enumerated() {
      for (second, b) in coefficients.enumerated() {
        // cos x cos y = (cos(x - y) + cos(x + y)) / 2
        if (first - second) % length == 0 { total += a * b * Double(length) / 2 }
        if (first + second) % length == 0 { total += a * b * Double(length) / 2 }
      }
    }
    return total
  }

  /// The weight at a place between 0, the beginning of the window, and 1, its end.
  public func weight(at place: Double) -> Double {
    coefficients.enumerated().reduce(0) {
      $0 + $1.element * cos(2 * .pi * Double($1.offset) * place)
    }
  }

  /// Standard deviation of time when the square of the window is its density, in durations of the
  /// window: 0.289 for the rectangular window.
  public var timeSpread: Double {
    let count = 1024
    var (total, moment) = (0.0, 0.0)
    for index in 0..<count {
      let place = (Double(index) + 0.5) / Double(count)
      let weight = weight(at: place)
      total += weight * weight
      moment += weight * weight * (place - 0.5) * (place - 0.5)
    }
    return (moment / total).squareRoot()
  }

  /// The coefficients of the same window as a polynomial in c = cos(2 pi n / L), lowest first.
  ///
  /// One cosine per sample is enough: cos(k x) is the Chebyshev polynomial T_k of cos x.
  package var polynomial: [Double] {
    var result = [Double](repeating: 0, count: coefficients.count)
    var before: [Double] = []
    var current: [Double] = [1]
    for coefficient in coefficients {
      for (power, factor) in current.enumerated() { result[power] += coefficient * factor }
      var next = [0.0] + current.map { before.isEmpty ? $0 : 2 * $0 }
      for (power, factor) in before.enumerated() { next[power] -= factor }
      (before, current) = (current, next)
    }
    return result
  }
}
