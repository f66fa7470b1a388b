// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavSpectrum

@testable import WavTransforms

/// Laws of X[k] itself, for each engine.
@Suite struct ComplexBinTests {
  /// An engine, and how it cuts a transform.
  enum Way: Sendable, CustomTestStringConvertible {
    case plain(Int)
    case fourStep(Int, Int)
    case chirp(Int, columns: Int, rows: Int)
    case streamed(StreamedEngineTests.Case)
    case streamedChirp(StreamedChirpEngineTests.Case)

    /// N.
    var length: Int {
      switch self {
      case .plain(let length), .chirp(let length, _, _): length
      case .fourStep(let columns, let rows): columns * rows
      case .streamed(let test): test.count
      case .streamedChirp(let test): test.count
      }
    }

    var testDescription: String { "\(self)" }

    func spectrum<Scalar: FFTWScalar>(
      _ samples: [Double], as scalar: Scalar.Type, window: Window = .rectangular,
      blocks: BlockOrder = .once, keeping bins: Range<Int>? = nil, values: BinValues = .complex
    ) throws -> EngineSpectrum {
      func inMemory(
        _ split: (columns: Int, rows: Int)?, isChirp: Bool = false
      ) throws -> EngineSpectrum {
        try WavTransformsTests.spectrum(
          samples, as: scalar, length: length, split: split, isChirp: isChirp, window: window,
          blocks: blocks, values: values, keeping: bins)
      }
      switch self {
      case .plain: return try inMemory(nil)
      case .fourStep(let columns, let rows): return try inMemory((columns, rows))
      case .chirp(_, let columns, let rows): return try inMemory((columns, rows), isChirp: true)
      case .streamed(var test):
        (test.length, test.window) = (length, window)
        return try WavTransformsTests.streamed(
          samples, test, as: scalar, blocks: blocks, keeping: bins, values: values)
      case .streamedChirp(var test):
        (test.length, test.window) = (length, window)
        return try WavTransformsTests.streamed(
          samples, test, as: scalar, blocks: blocks, keeping: bins, values: values)
      }
    }

    /// Every bin in double precision.
    func bins(_ samples: [Double]) throws -> [SIMD2<Double>] {
      try spectrum(samples, as: Double.self).numbers
    }
  }

  /// Even and odd lengths, columns and rows; the last rows of the streamed engines are factored themselves.
  static let ways: [Way] = [
    .plain(1), .plain(2), .plain(251), .plain(1000),
    .fourStep(16, 9), .fourStep(15, 7), .fourStep(1, 12), .fourStep(12, 1), .fourStep(32, 40),
    .chirp(1, columns: 2, rows: 8), .chirp(72, columns: 16, rows: 8),
    .chirp(97, columns: 15, rows: 10), .chirp(499, columns: 50, rows: 15),
    .chirp(1009, columns: 64, rows: 24),
    .streamed(.init(count: 1024, columns: 16, strips: 3, rows: 2)),
    .streamed(.init(count: 945, columns: 15, strips: 2, rows: 3)),
    .streamed(.init(count: 1026, columns: 2, strips: 100)),
    .streamedChirp(.init(count: 1009, columns: 4, rows: 384, strips: 3)),
    .streamedChirp(.init(count: 1010, columns: 6, rows: 253, strips: 2)),
    .streamedChirp(.init(count: 997, columns: 96, rows: 16)),
  ]
  /// Lengths for which a definition in loops takes too long, with rows that are factored themselves.
  static let longWays: [Way] = [
    .streamed(.init(count: 1 << 18, columns: 2, strips: 1000)),
    .streamed(.init(count: 270_000, columns: 2, strips: 999)),
    .streamed(.init(count: 354_294, columns: 2, strips: 500)),
    .streamedChirp(.init(count: 349_529, columns: 4, rows: 131_250, strips: 512)),
    .chirp(349_529, columns: 700, rows: 750), .fourStep(600, 450),
  ]

  /// Greatest distance in the complex plane, relative to the greatest magnitude.
  private func error(_ found: [SIMD2<Double>], _ expected: [SIMD2<Double>]) -> Double {
    guard found.count == expected.count else { return .infinity }
    func size(_ number: SIMD2<Double>) -> Double { (number * number).sum().squareRoot() }
    let greatest = expected.map(size).max() ?? 0
    return (zip(found, expected).map { size($0 - $1) }.max() ?? 0) / greatest
  }

