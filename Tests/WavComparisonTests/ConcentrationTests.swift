// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavComparison

/// Which peaks are steady lines.
struct ConcentrationTests {
  private func isLine(_ power: @escaping (Double) -> Double) -> Bool {
    let bands = Bands(spacing: 0.1) { 1e-14 + power($0) }
    let strongest = bands.levels.indices.max { bands.levels[$0] < bands.levels[$1] } ?? 0
    let place = (bands.edges[strongest].lowerBound + bands.edges[strongest].upperBound) / 2
    return Concentration(bands.powers, edges: bands.edges, noiseBandwidth: 1)
      .isLine(bands.levels[strongest], at: place)
  }

  @Test func aSineIsALine() {
    #expect(isLine { abs($0 - 440) < 0.01 ? 0.005 : 0 })
    // Half-way between two bins of the rectangular window: (2 / pi)^2 of the power in each of them.
    #expect(isLine { abs($0 - 440.05) < 0.06 ? 0.405 * 0.005 : 0 })
  }

  @Test func aVaryingNoteIsNotALine() {
    #expect(!isLine { abs($0 - 440) < 0.5 ? 0.001 / (1 + 20 * abs($0 - 440)) : 0 })
    #expect(!isLine { 1e-6 / (1 + pow($0 - 440, 2)) })
  }

  @Test func noiseIsNotALine() {
    var generator = Generator(state: 4)
    #expect(!isLine { _ in 1e-9 * generator.exponential() })
  }

  @Test func beyondTheBandThereIsNothing() {
    let bands = Bands(spacing: 1) { _ in 1e-9 }
    #expect(
      !Concentration(bands.powers, edges: bands.edges, noiseBandwidth: 1).isLine(0, at: 30000))
  }
}
