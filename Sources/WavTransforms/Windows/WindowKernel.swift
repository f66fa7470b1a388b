// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// How strongly a sine between two bins appears in the bins around it: the transform of the window.
///
/// K(d) = |sum over n of w[n] exp(-2 pi i n d / N)|, 0 <= n < L, is the magnitude that a complex
/// sine of amplitude 1 has d bins away from its frequency. For a window that is a sum of cosines, K
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

  /// The kernel with its sign; real, because its phase is counted from the middle of the window.
  public func response(_ bins: Double) -> Double {
    let place = bins / length
    var sum = 0.0
    for (order, coefficient) in coefficients.enumerated() {
      let shift = Double(order) / samples
      // Counted from the middle, cosines of odd order change sign.
      let weight = order & 1 == 0 ? coefficient : -coefficient
      sum +=
        order == 0
        ? weight * signedDirichlet(place)
        : weight / 2 * (signedDirichlet(place - shift) + signedDirichlet(place + shift))
    }
    return sum
  }

  /// Half the width of the main lobe in bins of the transform, rounded up.
  public var halfWidth: Int {
    Int((Double(coefficients.count) * length / samples).rounded(.up))
  }

  /// The upper limit of the side lobes, relative to the main lobe: 1 / (pi d) for the rectangular
  /// window; 1 within the main lobe.
  ///
  /// All terms of the kernel have the factor sin(pi d); apart from it they change slowly.
  public func envelope(_ bins: Double) -> Double {
    let place = abs(bins) / length
    guard place * samples > Double(coefficients.count) else { return 1 }
    var sum = coefficients[0] / sin(.pi * min(place, 0.5))
    for (order, coefficient) in coefficients.enumerated().dropFirst() {
      let shift = Double(order) / samples
      sum +=
        coefficient / 2
        * (1 / sin(.pi * min(place - shift, 0.5)) + 1 / sin(.pi * min(place + shift, 0.5)))
    }
    return min(1, abs(sum) / (abs(coefficients[0]) * samples))
  }

  /// Sum of exp(-2 pi i n f) over L values of n on either side of 0.
  private func signedDirichlet(_ frequency: Double) -> Double {
    let denominator = sin(.pi * frequency)
    guard abs(denominator) > 1e-300 else { return samples }
    return sin(.pi * frequency * samples) / denominator
  }
}