  @Test(arguments: ways) func agreesWithTheDefinition(way: Way) throws {
    let samples = noise(way.length, seed: 5)
    let expected = naiveBins(samples)
    #expect(try error(way.bins(samples), expected) <= 1e-13)
    #expect(try error(way.spectrum(samples, as: Float.self).numbers, expected) <= 2e-6)
  }

  /// Samples are counted from the first one, and zeros follow the last one.
  @Test(arguments: ways.filter { $0.length > 200 }, [Window.hann, .flattop])
  func windowsAndZerosAgreeWithTheDefinition(way: Way, window: Window) throws {
    let samples = noise(way.length * 2 / 3, seed: 6)
    let weights = windowWeights(window, samples.count)
    let expected = naiveBins(zip(samples, weights).map { $0 * $1 }, length: way.length)
    let found = try way.spectrum(samples, as: Double.self, window: window)
    #expect(error(found.numbers, expected) <= 1e-13)
  }

  private func windowWeights(_ window: Window, _ count: Int) -> [Double] {
    var weights = [Double](repeating: 1, count: count)
    WindowWeights<Double>(window, length: count).apply(from: 0, count: count, to: &weights)
    return weights
  }

  /// An impulse at n turns by exp(-2 pi i k n / N): the sign of the exponent, and exact angles.
  @Test(arguments: ways + longWays) func anImpulseTurns(way: Way) throws {
    let length = way.length
    for place in Set([0, 1 % length, length / 4, length / 2, length - 1]) {
      var samples = [Double](repeating: 0, count: length)
      samples[place] = 0.75
      let expected = (0...length / 2).map {
        0.75 * exactUnitRoot(moduloProduct($0, place, length), order: length)
      }
      #expect(try error(way.bins(samples), expected) <= 3e-15, "\(place)")
    }
  }

  @Test(arguments: ways + longWays) func aShiftTurns(way: Way) throws {
    let (length, shift) = (way.length, way.length / 3)
    let samples = noise(length, seed: 7)
    let shifted = Array(samples[(length - shift)...] + samples[..<(length - shift)])
    let expected = try way.bins(samples).enumerated().map {
      complexProduct($1, exactUnitRoot(moduloProduct($0, shift, length), order: length))
    }
    #expect(try error(way.bins(shifted), expected) <= 1e-13)
  }

  @Test(arguments: ways) func theTransformIsLinear(way: Way) throws {
    let (a, b) = (noise(way.length, seed: 8), noise(way.length, seed: 9))
    let sum = try way.bins(zip(a, b).map { 3 * $0 - 0.7 * $1 })
    let expected = try zip(way.bins(a), way.bins(b)).map { 3 * $0 - 0.7 * $1 }
    #expect(error(sum, expected) <= 1e-13)
  }

  /// DC is the sum of the samples, and Nyquist their alternating sum: real numbers, without rounding.
  @Test(arguments: ways) func unpairedBinsAreReal(way: Way) throws {
    let found = try way.bins(noise(way.length, seed: 10))
    #expect(found[0].y == 0)
    if way.length % 2 == 0 { #expect(found[way.length / 2].y == 0) }
  }

  @Test(arguments: ways + longWays) func theBandsAreThoseOfMagnitudes(way: Way) throws {
    let samples = noise(way.length, seed: 11)
    let found = try way.spectrum(samples, as: Float.self)
    let other = try way.spectrum(samples, as: Float.self, values: .magnitude)
    #expect(found.squareSums == other.squareSums)
    let greatest = other.magnitudes.max() ?? 0
    let worst = zip(found.magnitudes, other.magnitudes).map { abs($0 - $1) }.max() ?? .infinity
    #expect(found.magnitudes.count == other.magnitudes.count && worst <= 1e-6 * greatest)
  }

  @Test(arguments: ways) func theOrderOfBlocksChangesNothing(way: Way) throws {
    let samples = noise(way.length, seed: 12)
    let once = try way.spectrum(samples, as: Float.self).numbers
    for blocks in [BlockOrder.backwards, .twice] {
      #expect(try way.spectrum(samples, as: Float.self, blocks: blocks).numbers == once)
    }
  }

  @Test(arguments: ways.filter { $0.length > 900 }) func someBinsAreKept(way: Way) throws {
    let samples = noise(way.length, seed: 13)
    let all = try way.bins(samples)
    for bins in [0..<1, 100..<401, 250..<all.count, all.count - 1..<all.count] {
      let some = try way.spectrum(samples, as: Double.self, blocks: .backwards, keeping: bins)
      #expect(some.numbers == Array(all[bins]), "\(bins)")
    }
  }
}
