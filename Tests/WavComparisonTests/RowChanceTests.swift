// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@testable import WavComparison

/// What averages over segments may differ by chance, against averages of random powers.
@Suite struct RowChanceTests {
  /// Exponential variables of mean 1.
  private struct Exponential {
    var state: Int

    mutating func next() -> Double {
      state = state * 48271 % 2_147_483_647
      return -log(Double(state) / 2_147_483_647)
    }
  }

  /// Levels of averages of `count` powers of noise.
  private func levels(_ rows: Int, of count: Int, seed: Int) -> [Double] {
    var random = Exponential(state: seed)
    return (0..<rows).map { _ in
      10 * log10((0..<count).reduce(0) { sum, _ in sum + random.next() } / Double(count))
    }
  }

  /// Rows of the same noise are within it, and it is not much wider than they are.
  @Test(arguments: [4, 15, 60]) func noiseStaysWithinIt(count: Int) {
    let (own, other) = (levels(4000, of: count, seed: 3), levels(4000, of: 2 * count, seed: 8))
    let chance = RowChance(
      (own, other), degreesOfFreedom: (2 * Double(count), 4 * Double(count)))
    let shares = chance.decibels.indices.map { abs(own[$0] - other[$0]) / chance.decibels[$0] }
    #expect(shares.allSatisfy { $0 < 1 })
    #expect((shares.max() ?? 0) > 0.4)
  }

  /// The farther a line is above the noise, the less it varies: (1 + 3 s) / (1 + s)^2 of the variance.
  @Test func linesVaryLess() {
    var own = levels(400, of: 50, seed: 3)
    let row = 200
    let other = own
    let chance = RowChance((own, other), degreesOfFreedom: (100, 100)).decibels
    own[row] += 40
    var louder = other
    louder[row] += 40
    let ofLine = RowChance((own, louder), degreesOfFreedom: (100, 100)).decibels
    #expect(ofLine[row] < 0.03 * chance[row])
    #expect(ofLine[row - 40] == chance[row - 40])
    // One that only one side has is not the noise of the other.
    let onOneSide = RowChance((own, other), degreesOfFreedom: (100, 100)).decibels
    #expect(onOneSide[row] == chance[row])
  }

  @Test func silenceHasNoChance() {
    let silent = [Double](repeating: -.infinity, count: 100)
    let chance = RowChance((silent, silent), degreesOfFreedom: (50, 50)).decibels
    #expect(chance.allSatisfy { $0.isFinite && $0 >= 0 })
  }

  /// Independent powers per Hz are about as many as seconds: with the Hann window and half overlap each second has 36 / 19
  /// independent segments, and the powers of bins 1 Hz apart are correlated over 35 / 18 bins.
  @Test(arguments: [(Window.hann, 0.5, 36.0 / 19 / (35.0 / 18)), (.rectangular, 0, 1)])
  func independentBinsAreSeconds(window: Window, overlap: Double, share: Double) throws {
    let layout = SegmentLayout(sampleCount: 8000 * 300, length: 8000, overlap: overlap)
    var facts = SpectrumFacts()
    (facts.sampleRate, facts.transformLength, facts.window) = (8000, 8000, window.rawValue)
    var method = MethodDescription.welch
    method.window = window
    facts.note(method)
    facts.samples = 8000
    facts.degreesOfFreedom = AveragingStatistics(layout, window, .mean).degreesOfFreedom
    let found = try #require(facts.binsPerHertz)
    #expect(abs(found / (300 * share) - 1) < 0.01)
    var other = facts
    other.degreesOfFreedom = facts.degreesOfFreedom.map { $0 / 3 }
    // 1 / n is the mean of 1 / n1 and 1 / n2.
    let both = try #require(SpectrumFacts.binsPerHertz(facts, other))
    #expect(abs(both / found - 0.5) < 1e-9)
  }
}
