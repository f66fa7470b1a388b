// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSamples
import WavSpectrum
import WavStages

@testable import WavTransforms

/// Between the bins every engine must agree with the definition of the transform.
struct LocalSpectrumTests {
  /// A signal, an engine, and the parameters of the transform.
  struct Case: Sendable, CustomTestStringConvertible {
    var count: Int
    var parts = 1
    var length: Int?
    var split: (Int, Int)?
    var isChirp = false
    var window = Window.rectangular

    var testDescription: String { "\(count) samples, \(parts) parts, \(window.rawValue)" }
  }

  static let cases = [
    Case(count: 1000), Case(count: 1001, window: .hann), Case(count: 1000, parts: 3),
    Case(count: 12000, parts: 4), Case(count: 9000, length: 36000, window: .flattop),
    Case(count: 12288, split: (96, 128)), Case(count: 12288, split: (96, 128), window: .hamming),
    Case(count: 24576, parts: 2, split: (96, 128)), Case(count: 36864, parts: 3, split: (96, 128)),
    Case(count: 11000, length: 12288, split: (96, 128)),
    Case(count: 12285, split: (117, 105), window: .blackmanHarris),
    Case(count: 78 * 128, parts: 78, split: (8, 16)),
    Case(count: 10007, split: (128, 120), isChirp: true),
    Case(count: 10006, split: (128, 120), isChirp: true, window: .hann),
  ]

  @Test(arguments: cases)
  func agreesWithTheDefinitionBetweenTheBins(_ test: Case) throws {
    // Loud at the ends, where interpolation is least precise.
    let samples = noise(test.count).enumerated().map { index, value in
      let place = Double(index) / Double(test.count) - 0.5
      return value * (0.3 + 2 * abs(place)) + 0.1 * sin(Double(index) * 0.7)
    }
    try compare(samples, test, as: Double.self, tolerance: 1e-2)
    try compare(samples, test, as: Float.self, tolerance: 1e-2)
  }

  private func compare<Scalar: FFTWScalar>(
    _ samples: [Double], _ test: Case, as scalar: Scalar.Type, tolerance: Double
  ) throws {
    let used = samples.count / test.parts
    let length = try #require(
      TransformLength(samples: used, rule: test.length.map { .fixed($0) } ?? .exact))
    try withEngine(samples, test, length, as: scalar) { engine in
      let n = length.length
      let windowed = zip(samples, weights(test.window, used * test.parts)).map { $0 * $1 }
      let mean = windowed.reduce(0) { $0 + $1 * $1 }.squareRoot() * Double(test.parts).squareRoot()
      for bin in [0, 1, 5, n / 7, n / 4 + 3, n / 2 - 1, n / 2] {
        let local = engine.localSpectrum(around: bin)
        #expect(local.bin == bin)
        for distance in [-1, -0.95, -0.5, -0.31, 0, 0.07, 0.44, 0.8, 1, 2, -3] {
          let expected = definition(windowed, Double(bin) + distance, test.parts, n)
          let found =
            abs(distance) > 1
            ? local.magnitude(ofBin: Int(distance)) : local.magnitude(distance)
          #expect(
            abs(found - expected) <= tolerance * mean,
            "bin \(bin) + \(distance): \(found) instead of \(expected), mean \(mean)")
        }
      }
    }
  }

  @Test(arguments: Window.allCases, [0.0, 0.13, 0.5])
  func aSineIsFoundWhereItIs(window: Window, place: Double) throws {
    let test = Case(count: 12288, split: (96, 128), window: window)
    let frequency = 1000 + place
    let samples = (0..<test.count).map {
      0.5 * sin(2 * .pi * frequency * Double($0) / Double(test.count) + 1)
    }
    let length = try #require(TransformLength(samples: test.count, rule: .exact))
    try withEngine(samples, test, length, as: Double.self) { engine in
      let (distance, magnitude) = engine.localSpectrum(around: 1000).maximum()
      // The flat top has a ripple of 0.01 dB, with its maximum at 0.27 bins.
      #expect(abs(distance - place) < (window == .flattop ? 0.28 : 0.01))
      let amplitude = 2 * magnitude / window.sum(length: test.count)
      #expect(abs(20 * log10(amplitude / 0.5)) < 0.02)
    }
  }

  private func weights(_ window: Window, _ count: Int) -> [Double] {
    (0..<count).map { index in
      window.coefficients.enumerated().reduce(0) {
        $0 + $1.element * cos(2 * .pi * Double($1.offset * index) / Double(count))
      }
    }
  }

  /// The sum over p of |sum over n of x[p + P n] exp(-2 pi i f n / N)|.
  private func definition(_ x: [Double], _ f: Double, _ parts: Int, _ n: Int) -> Double {
    (0..<parts).reduce(0.0) { total, part in
      var sum = SIMD2<Double>()
      for index in 0..<x.count / parts {
        let angle = -2 * Double.pi * (f * Double(index) / Double(n)).remainder(dividingBy: 1)
        sum += x[part + parts * index] * SIMD2(cos(angle), sin(angle))
      }
      return total + (sum * sum).sum().squareRoot()
    }
  }

  private func withEngine<Scalar: FFTWScalar>(
    _ samples: [Double], _ test: Case, _ length: TransformLength, as scalar: Scalar.Type,
    _ body: (any TransformEngine) throws -> Void
  ) throws {
    let grid = BinGrid(sampleRate: 8000, transformLength: length.length, parts: test.parts)
    try samples.withUnsafeBufferPointer { buffer in
      let reader = SampleReader(try #require(buffer.baseAddress), count: buffer.count)
      let request = TransformRequest(
        method: method(test.parts, test.window), length: length, grid: grid,
        bands: LogBands(.full, of: grid, count: 50), everyBin: nil)
      let engine: any TransformEngine
      let memory: PrivateRegions
      if let (columns, rows) = test.split {
        let split = FourStepSplit(columnLength: columns, rowLength: rows)
        if test.isChirp {
          memory = try PrivateRegions(ChirpEngine<Scalar>.needs(request.planShape, split))
          engine = ChirpEngine<Scalar>(request, split, reader, in: memory.regions)
        } else {
          memory = try PrivateRegions(FourStepEngine<Scalar>.needs(request.planShape, split))
          engine = FourStepEngine<Scalar>(request, split, reader, in: memory.regions)
        }
      } else {
        memory = try PrivateRegions(PlainEngine<Scalar>.needs(request.planShape))
        engine = PlainEngine<Scalar>(request, reader, in: memory.regions)
      }
      defer { withExtendedLifetime(memory) {} }
      for stage in engine.stages {
        for block in 0..<stage.blockCount {
          try stage.perform(block)
          stage.commit(block)
        }
      }
      try body(engine)
    }
  }
}
