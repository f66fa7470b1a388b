// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@testable import WavTransforms

@Suite struct EngineTests {
  /// Odd and even lengths of a part, with splits for the four-step engine.
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

  /// Eight bins are stored at a time; those at the ends of the range are not whole vectors.
  @Test(arguments: [(32, 18), (24, 21), (40, 7)]) func aRangeOfBinsIsThatOfAllBins(
    columns: Int, rows: Int
  ) throws {
    let samples = (0..<columns * rows).map { index -> Double in
      let number = (index * 7919 + index * index) % 1009
      return Double(number) / 1009 - 0.5
    }
    func found(_ bins: Range<Int>?) throws -> [Double] {
      try spectrum(
        samples, as: Float.self, split: (columns, rows), ordersBins: false, keeping: bins
      ).magnitudes
    }
    let all = try found(nil)
    let count = samples.count / 2 + 1
    #expect(all.count == count && all.allSatisfy { $0 > 0 })
    for first in 0..<20 {
      for end in [first + 1, first + 11, count / 2, count - 20 + first, count] {
        #expect(try found(first..<end) == Array(all[first..<end]), "\(first)..<\(end)")
      }
    }
  }

  /// Also at the ends of a range, and for magnitudes of any size.
  @Test(arguments: [(32, 18), (24, 21), (40, 7)], [1, 2]) func roundedMagnitudesAreWithinHalfAStep(
    split: (Int, Int), parts: Int
  ) throws {
    let count = split.0 * split.1 * parts
    let samples = noise(count).enumerated().map { $0.offset < 3 ? 1 : 1e-9 * $0.element }
    func found(_ bins: Range<Int>?, rounding: Bool) throws -> [Double] {
      try spectrum(
        samples, as: Float.self, parts: parts, split: split, ordersBins: false, keeping: bins,
        rounding: rounding
      ).magnitudes
    }
    let all = try found(nil, rounding: false)
    for first in 0..<20 {
      for end in [first + 1, first + 11, all.count / 2, all.count - 20 + first, all.count] {
        for (rounded, exact) in zip(try found(first..<end, rounding: true), all[first..<end]) {
          #expect(abs(rounded - exact) <= exact / 2048, "\(first)..<\(end)")
        }
      }
    }
    #expect(try found(nil, rounding: true) != all)
    let silence = try spectrum(
      [Double](repeating: 0, count: count), as: Float.self, parts: parts, split: split,
      ordersBins: false, rounding: true)
    #expect(silence.magnitudes.allSatisfy { $0 == 0 })
  }

