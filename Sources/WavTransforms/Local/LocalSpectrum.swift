// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The discrete-time Fourier transform of the windowed samples around a bin, at any frequency between
/// the bins.
///
/// Bins interpolate each other exactly, by sums over all of them. For the first and the last few per
/// cent of the samples those sums converge slowly, for all others a taper makes them short. So the
/// samples are divided: the ends (``edges``) are transformed directly, the rest is interpolated from
/// some bins on either side (``interior``), from which the share of the ends has been taken.
///
/// Times are counted from the middle sample, in units of the transform length N: -0.5 to 0.5.
/// Frequencies are distances from the centre in bins. Numbers are complex, as (re, im).
public struct LocalSpectrum: Sendable {
  /// The bin in the centre.
  public let bin: Int
  /// Bins on either side for which all is known.
  public let reach: Int
  /// Number of parts P; 1 for the exact spectrum.
  let parts: Int
  /// The transform without the ends at bins -reach … reach: [part][bin]; empty if all of it is ends.
  let interior: [SIMD2<Double>]
  /// The ends.
  let edges: [EdgeSums]
  /// Magnitudes of the bins -reach … reach.
  let magnitudes: [Double]

  /// The strength s of the taper.
  ///
  /// That is exp(s (sqrt(1 - u^2) - 1)) for |u| <= 1, after A. H. Barnett, J. Magland and L. af Klinteberg,
  /// "A parallel nonuniform fast Fourier transform library", SIAM J. Sci. Comput. 41 (2019).
  let taperStrength: Double
  /// Share of the transform length, times ``reach``, that is an end on either side.
  ///
  /// What lies between the ends is interpolated with errors of -57 dB at a reach of 10 bins and -65 dB at
  /// 64 (RMS over the samples), and -47 dB at worst; with far smaller ones where the samples are
  /// padded with zeros.
  static let edgeShare = 0.8

  /// Magnitude of a bin at most ``reach`` bins away from the centre.
  public func magnitude(ofBin distance: Int) -> Double { magnitudes[distance + reach] }

  /// Magnitude at a distance of at most ``reach`` bins from the centre: the sum over the parts of
  /// |F_p(f)|.
  ///
  /// - Complexity: O(P * reach).
  public func magnitude(_ distance: Double) -> Double {
    var total = 0.0
    for part in 0..<parts {
      let value = self.value(distance, part: part)
      total += (value * value).sum().squareRoot()
    }
    return total
  }

  /// The transform of a part, its phase counted from the middle sample.
  func value(_ distance: Double, part: Int) -> SIMD2<Double> {
    var sum = SIMD2<Double>()
    for edge in edges { sum += edge.value(distance, part: part) }
    guard !interior.isEmpty else { return sum }
    let first = part * (2 * reach + 1) + reach
    let nearest = distance.rounded()
    guard nearest != distance else { return sum + interior[first + Int(distance)] }
    let width = Double(reach)
    let (low, high) = (
      max(-reach, Int((distance - width).rounded(.up))),
      min(reach, Int((distance + width).rounded(.down)))
    )
    // sin(pi (d - m)) = ± sin(pi d): one sine for all terms.
    let sine = sin(.pi * (distance - nearest)) / .pi
    for bin in low...high {
      let offset = distance - Double(bin)
      let place = offset / width
      let taper = exp(taperStrength * ((1 - place * place).squareRoot() - 1))
      let sign = (bin - Int(nearest)) & 1 == 0 ? 1.0 : -1.0
      sum += interior[first + bin] * (sign * sine / offset * taper)
    }
    return sum
  }

  /// How unlike a steady sine the spectrum is: the share of the power around the centre that is left when
  /// the sine that makes the maximum is taken away.
  ///
  /// - Parameters:
  ///   - maximum: Where the maximum is, from the centre in bins.
  ///   - kernel: The transform of the window.
  ///   - reach: How many bins on either side of the centre count.
  /// - Returns: 0 for a steady sine, up to about 1.
  public func residual(
    at maximum: Double, _ kernel: WindowKernel, within reach: Int
  ) -> Double {
    let top = kernel.response(0)
    var (rest, all) = (0.0, 0.0)
    for part in 0..<parts {
      let amplitude = value(maximum, part: part) / top
      for bin in -reach...reach {
        let found = value(Double(bin), part: part)
        let left = found - amplitude * kernel.response(Double(bin) - maximum)
        rest += (left * left).sum()
        all += (found * found).sum()
      }
    }
    return all > 0 ? rest / all : 0
  }

  /// The maximum of the magnitude next to the centre, and where it is: within a bin, of a steady sine within
  /// half a bin.
  ///
  /// The transform of N samples changes little within an eighth of a bin, so that places a quarter of a
  /// bin apart bracket the maximum; parabolas through three of them close in on it.
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
    // A parabola through three points moves x, and each round brings them closer together.
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

  /// Where the parabola through three points, their places rising, has its maximum; nil without one.
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

/// Sums over short runs of samples at one end of the signal, each times exp(-2 pi i k n / N) of the
/// centre bin k.
struct EdgeSums: Sendable {
  /// Time of the middle of the first run.
  let start: Double
  /// Distance of two runs in time.
  let step: Double
  /// The sums: [part][run].
  let sums: [SIMD2<Double>]
  /// Number of runs.
  let count: Int

  /// The transform of the end alone.
  func value(_ distance: Double, part: Int) -> SIMD2<Double> {
    func turn(_ time: Double) -> SIMD2<Double> {
      let angle = -2 * Double.pi * distance * time
      return SIMD2(cos(angle), sin(angle))
    }
    var root = turn(start)
    let rotation = turn(step)
    // What a run loses of an even signal when its phase turns within it.
    let angle = Double.pi * distance * step
    let gain = angle == 0 ? 1 : angle / sin(angle)
    var sum = SIMD2<Double>()
    for index in part * count..<(part + 1) * count {
      sum += complexProduct(sums[index], root)
      root = complexProduct(root, rotation)
    }
    return sum / gain
  }
}
