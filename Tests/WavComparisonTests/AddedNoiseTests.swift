// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavComparison

/// When added power is called noise, and its level.
struct AddedNoiseTests {
  private static let spacing = 0.1

  /// The noise found when `power` is added to a line at 1 kHz and a weak smooth floor; nil if it is
  /// not called noise.
  private func found(_ power: (Double) -> Double) -> AddedNoise? {
    let base = { (frequency: Double) in abs(frequency - 1000) < 0.01 ? 0.005 : 1e-16 }
    let reference = Bands(spacing: Self.spacing, power: base)
    let changed = Bands(spacing: Self.spacing) { base($0) + power($0) }
    return AddedNoise(
      in: AddedNoise.Side(powers: changed.powers, levels: changed.levels),
      over: AddedNoise.Side(powers: reference.powers, levels: reference.levels),
      edges: reference.edges, binsPerHertz: 1 / Self.spacing, noiseBandwidth: 1
    ) { centre in
      let sums = reference.edges.indices.reduce((0.0, 0.0)) { sums, row in
        let middle = (reference.edges[row].lowerBound * reference.edges[row].upperBound)
          .squareRoot()
        guard abs(ThirdOctaves.centre(ThirdOctaves.index(of: middle)) - centre) < 0.01 * centre
        else { return sums }
        return (sums.0 + changed.powers[row], sums.1 + reference.powers[row])
      }
      return 10 * log10(sums.0 / sums.1) > 0.1
    }
  }

  @Test(arguments: [1e-12, 1e-10, 1e-8])
  func whiteNoiseIsNoise(power: Double) throws {
    var generator = Generator(state: 2)
    let noise = try #require(found { _ in power * generator.exponential() })
    let expected = 10 * log10(2 * power * (20000 - 20) / Self.spacing)
    #expect(abs(noise.level - expected) < 0.5)
    #expect(noise.range.lowerBound < 25 && noise.range.upperBound > 19990)
  }

  @Test func noiseOfABandHasItsEdges() throws {
    var generator = Generator(state: 3)
    let noise = try #require(found { $0 > 4467 ? 1e-10 * generator.exponential() : 0 })
    #expect(abs(noise.range.lowerBound - 4467) < 10)
  }

  @Test func tonesAreNoNoise() {
    #expect(found { $0.truncatingRemainder(dividingBy: 50) < 0.05 ? 1e-8 : 0 } == nil)
    #expect(found { abs($0 - 3000) < 0.01 ? 1e-8 : 0 } == nil)
  }

  /// A click is flat, and the skirt of a detuned tone falls smoothly: neither scatters as noise
  /// does.
  @Test func smoothSpectraAreNotCalledNoise() {
    #expect(found { _ in 1e-9 } == nil)
    #expect(found { 1e-4 / pow(max(abs($0 - 1000), 1), 2) } == nil)
  }

  @Test func nothingIsNoNoise() {
    #expect(found { _ in 0 } == nil)
  }
}
