// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavSpectrum

@Suite struct DecibelsTests {
  @Test func decibelsAreThoseOfTheDefinition() {
    var value = Float(1e-37)
    var worst = 0.0
    while value < 1e37 {
      for candidate in [value, value.nextUp, value * 1.41421356, value * 1.0001] {
        let found = Double(decibels(of: SIMD8(repeating: candidate))[3])
        let expected = 20 * log10(Double(candidate))
        let unit = max(Double(Float(expected).ulp), 2e-6)
        worst = max(worst, abs(found - expected) / unit)
      }
      value *= 1.0173
    }
    #expect(worst <= 2, "\(worst) units of the last place")
  }

  @Test func oneIsZeroExactly() { #expect(decibels(of: SIMD8(repeating: 1)) == SIMD8()) }

  @Test func silenceAndTheSmallestNumbersHaveTheirLevels() {
    let levels = decibels(of: [0, .leastNonzeroMagnitude, 1, 10, 0.1, .infinity, 2, 1e-40])
    #expect(levels[0] == -.infinity)
    #expect(levels[1] == Float(20 * log10(Double(Float.leastNonzeroMagnitude))))
    #expect(levels[3] == 20)
    #expect(levels[4] == -20)
    #expect(levels[5] == .infinity)
    #expect(levels[7] == Float(20 * log10(Double(Float(1e-40)))))
  }
}
