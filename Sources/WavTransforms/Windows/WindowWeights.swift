// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The weights of a window, computed on the fly.
struct WindowWeights<Scalar: FFTWScalar> {
  private let polynomial: [Double]
  /// Nil for the rectangular window.
  private let roots: UnitRoots?
  private let steps: [SIMD2<Double>]

  /// Samples windowed at a time: one exact cosine, and the others from it by angle addition.
  private static var run: Int { 64 }

  /// The weights of a window of `length` samples.
  init(_ window: Window, length: Int) {
    polynomial = window.polynomial
    if window == .rectangular {
      roots = nil
      steps = []
    } else {
      let roots = UnitRoots(order: length)
      self.roots = roots
      steps = (0..<Self.run).map { roots[$0 % length] }
    }
  }

  /// Multiplies samples by the weights `start ..< start + count`.
  func apply(from start: Int, count: Int, to samples: UnsafeMutablePointer<Scalar>) {
    guard let roots else { return }
    for first in stride(from: 0, to: count, by: Self.run) {
      let root = roots[start + first]
      for index in 0..<min(Self.run, count - first) {
        let cosine = root.x * steps[index].x - root.y * steps[index].y
        var weight = 0.0
        for factor in polynomial.reversed() { weight = weight * cosine + factor }
        samples[first + index] *= Scalar(weight)
      }
    }
  }
}
