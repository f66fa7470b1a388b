// SPDX-License-Identifier: GPL-2.0-or-later

// Swift has the type of the reference, 80-bit numbers, on this processor alone.
#if arch(x86_64)

import CFFTWLong
import Foundation
import Testing
import WavSamples
import WavSpectrum
import WavStages

@testable import WavTransforms

/// Compares whole transforms with FFTW in 64-bit extended precision (long double).
///
/// The method is benchFFT's: uniform random samples in [-0.5, 0.5), and relative errors in the L2
/// norm. A good transform has an error of the order of eps * sqrt(log2 N). With ACCURACY_TABLE set
/// in the environment, the errors are printed as the table of docs/accuracy.md.
@Suite(.serialized) struct AccuracyTests {
  private static let lengths = [
    1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22,  // powers of two
    1000, 44100, 100_000, 441_000, 1_113_664, 2_646_000,  // round numbers and music
    1009, 65537, 2 * 65537, 99991, 1_000_003, 4_194_301,  // primes and twice a prime
  ]

  @Test(arguments: lengths) func errorsAreThoseOfAGoodTransform(length: Int) throws {
    let samples = randomSamples(length)
    let reference = extendedMagnitudes(samples)
    let double = try errors(magnitudes(samples, as: Double.self), reference)
    let single = try errors(
      magnitudes(samples.map { Double(Float($0)) }, as: Float.self), reference)
    let scale = 2 * log2(Double(length)).squareRoot()
    #expect(double.l2 <= scale * 0x1p-52)
    #expect(double.greatest <= 20 * scale * 0x1p-52)
    #expect(single.l2 <= scale * 0x1p-23)
    #expect(single.greatest <= 20 * scale * 0x1p-23)
    if ProcessInfo.processInfo.environment["ACCURACY_TABLE"] != nil {
      let figures = [double.l2, double.greatest, single.l2, single.greatest]
        .map { String(format: "%.2e", $0) }.joined(separator: " | ")
      print("| \(length) | \(figures) |")
    }
  }

  /// The same for X[k] itself, whose angles count, too: errors are distances in the complex plane.
  @Test(arguments: lengths) func errorsOfComplexBinsAreThoseOfAGoodTransform(length: Int) throws {
    let samples = randomSamples(length)
    let reference = extendedBins(samples)
    let double = try errors(complexBins(samples, as: Double.self), reference)
    let single = try errors(complexBins(samples, as: Float.self), reference)
    let scale = 2 * log2(Double(length)).squareRoot()
    #expect(double.l2 <= scale * 0x1p-52)
    #expect(double.greatest <= 20 * scale * 0x1p-52)
    #expect(single.l2 <= scale * 0x1p-23)
    #expect(single.greatest <= 20 * scale * 0x1p-23)
  }

  /// Samples that single precision represents exactly, so that one reference is enough.
  private func randomSamples(_ count: Int) -> [Double] {
    var state = UInt64(count)
    return (0..<count).map { _ in
      // Knuth's MMIX generator.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 44) / 0x1p20 - 0.5
    }
  }

  /// |X[k]| for 0 <= k <= N / 2 in extended precision.
  private func extendedMagnitudes(_ samples: [Double]) -> [Float80] {
    extendedBins(samples).map { ($0.x * $0.x + $0.y * $0.y).squareRoot() }
  }

  /// X[k] for 0 <= k <= N / 2 in extended precision.
  private func extendedBins(_ samples: [Double]) -> [(x: Float80, y: Float80)] {
    let count = samples.count
    let input = UnsafeMutablePointer<Float80>.allocate(capacity: count)
    let output = UnsafeMutablePointer<fftwl_complex>.allocate(capacity: count / 2 + 1)
    defer {
      input.deallocate()
      output.deallocate()
    }
    let plan = fftwl_plan_dft_r2c_1d(Int32(count), input, output, FFTW_ESTIMATE)
    for (index, sample) in samples.enumerated() { input[index] = Float80(sample) }
    fftwl_execute(plan)
    fftwl_destroy_plan(plan)
    return (0...count / 2).map { (x: output[$0].0, y: output[$0].1) }
  }

