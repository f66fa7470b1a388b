// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSamples
import WavSpectrum
import WavStages

@testable import WavTransforms

/// Averages over segments against their definition and by laws; the stages run in this process.
@Suite struct WelchEngineTests {
  /// The square root of the average power of each bin.
  private func averages<Scalar: FFTWScalar>(
    _ samples: [Double], as scalar: Scalar.Type, length: Int, overlap: Double = 0.5,
    window: Window = .hann, average: Segmentation.Average = .mean,
    detrend: Segmentation.Detrend = .none, blocks: BlockOrder = .once,
    pieces: ((Range<Int>) -> Void)? = nil
  ) throws -> [Double] {
    var method = MethodDescription.welch
    method.window = window
    method.segmentation.average = average
    method.segmentation.detrend = detrend
    let layout = SegmentLayout(sampleCount: samples.count, length: length, overlap: overlap)
    let grid = BinGrid(sampleRate: 8000, transformLength: length)
    return try samples.withUnsafeBufferPointer { buffer in
      let reader = SampleReader(try #require(buffer.baseAddress), count: buffer.count)
      let request = TransformRequest(
        method: method, length: try #require(TransformLength(samples: length, rule: .exact)),
        grid: grid, bands: LogBands(.full, of: grid, count: 20), everyBin: nil)
      let plan = SegmentPlan(
        request.planShape, layout, precision: Scalar.precision, bytesPerSample: 0)
      let memory = try PrivateRegions(plan.regions)
      let engine = plan.engine(request, ReaderSamples(reader), in: memory.regions) { piece, own in
        let first = piece * plan.pieceLength
        pieces?(first..<first + own.count)
      }
      for stage in engine.stages {
        let order = 0..<stage.blockCount
        for block in blocks == .backwards ? Array(order.reversed()) : Array(order) {
          try stage.perform(block)
          if blocks == .twice { try stage.perform(block) }
          stage.commit(block)
        }
      }
      var found = [Double](repeating: 0, count: grid.count)
      var span = found.mutableSpan
      try engine.copyMagnitudes(0..<grid.count, to: &span)
      withExtendedLifetime(memory) {}
      return found
    }
  }

  /// The same by the definition, with one naive transform for each segment.
  private func defined(
    _ samples: [Double], length: Int, overlap: Double, window: Window,
    average: Segmentation.Average, detrend: Segmentation.Detrend
  ) -> [Double] {
    let layout = SegmentLayout(sampleCount: samples.count, length: length, overlap: overlap)
    let powers = (0..<layout.count).map { segment -> [Double] in
      var part = Array(samples[layout.samples(of: segment)])
      let mean = detrend == .constant ? part.reduce(0, +) / Double(length) : 0
      for index in 0..<length {
        part[index] = (part[index] - mean) * window.weight(at: Double(index) / Double(length))
      }
      return (0...length / 2).map { bin in
        var sum = SIMD2<Double>()
        for (n, sample) in part.enumerated() {
          let angle = -2 * Double.pi * Double(n * bin % length) / Double(length)
          sum += sample * SIMD2(cos(angle), sin(angle))
        }
        return (sum * sum).sum()
      }
    }
    return (0...length / 2).map { bin in
      let values = powers.map { $0[bin] }.sorted()
      let count = values.count
      guard average == .median else {
        return (values.reduce(0, +) / Double(count)).squareRoot()
      }
      let median = (values[(count - 1) / 2] + values[count / 2]) / 2
      // The mean of the middle of `count` exponential variables, an odd number.
      var bias = 0.0
      for term in 1...max(1, count - 1 + count % 2) {
        bias += term % 2 == 1 ? 1 / Double(term) : -1 / Double(term)
      }
      return (median / bias).squareRoot()
    }
  }

  private func expectEqual(_ found: [Double], _ expected: [Double], _ tolerance: Double) {
    let greatest = expected.max() ?? 0
    let error = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(found.count == expected.count && error <= tolerance * greatest)
  }

  @Test(arguments: [(64, 0.5), (63, 0.5), (64, 0), (50, 0.9), (1, 0), (2, 0.5), (700, 0.5)])
  func everyBinIsTheAverageOfItsDefinition(length: Int, overlap: Double) throws {
    let samples = noise(701, seed: 3).map { $0 + 0.3 }
    for average in Segmentation.Average.allCases {
      for detrend in Segmentation.Detrend.allCases {
        let expected = defined(
          samples, length: length, overlap: overlap, window: .hamming, average: average,
          detrend: detrend)
        let found = try averages(
          samples, as: Double.self, length: length, overlap: overlap, window: .hamming,
          average: average, detrend: detrend)
        // Without its mean a segment of one sample is silent, up to rounding.
        if (expected.max() ?? 0) > 1e-12 { expectEqual(found, expected, 1e-13) }
        let single = try averages(
          samples, as: Float.self, length: length, overlap: overlap, window: .hamming,
          average: average, detrend: detrend)
        if (expected.max() ?? 0) > 1e-12 { expectEqual(single, expected, 1e-6) }
      }
    }
  }

  /// Many chunks and blocks, in any order, and repeated: bit for bit the same.
  @Test(arguments: Segmentation.Average.allCases)
  func theOrderOfBlocksDoesNotMatter(average: Segmentation.Average) throws {
    let samples = noise(900_001, seed: 5)
    let first = try averages(samples, as: Float.self, length: 1000, average: average)
    for order in [BlockOrder.backwards, .twice] {
      let again = try averages(
        samples, as: Float.self, length: 1000, average: average, blocks: order)
      #expect(again == first)
    }
  }

  /// Every sample is looked at exactly once, whatever the segments.
  @Test(arguments: [(1000, 0.5, 900_001), (300_000, 0.9, 900_001), (7, 0, 600_000), (5, 0.5, 5)])
  func piecesCoverTheSignal(length: Int, overlap: Double, count: Int) throws {
    var next = 0
    _ = try averages(
      noise(count), as: Float.self, length: length, overlap: overlap,
      pieces: {
        #expect($0.lowerBound == next)
        next = $0.upperBound
      })
    #expect(next == count)
  }

  /// Chunks change nothing: segments across their borders are complete.
  @Test func segmentsAcrossChunksAreComplete() throws {
    let samples = noise(600_000, seed: 8)
    let long = try averages(samples, as: Double.self, length: 40, overlap: 0.5)
    let layout = SegmentLayout(sampleCount: samples.count, length: 40, overlap: 0.5)
    #expect(SegmentChunks(layout).count > 2)
    // Sums of powers over the bins are sums of squares of windowed samples (Parseval).
    let window = (0..<40).map { Window.hann.weight(at: Double($0) / 40) }
    var energy = 0.0
    for segment in 0..<layout.count {
      for (place, index) in layout.samples(of: segment).enumerated() {
        let value = samples[index] * window[place]
        energy += value * value
      }
    }
    var powers = 0.0
    for (bin, magnitude) in long.enumerated() {
      powers += magnitude * magnitude * (bin == 0 || bin == 20 ? 1 : 2)
    }
    #expect(abs(powers * Double(layout.count) / (40 * energy) - 1) < 1e-12)
  }

  /// A sine has the same level in segments of any length.
  @Test(arguments: [512, 1000, 4096]) func theLevelOfASineDoesNotDependOnSegments(length: Int)
    throws
  {
    let frequency = Double(length / 8) / Double(length)
    let samples = (0..<50_000).map { 0.25 * sin(2 * .pi * frequency * Double($0)) }
    let found = try averages(samples, as: Double.self, length: length)
    let amplitude = 2 * (found[length / 8]) / Window.hann.sum(length: length)
    #expect(abs(amplitude - 0.25) < 1e-9)
  }

  /// Medians leave out what is short.
  @Test func aClickChangesTheMeanButNotTheMedian() throws {
    var samples = noise(40_000, seed: 4)
    let medians = try averages(samples, as: Double.self, length: 400, average: .median)
    let means = try averages(samples, as: Double.self, length: 400)
    samples[20_000] = 1000
    let clicked = try averages(samples, as: Double.self, length: 400, average: .median)
    let loud = try averages(samples, as: Double.self, length: 400)
    #expect(zip(medians, clicked).allSatisfy { abs($1 / $0 - 1) < 0.15 })
    #expect(zip(means, loud).allSatisfy { $1 > 10 * $0 })
    // Both estimate the same power of noise.
    let powers = [medians, means].map { $0.dropFirst().reduce(0.0) { $0 + $1 * $1 } }
    #expect(abs(powers[0] / powers[1] - 1) < 0.05)
  }

  @Test func samplesThatAreNotFiniteAreNamed() throws {
    var samples = noise(10_000)
    samples[7777] = .infinity
    #expect(throws: UnusableSamples.notFinite(index: 7777, value: .infinity)) {
      try averages(samples, as: Double.self, length: 100)
    }
  }

  /// Samples at the end count for the levels of the recording, although no segment has them.
  @Test func theUnusedEndMustBeFiniteToo() throws {
    for (count, length) in [(10_050, 100), (600_000, 250_000)] {
      var samples = noise(count)
      samples[count - 1] = .nan
      #expect(throws: UnusableSamples.self) {
        try averages(samples, as: Float.self, length: length, overlap: 0)
      }
      samples[count - 1] = 0
      _ = try averages(samples, as: Float.self, length: length, overlap: 0)
    }
  }

  @Test func mediansAreThoseOfSorting() {
    for count in 1...40 {
      var values = noise(count, seed: count)
      let sorted = values.sorted()
      let expected = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
      let found = values.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { median(of: $0, count: count) }
      }
      #expect(found == expected)
    }
  }
}