  @Test func codesOfMagnitudesEndAtTheirLimits() {
    let code = MagnitudeCode(sampleCount: 1000)
    // 2^14 is the first power of two beyond 15 times 1000; the exponents are 64 below it.
    #expect(code.code(0x1.ffp13) < 0xffff)
    #expect(code.code(.greatestFiniteMagnitude) == 0xffff)
    #expect(code.code(0x1p-50) == 0 && code.code(0x1.01p-50) > 0)
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

  /// Reduced row by row, as for long transforms, or in order, the bands are the same.
  @Test(arguments: splits, partCounts)
  func bandsAreThoseOfTheBins(split: (Int, Int), parts: Int) throws {
    let samples = noise(split.0 * split.1 * parts)
    // The harness compares the bands with the bins.
    let rowByRow = try magnitudes(
      samples, as: Float.self, parts: parts, split: split, ordersBins: false)
    let sorted = try magnitudes(
      samples, as: Float.self, parts: parts, split: split, ordersBins: true)
    #expect(rowByRow == sorted)
  }

  /// Many runs are single bins, which two bands or more divide.
  @Test(arguments: [(1, 1), (16, 8), (75, 10)], [1, 3])
  func proportionalBandsAreThoseOfTheBins(split: (Int, Int), parts: Int) throws {
    let samples = noiseWithOffset(split.0 * split.1 * parts)
    let length = split.0 * split.1
    let grid = BinGrid(sampleRate: 8000, transformLength: length, parts: parts)
    let bands = BandScheme.semitone(a4: 440).bands(
      in: .between(low: 2, high: 3900), of: grid)
    let division = BandDivision(
      bands, weighting: .a, fine: LogBands(.full, of: grid, count: 50), of: grid)
    let expected = naiveSquareSums(samples, division.partition, parts: parts)
    var ways = [try spectrum(samples, as: Double.self, parts: parts, runs: division.partition)]
    if length > 1 {
      for isSorted in [false, true] {
        ways.append(
          try spectrum(
            samples, as: Double.self, parts: parts, split: split, ordersBins: isSorted,
            runs: division.partition))
      }
    }
    for found in ways {
      expectClose(found.squareSums, expected, within: 1e-13, "\(split), \(parts) parts")
      expectClose(
        division.weightedPowers(of: found.squareSums), division.weightedPowers(of: expected),
        within: 1e-13, "\(split), \(parts) parts")
    }
  }

  /// DC and Nyquist count half and all other bins once, in bands with and without them.
  private func expectPowers(
    _ samples: [Double], parts: Int = 1, single: Double = 1e-6, _ what: String,
    of spectra: [(FrequencyBand, Bool) throws -> EngineSpectrum]
  ) throws {
    for band in [FrequencyBand.full, .between(low: 0, high: 4000), .between(low: 150, high: 400)] {
      var expected: [Double]?
      for (index, spectrum) in spectra.enumerated() {
        for isSingle in [false, true] {
          let found = try spectrum(band, isSingle)
          let sums = expected ?? naiveSquareSums(samples, found.bands, parts: parts)
          expected = sums
          expectClose(
            found.squareSums, sums, within: isSingle ? single : 1e-13,
            "\(what), \(band), way \(index), single: \(isSingle)")
        }
      }
    }
  }

  /// Noise with a strong DC component.
  private func noiseWithOffset(_ count: Int) -> [Double] { noise(count).map { $0 + 0.1 } }

  @Test(arguments: splits, [1, 3, 33])
  func powersOfFourStepsAgreeWithTheDefinition(split: (Int, Int), parts: Int) throws {
    let samples = noiseWithOffset(split.0 * split.1 * parts)
    let ways = [false, true].map { isSorted in
      { (band: FrequencyBand, isSingle: Bool) in
        isSingle
          ? try spectrum(
            samples, as: Float.self, parts: parts, split: split, band: band, ordersBins: isSorted)
          : try spectrum(
            samples, as: Double.self, parts: parts, split: split, band: band, ordersBins: isSorted)
      }
    }
    try expectPowers(samples, parts: parts, "\(split), \(parts) parts", of: ways)
  }

  @Test(arguments: [1, 2, 3, 100, 251], [1, 2, 33])
  func powersOfPlainPartsAgreeWithTheDefinition(length: Int, parts: Int) throws {
    let samples = noiseWithOffset(length * parts)
    try expectPowers(
      samples, parts: parts, "\(length), \(parts) parts",
      of: [
        { band, isSingle in
          isSingle
            ? try spectrum(samples, as: Float.self, parts: parts, band: band)
            : try spectrum(samples, as: Double.self, parts: parts, band: band)
        }
      ])
  }

  @Test(arguments: [(71, (16, 8)), (72, (16, 8)), (97, (15, 10)), (499, (75, 10))])
  func powersOfChirpsAgreeWithTheDefinition(length: Int, split: (Int, Int)) throws {
    let samples = noiseWithOffset(length)
    try expectPowers(
      samples, single: 3e-6, "\(length), \(split)",
      of: [
        { band, isSingle in
          isSingle
            ? try spectrum(samples, as: Float.self, split: split, isChirp: true, band: band)
            : try spectrum(samples, as: Double.self, split: split, isChirp: true, band: band)
        }
      ])
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

  /// FFTW executes a plan for arrays that are aligned as the planned ones; it does not check that.
  @Test(arguments: 1...9) func rowsAreAlignedAlike(count: Int) {
    func check<Scalar: FFTWScalar>(_ scalar: Scalar.Type) {
      let pitch = FFTPlan<Scalar>.pitch(count)
      #expect(pitch >= count && pitch < count + 2)
      let rows = AlignedBuffer<Scalar>(count: 8 * 2 * pitch)
      for row in 0..<8 { #expect(Scalar.alignment(of: rows.base + 2 * row * pitch) == 0) }
    }
    check(Float.self)
    check(Double.self)
  }

  /// Splits of a convolution that is long enough, with even and odd columns and rows.
  @Test(arguments: [
    (1, (2, 8)), (2, (4, 4)), (71, (16, 8)), (72, (16, 8)), (85, (16, 8)), (97, (15, 10)),
    (211, (8, 40)), (251, (25, 16)), (499, (75, 10)), (499, (50, 15)), (997, (30, 50)),
    (1009, (64, 24)),
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
        samples, as: Float.self, split: split, isChirp: isChirp, blocks: .twice)
      #expect(once == twice)
    }
    let once = try magnitudes(samples, as: Float.self, parts: 4)
    #expect(try magnitudes(samples, as: Float.self, parts: 4, blocks: .twice) == once)
  }

  /// The rows of a convolution are replaced in place: after the death of a worker the remaining
  /// rows are no longer the signal.
  @Test(arguments: [(71, (16, 8)), (499, (75, 10)), (499, (50, 15)), (1009, (64, 24))])
  func aBlockCutShortChangesNothing(length: Int, split: (Int, Int)) throws {
    let samples = noise(length)
    let once = try magnitudes(samples, as: Float.self, split: split, isChirp: true)
    let again = try magnitudes(
      samples, as: Float.self, split: split, isChirp: true, blocks: .cutShort)
    #expect(once == again)
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
      samples, as: Float.self, parts: 3, split: (64, 40), blocks: .backwards)
    #expect(forwards == backwards)
  }

  /// All bins are equal, and the lowest of a band counts as its strongest.
  @Test(arguments: [1, 3]) func silenceIsSilent(parts: Int) throws {
    let samples = [Double](repeating: 0, count: 2560 * parts)
    // The harness compares the bands with the bins.
    for isSorted in [false, true] {
      let four = try magnitudes(
        samples, as: Float.self, parts: parts, split: (64, 40), ordersBins: isSorted)
      #expect(four.allSatisfy { $0 == 0 })
    }
    #expect(try magnitudes(samples, as: Float.self, parts: parts).allSatisfy { $0 == 0 })
    guard parts == 1 else { return }
    let chirp = try magnitudes(samples, as: Float.self, split: (64, 60), isChirp: true)
    #expect(chirp.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [0, 1, 1234, 2559], [Double.nan, .infinity])
  func oneSampleThatIsNoNumberIsFound(place: Int, value: Double) {
    var samples = noise(2560)
    samples[place] = value
    func blames(_ error: any Error) -> Bool {
      guard case .notFinite(let index, let found)? = error as? UnusableSamples else { return false }
      return index == place && "\(found)" == "\(value)"
    }
    #expect {
      _ = try magnitudes(samples, as: Double.self, split: (64, 40))
    } throws: {
      blames($0)
    }
    #expect {
      _ = try magnitudes(samples, as: Double.self, split: (64, 60), isChirp: true)
    } throws: {
      blames($0)
    }
    #expect {
      _ = try magnitudes(samples, as: Double.self)
    } throws: {
      blames($0)
    }
  }

  @Test func samplesBeyondTheArithmeticAreFound() {
    let samples = [Double](repeating: 1e38, count: 2560)
    #expect(throws: UnusableSamples.tooLarge(.single)) {
      _ = try magnitudes(samples, as: Float.self, split: (64, 40))
    }
  }
}
