// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavSpectrum

/// When two frequencies are near each other.
struct PeakDistanceTests {
  @Test func halfASemitoneIsTheSameAnywhere() {
    for frequency in [0.5, 20, 440, 20000.0] {
      #expect(PeakDistance.note.isNearer(frequency, frequency * exp2(0.99 / 24)))
      #expect(PeakDistance.note.isNearer(frequency, frequency * exp2(-0.99 / 24)))
      #expect(!PeakDistance.note.isNearer(frequency, frequency * exp2(1.01 / 24)))
    }
  }

  /// DC has no pitch.
  @Test func zeroIsNearToItselfAlone() {
    #expect(PeakDistance.note.isNearer(0, 0))
    #expect(!PeakDistance.note.isNearer(0, 1e-9))
    #expect(!PeakDistance.note.isNearer(1e-9, 0))
    #expect(PeakDistance.hertz(1).isNearer(0, 0.5))
  }

  @Test func aDistanceInHertzIsTheSameAnywhere() {
    #expect(PeakDistance.hertz(2).isNearer(100, 101.9))
    #expect(!PeakDistance.hertz(2).isNearer(100, 102))
    #expect(!PeakDistance.hertz(2).isNearer(10000, 10002.1))
  }
}