  /// The magnitude of every bin of the exact spectrum, whose bands are checked.
  private func magnitudes<Scalar: FFTWScalar>(
    _ samples: [Double], as scalar: Scalar.Type
  ) throws -> [Double] {
    try transformed(samples, as: scalar, .magnitude) { engine, grid in
      var found = [Double](repeating: 0, count: grid.count)
      var span = found.mutableSpan
      try engine.copyMagnitudes(0..<grid.count, to: &span)
      let bands = LogBands(.full, of: grid, count: 10)
      expectBands(engine.totals, bands, found, samples, scalar == Float.self ? 1e-5 : 1e-10)
      return found
    }
  }

  /// Every bin of the exact spectrum.
  private func complexBins<Scalar: FFTWScalar>(
    _ samples: [Double], as scalar: Scalar.Type
  ) throws -> [SIMD2<Double>] {
    try transformed(samples, as: scalar, .complex) { engine, grid in
      var found = [SIMD2<Double>](repeating: SIMD2(), count: grid.count)
      var span = found.mutableSpan
      try engine.copyComplexBins(0..<grid.count, of: grid, to: &span)
      return found
    }
  }

  /// What the engine for this length finds, in this process.
  private func transformed<Scalar: FFTWScalar, Found>(
    _ samples: [Double], as scalar: Scalar.Type, _ values: BinValues,
    _ find: (any TransformEngine, BinGrid) throws -> Found
  ) throws -> Found {
    let length = try #require(TransformLength(samples: samples.count, rule: .exact))
    let grid = BinGrid(sampleRate: 44100, transformLength: length.length)
    return try samples.withUnsafeBufferPointer { buffer in
      let request = TransformRequest(
        method: .exact, length: length, grid: grid,
        bands: LogBands(.full, of: grid, count: 10), everyBin: 0..<grid.count, values: values)
      let plan = SpectralPlan(
        request.planShape, precision: scalar == Float.self ? .single : .double)
      let memory = try PrivateRegions(plan.regions)
      defer { withExtendedLifetime(memory) {} }
      let engine = plan.engine(
        request, SampleReader(try #require(buffer.baseAddress), count: buffer.count),
        in: memory.regions)
      for stage in engine.stages {
        for block in 0..<stage.blockCount {
          try stage.perform(block)
          stage.commit(block)
        }
      }
      return try find(engine, grid)
    }
  }

  /// Checks the strongest bins of bands against all bins, and the sum of the powers against the
  /// energy of the samples, by Parseval's theorem.
  private func expectBands(
    _ totals: BandTotals, _ bands: LogBands, _ magnitudes: [Double], _ samples: [Double],
    _ tolerance: Double
  ) {
    for band in 0..<bands.count {
      let bins = bands.bins(of: band)
      guard let greatest = magnitudes[bins].max() else { continue }
      #expect(totals.greatestMagnitude(band) == greatest)
      #expect(totals.strongestBin(band) == magnitudes[bins].firstIndex(of: greatest))
    }
    let squares = (0..<bands.count).reduce(0) { $0 + totals.squareSum($1) }
    let energy = samples.reduce(0) { $0 + $1 * $1 }
    #expect(abs(2 * squares / Double(samples.count) / energy - 1) < tolerance)
  }

  /// The same of complex bins.
  private func errors(
    _ found: [SIMD2<Double>], _ reference: [(x: Float80, y: Float80)]
  ) -> (l2: Double, greatest: Double) {
    var (difference, energy, greatest) = (Float80(0), Float80(0), Float80(0))
    for (value, expected) in zip(found, reference) {
      let (x, y) = (Float80(value.x) - expected.x, Float80(value.y) - expected.y)
      difference += x * x + y * y
      energy += expected.x * expected.x + expected.y * expected.y
      greatest = max(greatest, (x * x + y * y).squareRoot())
    }
    let rms = (energy / Float80(reference.count)).squareRoot()
    return (Double((difference / energy).squareRoot()), Double(greatest / rms))
  }

  /// Relative error in the L2 norm, and the greatest error relative to the RMS of the spectrum.
  private func errors(
    _ found: [Double], _ reference: [Float80]
  ) -> (l2: Double, greatest: Double) {
    var (difference, energy, greatest) = (Float80(0), Float80(0), Float80(0))
    for (value, expected) in zip(found, reference) {
      let error = abs(Float80(value) - expected)
      difference += error * error
      energy += expected * expected
      greatest = max(greatest, error)
    }
    let rms = (energy / Float80(reference.count)).squareRoot()
    return (Double((difference / energy).squareRoot()), Double(greatest / rms))
  }
}

#endif
