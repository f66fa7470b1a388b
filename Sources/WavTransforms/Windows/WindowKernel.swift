// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// How a sine between two bins shows in the bins around it: the transform of the window.
///
/// K(d) = |sum over n of w[n] exp(-2 pi i n d / N)|, 0 <= n < L, is the magnitude that a complex
/// sine of amplitude 1 has d bins away from its frequency. For windows that are sums of cosines it
/// is a sum of Dirichlet kernels (F. J. Harris, 1978).
public struct WindowKernel: Sendable {
  private let coefficients: [Double]
  private let samples: Double
  private let length: Double

  /// The kernel of a window over `length.samples` samples in a transform of `length.length`.
  public init(_ window: Window, _ length: TransformLength) {
    coefficients = window.coefficients
    samples = Double(length.samples)
    self.length = Double(length.length)
  }

  /// K(d) for a distance of `bins`.
  public func magnitude(_ bins: Double) -> Double {
    var sum = SIMD2<Double>()
    for (order, coefficient) in coefficients.enumerated() {
      let shift = Double(order) / samples
      let weight = order == 0 ? coefficient : coefficient / 2
      sum += weight * dirichlet(bins / length - shift)
      if order > 0 { sum += weight * dirichlet(bins / length + shift) }
    }
    return (sum * sum).sum().squareRoot()
  }

  /// Sum of exp(-2 pi i n f) over 0 <= n < L, f in cycles per sample.
  private func dirichlet(_ frequency: Double) -> SIMD2<Double> {
    let denominator = sin(.pi * frequency)
    guard abs(denominator) > 1e-300 else { return SIMD2(samples, 0) }
    let amplitude = sin(.pi * frequency * samples) / denominator
    let phase = -.pi * frequency * (samples - 1)
    return SIMD2(amplitude * cos(phase), amplitude * sin(phase))
  }

  /// Where between the bins a sine is whose strongest bin and both neighbours have these magnitudes.
  ///
  /// The ratio of the greater neighbour to the strongest bin rises from on the bin to half-way
  /// between; it is that of exactly one distance, found by bisection. Right for an isolated, steady
  /// sine, whatever the window and the padding. The other neighbour tells whether it is one: a note
  /// that fills only a part of the recording is spread over many bins, and then the strongest bin is
  /// the answer.
  ///
  /// - Returns: Distance from the strongest bin in bins, -0.5 to 0.5, and the magnitude that the sine
  ///   would have on a bin.
  public func interpolate(
    below: Double, strongest: Double, above: Double
  ) -> (offset: Double, magnitude: Double) {
    let ratio = max(below, above) / strongest
    func expected(_ distance: Double) -> Double { magnitude(1 - distance) / magnitude(distance) }
    var (low, high) = (0.0, 0.5)
    if ratio <= expected(low) {
      high = low
    } else if ratio >= expected(high) {
      low = high
    } else {
      for _ in 0..<50 {
        let middle = (low + high) / 2
        if expected(middle) < ratio { low = middle } else { high = middle }
      }
    }
    let distance = (low + high) / 2
    let remaining = magnitude(1 + distance) / magnitude(distance) * strongest
    guard abs(min(below, above) - remaining) <= 0.1 * strongest else { return (0, strongest) }
    return (
      above >= below ? distance : -distance, strongest * magnitude(0) / magnitude(distance)
    )
  }
}
