// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavSpectrum

@Suite struct FrequencyWeightingTests {
  /// Nominal frequency in Hz, A and C in dB, by Table 3 of IEC 61672-1:2013.
  ///
  /// The values are those at the exact frequencies of third-octaves.
  private static let table: [(nominal: Double, a: Double, c: Double)] = [
    (10, -70.4, -14.3), (12.5, -63.4, -11.2), (16, -56.7, -8.5), (20, -50.5, -6.2),
    (25, -44.7, -4.4), (31.5, -39.4, -3.0), (40, -34.6, -2.0), (50, -30.2, -1.3),
    (63, -26.2, -0.8), (80, -22.5, -0.5), (100, -19.1, -0.3), (125, -16.1, -0.2),
    (160, -13.4, -0.1), (200, -10.9, 0), (250, -8.6, 0), (315, -6.6, 0), (400, -4.8, 0),
    (500, -3.2, 0), (630, -1.9, 0), (800, -0.8, 0), (1000, 0, 0), (1250, 0.6, 0),
    (1600, 1.0, -0.1), (2000, 1.2, -0.2), (2500, 1.3, -0.3), (3150, 1.2, -0.5),
    (4000, 1.0, -0.8), (5000, 0.5, -1.3), (6300, -0.1, -2.0), (8000, -1.1, -3.0),
    (10000, -2.5, -4.4), (12500, -4.3, -6.2), (16000, -6.6, -8.5), (20000, -9.3, -11.2),
  ]

  @Test func gainsAreThoseOfTheStandard() {
    for (index, row) in Self.table.enumerated() {
      let band = BandScheme.thirdOctave.band(index - 20)
      #expect(band.nominal == row.nominal)
      for (weighting, gain) in [(FrequencyWeighting.a, row.a), (.c, row.c), (.z, 0)] {
        #expect(
          abs(weighting.gain(at: band.midband) - gain) < 0.05, "\(weighting), \(row.nominal) Hz")
      }
    }
  }

  /// The standard defines the corners by equations, and the gain as that of a product of filters.
  @Test func cornersAreThoseOfTheEquations() {
    let (low, high, middle) = (pow(10, 1.5), pow(10, 3.9), pow(10, 2.45))
    let d = 0.5.squareRoot()
    let product = low * low * high * high
    let b = (1e6 + product / 1e6 - d * (low * low + high * high)) / (1 - d)
    let root = (b * b - 4 * product).squareRoot()
    let (f1, f4) = (((-b - root) / 2).squareRoot(), ((-b + root) / 2).squareRoot())
    let (f2, f3) = ((3 - 5.squareRoot()) / 2 * middle, (3 + 5.squareRoot()) / 2 * middle)
    func a(_ f: Double) -> Double {
      let x = f * f
      return 20
        * log10(
          f4 * f4 * x * x
            / ((x + f1 * f1) * ((x + f2 * f2) * (x + f3 * f3)).squareRoot() * (x + f4 * f4)))
    }
    func c(_ f: Double) -> Double {
      20 * log10(f4 * f4 * f * f / ((f * f + f1 * f1) * (f * f + f4 * f4)))
    }
    // The standard normalises by 2.000 and 0.062 dB.
    #expect(abs(a(1000) + 2) < 5e-4 && abs(c(1000) + 0.062) < 5e-4)
    for f in [0.01, 1, 17.3, 20, 100, 440, 3000, 12345, 90000] {
      #expect(abs(FrequencyWeighting.a.gain(at: f) - (a(f) - a(1000))) < 1e-6)
      #expect(abs(FrequencyWeighting.c.gain(at: f) - (c(f) - c(1000))) < 1e-6)
    }
  }

  @Test func endsOfTheAxisAreFinite() {
    for weighting in FrequencyWeighting.allCases {
      #expect(weighting.powerFactor(at: 1000) == 1)
      #expect(weighting.powerFactor(at: 0) == (weighting == .z ? 1 : 0))
      #expect(weighting.powerFactor(at: 1e-12) >= 0)
      #expect(weighting.powerFactor(at: 1e12).isFinite)
    }
    #expect(FrequencyWeighting(rawValue: "A") == .a)
  }

  @Test(arguments: FrequencyWeighting.allCases)
  func theSlopeIsTheDerivativeAndFalls(weighting: FrequencyWeighting) {
    var previous = Double.infinity
    for step in 0..<400 {
      let f = 0.01 * pow(10, Double(step) / 50)
      let slope = weighting.slope(at: f)
      let h = 1e-4
      let change = weighting.gain(at: f * exp2(h)) - weighting.gain(at: f * exp2(-h))
      #expect(abs(slope - change / (2 * h)) < 1e-5)
      #expect(slope <= previous)
      previous = slope
    }
  }
}
