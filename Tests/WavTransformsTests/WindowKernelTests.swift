// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavTransforms

@Suite struct WindowKernelTests {
  /// The window's transform by its definition.
  private func naive(_ window: Window, _ samples: Int, _ length: Int, _ bins: Double) -> Double {
    var sum = SIMD2<Double>()
    for n in 0..<samples {
      let weight = window.coefficients.enumerated().reduce(0) { total, term in
        total + term.element * cos(2 * .pi * Double(term.offset * n) / Double(samples))
      }
      let angle = -2 * .pi * Double(n) * bins / Double(length)
      sum += weight * SIMD2(cos(angle), sin(angle))
    }
    return (sum * sum).sum().squareRoot()
  }

  @Test(arguments: Window.allCases) func theKernelIsTheTransformOfTheWindow(window: Window) throws {
    for (samples, length) in [(64, 64), (50, 64), (33, 100)] {
      let transform = try #require(TransformLength(samples: samples, rule: .fixed(length)))
      let kernel = WindowKernel(window, transform)
      for bins in [0, 0.25, 0.5, -0.7, 1, 1.5, 3.2] {
        #expect(abs(kernel.magnitude(bins) - naive(window, samples, length, bins)) < 1e-10)
      }
    }
  }

  @Test(arguments: Window.allCases, [64, 100])
  func aSineAnywhereBetweenTwoBinsIsFound(window: Window, length: Int) throws {
    let transform = try #require(TransformLength(samples: 64, rule: .fixed(length)))
    let kernel = WindowKernel(window, transform)
    for step in -10...10 {
      let place = Double(step) / 20
      let found = kernel.interpolate(
        below: kernel.magnitude(-1 - place), strongest: kernel.magnitude(-place),
        above: kernel.magnitude(1 - place))
      #expect(abs(abs(found.offset) - abs(place)) < 1e-6)
      if abs(place) < 0.49 { #expect(abs(found.offset - place) < 1e-6) }
      #expect(abs(found.magnitude / kernel.magnitude(0) - 1) < 1e-6)
    }
  }

  @Test(arguments: Window.allCases) func aBroadPeakKeepsItsStrongestBin(window: Window) throws {
    let transform = try #require(TransformLength(samples: 64, rule: .exact))
    let kernel = WindowKernel(window, transform)
    let found = kernel.interpolate(below: 0.99, strongest: 1, above: 0.98)
    // The flat top of a sine looks the same in three bins, and reads the same level.
    #expect(found.offset == 0 || window == .flattop)
    #expect(abs(found.magnitude - 1) < 1e-3)
  }
}
