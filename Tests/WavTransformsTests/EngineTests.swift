// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavTransforms

@Suite struct EngineTests {
  /// Lengths of a part with a split for the four-step engine, odd and even ones.
  private static let splits = [
    (16, 8), (15, 7), (16, 9), (9, 16), (1, 12), (12, 1), (18, 25), (32, 20),
  ]
  private static let partCounts = [1, 2, 3, 8, 31, 33]

  private func expectClose(
    _ found: [Double], _ expected: [Double], within tolerance: Double, _ what: String
  ) {
    #expect(found.count == expected.count)
    let greatest = expected.max() ?? 0
    let error = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(error <= tolerance * greatest, "\(what): \(error) of \(greatest)")
  }

  @Test(arguments: splits, partCounts)
  func fourStepsAgreeWithTheDefinition(split: (Int, Int), parts: Int) throws {
    let samples = noise(split.0 * split.1 * parts)
    let expected = naiveMagnitudes(samples, parts: parts)
    let what = "\(split), \(parts) parts"
    let double = try magnitudes(samples, as: Double.self, parts: parts, split: split)
    expectClose(double, expected, within: 1e-13, what)
    let single = try magnitudes(samples, as: Float.self, parts: parts, split: split)
    expectClose(single, expected, within: 1e-6, what)
  }

  /// Reduced row by row, as long transforms are, or in order: the same bands.
  @Test(arguments: splits, partCounts)
  func bandsAreThoseOfTheBins(split: (Int, Int), parts: Int) throws {
    let samples = noise(split.0 * split.1 * parts)
    // The harness holds the bands against the bins.
    let rowByRow = try magnitudes(
      samples, as: Float.self, parts: parts, split: split, sortsBins: false)
    let sorted = try magnitudes(
      samples, as: Float.self, parts: parts, split: split, sortsBins: true)
    #expect(rowByRow == sorted)
  }

  @Test(arguments: [false, true], [false, true])
  func enginesCanBeUsedAgain(isChirp: Bool, isDecimated: Bool) throws {
    let parts = isDecimated && !isChirp ? 3 : 1
    let length = isChirp ? 139 : 288
    let split = isChirp ? (columns: 18, rows: 12) : (columns: 16, rows: 18)
    let samples = noise(length * parts)
    let fresh = try magnitudes(
      samples, as: Double.self, parts: parts, split: split, isChirp: isChirp)
    let reused = try magnitudes(
      samples, as: Double.self, parts: parts, split: split, isChirp: isChirp, isReused: true)
    #expect(fresh == reused)
    let plain = try magnitudes(samples, as: Double.self, parts: parts, isReused: true)
    #expect(try plain == magnitudes(samples, as: Double.self, parts: parts))
  }

  @Test(arguments: [1, 2, 3, 17, 100, 251], partCounts)
  func plainPartsAgreeWithTheDefinition(length: Int, parts: Int) throws {
    let samples = noise(length * parts + parts / 2)
    let expected = naiveMagnitudes(samples, parts: parts)
    let double = try magnitudes(samples, as: Double.self, parts: parts)
    expectClose(double, expected, within: 1e-13, "\(length), \(parts) parts")
    let single = try magnitudes(samples, as: Float.self, parts: parts)
    expectClose(single, expected, within: 1e-6, "\(length), \(parts) parts")
  }

  /// Lengths with splits of a convolution that is long enough, of even and odd columns and rows.
  @Test(arguments: [
    (1, (2, 8)), (2, (4, 4)), (71, (16, 8)), (72, (16, 8)), (85, (16, 8)), (97, (15, 10)),
    (211, (8, 40)), (251, (25, 16)), (499, (75, 10)), (997, (30, 50)), (1009, (64, 24)),
  ])
  func chirpsAgreeWithTheDefinition(length: Int, split: (Int, Int)) throws {
    let samples = noise(length)
    let expected = naiveMagnitudes(samples)
    let double = try magnitudes(samples, as: Double.self, split: split, isChirp: true)
    expectClose(double, expected, within: 1e-13, "\(length), \(split)")
    let single = try magnitudes(samples, as: Float.self, split: split, isChirp: true)
    expectClose(single, expected, within: 2e-6, "\(length), \(split)")
  }

