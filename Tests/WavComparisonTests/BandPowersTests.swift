// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavComparison

/// Powers in third-octave bands, and the differences that chance explains.
struct BandPowersTests {
  private var tolerances: Tolerances {
    var tolerances = Tolerances()
    tolerances.power = 0.1
    return tolerances
  }

  private func differences(
    _ a: Bands, _ b: Bands, _ tolerances: Tolerances, seconds: Double = 10, offset: Double = 0
  ) -> [BandDifference] {
    BandPowers(a.powers, b.powers, edges: b.edges, binsPerHertz: seconds)
      .differences(tolerances, offset: offset)
  }

  /// IEC 61260-1, base ten: 1 kHz is a centre, ten bands are a decade, and bands touch.
  @Test func bandsAreThoseOfTheStandard() {
    let thousand = ThirdOctaves.index(of: 1000)
    #expect(abs(ThirdOctaves.centre(thousand) - 1000) < 1e-9)
    #expect(abs(ThirdOctaves.centre(thousand + 10) - 10000) < 1e-8)
    #expect(ThirdOctaves.index(of: 1000 * pow(10, 0.0499)) == thousand)
    #expect(ThirdOctaves.index(of: 1000 * pow(10, 0.0501)) == thousand + 1)
    #expect(ThirdOctaves.index(of: 1000 * pow(10, -0.0501)) == thousand - 1)
    #expect(ThirdOctaves.index(of: 0) == 0)
    #expect(ThirdOctaves.index(of: 1e9) == ThirdOctaves.count - 1)
  }

  /// A sine of amplitude 0.1 has -20 dBFS, however it is spread over the rows of its band.
  @Test func levelsAreThoseOfTheSineWithThePower() throws {
    let line = Bands(spacing: 0.1) { abs($0 - 1000) < 0.01 ? 0.005 : 0 }
    let bands = differences(line, line, tolerances)
    let band = try #require(bands.first { abs($0.centre - 1000) < 1 })
    #expect(abs(band.level + 20) < 1e-9)
    #expect(band.decibels == 0)
    #expect(!band.isViolation)
  }

  @Test func theToleranceHasTwoSidesAndAFloor() throws {
    func level(_ db: Double) -> Bands { Bands(spacing: 0.1) { _ in 1e-8 * pow(10, db / 10) } }
    for (change, isViolation) in [(0.09, false), (-0.09, false), (0.11, true), (-0.11, true)] {
      let bands = differences(level(change), level(0), tolerances)
      #expect(bands.count == 31)
      #expect(bands.allSatisfy { $0.isViolation == isViolation }, "\(change)")
    }
    // An offset that does not count is subtracted from the spectrum.
    #expect(!differences(level(3), level(0), tolerances, offset: 3).contains { $0.isViolation })
    var raised = tolerances
    raised.floor = 0
    #expect(!differences(level(9), level(0), raised).contains { $0.isViolation })
  }

  /// Newly generated noise: the scatter of a band's power is as predicted, and the tolerance that
  /// allows for chance accepts two noises as the same, but not one that is slightly louder.
  @Test func chanceIsWhatNoiseHas() {
    var generator = Generator(state: 1)
    var chance = tolerances
    chance.allowsChance = true
    var (squares, count, louder) = (0.0, 0, 0)
    for _ in 0..<20 {
      let a = Bands(spacing: 0.5) { _ in 1e-9 * generator.exponential() }
      let b = Bands(spacing: 0.5) { _ in 1e-9 * generator.exponential() }
      let bands = differences(a, b, chance, seconds: 2)
      #expect(!bands.contains { $0.isViolation })
      #expect(differences(a, b, tolerances, seconds: 2).contains { $0.isViolation })
      for band in bands where band.centre > 500 {
        let bins = 2 * (band.range.upperBound - band.range.lowerBound)
        squares += pow(band.decibels / (BandPowers.chance(bins: bins) / 5), 2)
        count += 1
      }
      if differences(a, b, chance, seconds: 2, offset: -1).contains { $0.isViolation } {
        louder += 1
      }
    }
    let scatter = (squares / Double(count)).squareRoot()
    #expect((0.9...1.1).contains(scatter), "\(scatter)")
    #expect(louder == 20)
  }

  @Test func withoutALimitThereIsNoComparison() {
    let line = Bands(spacing: 1) { _ in 1e-9 }
    #expect(differences(line, line, Tolerances()).isEmpty)
  }
}
