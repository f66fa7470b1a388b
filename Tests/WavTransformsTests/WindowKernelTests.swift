// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@testable import WavTransforms

@Suite struct WindowKernelTests {
  /// The transform of the window by definition.
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

  @Test(arguments: Window.allCases) func theSignedKernelHasTheSameMagnitude(window: Window) throws {
    let transform = try #require(TransformLength(samples: 50, rule: .fixed(70)))
    let kernel = WindowKernel(window, transform)
    for bins in [0, 0.25, -0.7, 1, 3.2, 12.9] {
      // The middle is between two samples: half a sample turns the phase slightly.
      let difference = abs(abs(kernel.response(bins)) - kernel.magnitude(bins))
      #expect(difference < (window == .rectangular ? 1e-10 : 1e-3) * kernel.response(0))
    }
    #expect(kernel.response(0) > 0)
  }

  @Test(arguments: Window.allCases, [1000, 3000])
  func sideLobesStayBelowTheEnvelopeAndTouchIt(window: Window, length: Int) throws {
    let transform = try #require(TransformLength(samples: 1000, rule: .fixed(length)))
    let kernel = WindowKernel(window, transform)
    let pad = Double(length) / 1000
    #expect(kernel.envelope(0.5 * pad) == 1)
    for lobe in [6.0, 9, 20, 77] {
      let places = (0..<40).map { (lobe + Double($0) / 40) * pad }
      let ratios = places.map {
        abs(kernel.response($0)) / kernel.response(0) / kernel.envelope($0)
      }
      #expect(ratios.allSatisfy { $0 <= 1 + 1e-6 })
      #expect((ratios.max() ?? 0) > 0.98)
    }
  }

  @Test func spreadsOfTimeAreThoseOfTheFalseAlarmFormula() {
    // c = sqrt(4 pi) times the spread: 1.023 for the rectangular window, 0.501 for Hann, ...
    let expected: [Window: Double] = [
      .rectangular: 1.023, .hann: 0.501, .hamming: 0.542, .blackmanHarris: 0.359, .flattop: 0.247,
    ]
    for (window, factor) in expected {
      #expect(abs((4 * Double.pi).squareRoot() * window.timeSpread - factor) < 2e-3)
    }
  }
}