  @Test func aBlockDoneAgainChangesNothing() throws {
    let samples = noise(2560)
    for (split, isChirp) in [((64, 40), false), ((64, 60), true)] {
      let once = try magnitudes(samples, as: Float.self, split: split, isChirp: isChirp)
      let twice = try magnitudes(
        samples, as: Float.self, split: split, isChirp: isChirp, blocksTwice: true)
      #expect(once == twice)
    }
    let once = try magnitudes(samples, as: Float.self, parts: 4)
    #expect(try magnitudes(samples, as: Float.self, parts: 4, blocksTwice: true) == once)
  }

  @Test func zerosPadTheSamples() throws {
    let samples = noise(700)
    let expected = naiveMagnitudes(samples, length: 900)
    let four = try magnitudes(samples, as: Double.self, length: 900, split: (25, 36))
    expectClose(four, expected, within: 1e-13, "four steps")
    let plain = try magnitudes(samples, as: Double.self, length: 900)
    expectClose(plain, expected, within: 1e-13, "plain")
    let chirp = try magnitudes(
      samples, as: Double.self, length: 900, split: (30, 45), isChirp: true)
    expectClose(chirp, expected, within: 1e-13, "chirp")
  }

  @Test func anImpulseIsFlat() throws {
    for place in [0, 1, 777, 2559] {
      var samples = [Double](repeating: 0, count: 2560)
      samples[place] = 0.75
      let found = try magnitudes(samples, as: Double.self, split: (64, 40))
      #expect(found.allSatisfy { abs($0 - 0.75) < 1e-15 })
    }
  }

  @Test func aShiftKeepsMagnitudes() throws {
    let samples = noise(2560)
    let shifted = Array(samples[1000...] + samples[..<1000])
    let first = try magnitudes(samples, as: Double.self, split: (64, 40))
    let second = try magnitudes(shifted, as: Double.self, split: (64, 40))
    expectClose(second, first, within: 1e-14, "shift")
  }

  @Test func aFactorScalesMagnitudesExactly() throws {
    let samples = noise(2560)
    let first = try magnitudes(samples, as: Float.self, split: (64, 40))
    let second = try magnitudes(samples.map { $0 * 8 }, as: Float.self, split: (64, 40))
    #expect(second == first.map { $0 * 8 })
  }

  @Test func energyIsConserved() throws {
    let samples = noise(2560)
    let found = try magnitudes(samples, as: Double.self, split: (64, 40))
    let doubled = 2 * found.reduce(0) { $0 + $1 * $1 }
    let energy = (doubled - found[0] * found[0] - found[1280] * found[1280]) / 2560
    let expected = samples.reduce(0) { $0 + $1 * $1 }
    #expect(abs(energy - expected) < 1e-12 * expected)
  }

  @Test func theOrderOfBlocksDoesNotMatter() throws {
    let samples = noise(2560 * 3)
    let forwards = try magnitudes(samples, as: Float.self, parts: 3, split: (64, 40))
    let backwards = try magnitudes(
      samples, as: Float.self, parts: 3, split: (64, 40), blocksBackwards: true)
    #expect(forwards == backwards)
  }

  @Test func oneSampleThatIsNoNumberIsFound() {
    var samples = noise(2560)
    samples[1234] = .nan
    #expect(throws: (any Error).self) {
      _ = try magnitudes(samples, as: Double.self, split: (64, 40))
    }
    #expect(throws: (any Error).self) {
      _ = try magnitudes(samples, as: Double.self, split: (64, 60), isChirp: true)
    }
    #expect(throws: (any Error).self) { _ = try magnitudes(samples, as: Double.self) }
  }
}
