// SPDX-License-Identifier: GPL-2.0-or-later

/// The discrete-time Fourier transform of the windowed samples around a bin, also between the bins
/// (``LocalInterpolation``).
///
/// Frequencies are distances from the centre in bins. Numbers are complex, as (re, im), and their phases are
/// counted from the middle sample.
public struct LocalSpectrum: Sendable {
  /// The bin in the centre.
  public let bin: Int
  /// Number of bins known on either side.
  public let reach: Int
  /// Number of parts P; 1 for the exact spectrum.
  let parts: Int
  /// F_p at the bins -reach … reach: [part][bin].
  let values: [SIMD2<Double>]
  /// F_p between -1 and 1 as Chebyshev series: [part][term].
  let series: [SIMD2<Double>]

  /// Magnitude of a bin at most ``reach`` bins away from the centre: the sum over the parts of |F_p[k]|.
  public func magnitude(ofBin distance: Int) -> Double {
    (0..<parts).reduce(0) { total, part in
      let value = value(ofBin: distance, part: part)
      return total + (value * value).sum().squareRoot()
    }
  }

  /// Magnitude at a distance of at most one bin from the centre: the sum over the parts of
  /// |F_p(f)|.
  ///
  /// - Complexity: O(P).
  public func magnitude(_ distance: Double) -> Double {
    // The bin itself is known exactly.
    guard distance != 0 else { return magnitude(ofBin: 0) }
    return (0..<parts).reduce(0) { total, part in
      let value = value(distance, part: part)
      return total + (value * value).sum().squareRoot()
    }
  }

  private func value(ofBin distance: Int, part: Int) -> SIMD2<Double> {
    values[part * (2 * reach + 1) + reach + distance]
  }

  private func value(_ distance: Double, part: Int) -> SIMD2<Double> {
    let terms = LocalInterpolation.terms
    return ChebyshevSeries.sum(series[part * terms..<(part + 1) * terms], at: distance)
  }

  /// How much the spectrum differs from that of a steady sine: the share of the power around the
  /// centre that remains when the sine at the maximum is subtracted.
  ///
  /// - Parameters:
  ///   - maximum: Distance of the maximum from the centre in bins.
  ///   - kernel: The transform of the window.
  ///   - reach: How many bins on either side of the centre count.
  /// - Returns: 0 for a steady sine, up to about 1.
  public func residual(
    at maximum: Double, _ kernel: WindowKernel, within reach: Int
  ) -> Double {
    let top = kernel.response(0)
    var (rest, all) = (0.0, 0.0)
    for part in 0..<parts {
      let amplitude =
        (maximum == 0 ? value(ofBin: 0, part: part) : value(maximum, part: part)) / top
      for bin in -reach...reach {
        let found = value(ofBin: bin, part: part)
        let left = found - amplitude * kernel.response(Double(bin) - maximum)
        rest += (left * left).sum()
        all += (found * found).sum()
      }
    }
    return all > 0 ? rest / all : 0
  }

  /// The maximum of the magnitude near the centre, and its distance: at most one bin; for a steady
  /// sine at most half a bin.
  ///
  /// The transform of N samples changes little within an eighth of a bin, so that points a quarter
  /// of a bin apart bracket the maximum; parabolas through three points then approach it.
  public func maximum() -> (distance: Double, magnitude: Double) {
    let limit = 0.95
    var (x, y) = (0.0, magnitude(0))
    // Uphill from the centre: beyond half a bin there may be another maximum.
    for side in [-1.0, 1] {
      var place = side / 4
      var found = magnitude(place)
      guard found > y else { continue }
      while abs(place) < limit, found > y {
        (x, y) = (place, found)
        place += side / 4
        found = abs(place) < limit ? magnitude(place) : 0
      }
    }
    var step = 0.125
    // Each round moves to the best of the three points and the vertex, then narrows the bracket.
    for _ in 0..<4 {
      let (below, above) = (max(x - step, -limit), min(x + step, limit))
      let (first, last) = (magnitude(below), magnitude(above))
      var candidates = [(below, first), (above, last)]
      if let vertex = vertex((below, first), (x, y), (above, last)), abs(vertex) <= limit {
        candidates.append((vertex, magnitude(vertex)))
      }
      for candidate in candidates where candidate.1 > y { (x, y) = candidate }
      step /= 3
    }
    return (x, y)
  }

  /// The position of the maximum of the parabola through three points, in rising order; nil if it
  /// has none.
  private func vertex(
    _ a: (Double, Double), _ b: (Double, Double), _ c: (Double, Double)
  ) -> Double? {
    let (left, right) = (b.0 - a.0, c.0 - b.0)
    guard left > 0, right > 0 else { return nil }
    let (rise, fall) = ((b.1 - a.1) / left, (c.1 - b.1) / right)
    guard rise > fall else { return nil }
    let middle = (rise * right + fall * left) / (rise - fall) / 2
    return b.0 + middle
  }
}
