// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSamples
import WavSpectrum

@testable import WavTransforms

@Suite struct WindowTests {
  /// The window by definition.
  private func samples(_ window: Window, _ length: Int) -> [Double] {
    (0..<length).map { n in
      window.coefficients.enumerated().reduce(0) { sum, term in
        sum + term.element * cos(2 * .pi * Double(term.offset * n) / Double(length))
      }
    }
  }

  @Test(arguments: Window.allCases) func sumsAreThoseOfTheSamples(window: Window) {
    for length in [1, 2, 3, 4, 5, 8, 9, 100, 1001] {
      let w = samples(window, length)
      #expect(abs(window.sum(length: length) - w.reduce(0, +)) < 1e-10)
      #expect(abs(window.squareSum(length: length) - w.reduce(0) { $0 + $1 * $1 }) < 1e-10)
    }
  }

  @Test(arguments: Window.allCases) func gatheredSamplesAreWindowed(window: Window) throws {
    let length = 1000
    let ones = [Double](repeating: 1, count: length)
    try ones.withUnsafeBufferPointer { ones in
      let signal = WindowedSignal<Double>(
        SampleReader(try #require(ones.baseAddress), count: length), sampleCount: length,
        window: window)
      let output = AlignedBuffer<Double>(count: 300)
      for start in [0, 1, 333, 850, 1500] {
        signal.copy(from: start, count: 300, to: output.base)
        let w = samples(window, length)
        for index in 0..<300 {
          let expected = start + index < length ? w[start + index] : 0
          #expect(abs(output.base[index] - expected) < 1e-14)
        }
      }
    }
  }

  /// The first half of `scipy.signal.get_window(name, 8)`.
  @Test func windowsAreThoseOfSciPy() {
    let expected: [Window: [Double]] = [
      .rectangular: [1, 1, 1, 1, 1],
      .hann: [0, 0.146446609407, 0.5, 0.853553390593, 1],
      .hamming: [0.08, 0.214730880654, 0.54, 0.865269119346, 1],
      .blackmanHarris: [6e-05, 0.021735837019, 0.21747, 0.695764162981, 1],
      .flattop: [-0.000421051, -0.026872193286, -0.05473684, 0.444135357286, 1.000000003],
    ]
    for window in Window.allCases {
      let found = samples(window, 8)
      for (value, reference) in zip(found, expected[window] ?? []) {
        #expect(abs(value - reference) < 1e-11, "\(window)")
      }
      #expect(expected[window]?.count == 5)
    }
  }

  @Test func noiseBandwidthsAreThoseOfTheBooks() {
    func bandwidth(_ window: Window) -> Double {
      1000 * window.squareSum(length: 1000) / (window.sum(length: 1000) * window.sum(length: 1000))
    }
    #expect(abs(bandwidth(.rectangular) - 1) < 1e-12)
    #expect(abs(bandwidth(.hann) - 1.5) < 1e-12)
    #expect(abs(bandwidth(.hamming) - 1.3628) < 1e-4)
    #expect(abs(bandwidth(.blackmanHarris) - 2.0044) < 1e-4)
    #expect(abs(bandwidth(.flattop) - 3.7702) < 1e-4)
  }
}
