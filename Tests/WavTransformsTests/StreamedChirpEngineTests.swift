// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavSpectrum
import WavStages

@testable import WavTransforms

/// The convolution over scratch files must give what the definition of the transform says.
struct StreamedChirpEngineTests {
  /// A signal and how its convolution is cut into pieces.
  struct Case: Sendable, CustomTestStringConvertible {
    var count: Int
    var length: Int?
    var columns: Int
    /// The length of a row; at least 3 N / 2 divided by ``columns``.
    var rows: Int
    var strips = 1
    var window = Window.rectangular

    var testDescription: String {
      "\(count) samples, columns of \(columns), rows of \(rows), blocks of \(strips)"
    }
  }

  static let cases = [
    Case(count: 1009, columns: 4, rows: 384, strips: 3),
    Case(count: 1009, columns: 96, rows: 16), Case(count: 1010, columns: 6, rows: 253, strips: 2),
    Case(count: 997, columns: 10, rows: 151, strips: 40),
    Case(count: 1500, length: 2003, columns: 16, rows: 189, strips: 5, window: .hann),
    Case(count: 600, length: 2003, columns: 8, rows: 376, strips: 7),
    // More blocks than may have bands of their own.
    Case(count: 2003, columns: 4, rows: 752), Case(count: 5003, columns: 4, rows: 1876),
    // Rows so long that they are factored themselves.
    Case(count: 349_529, columns: 4, rows: 131_250, strips: 512, window: .blackmanHarris),
  ]

  @Test(arguments: cases)
  func agreesWithThePlainEngine(_ test: Case) throws {
    try compare(test, as: Double.self, tolerance: 1e-12)
    try compare(test, as: Float.self, tolerance: 3e-6)
  }

  private func compare<Scalar: FFTWScalar>(
    _ test: Case, as scalar: Scalar.Type, tolerance: Double
  ) throws {
    let samples = noise(test.count, seed: 7).enumerated().map { $1 + 0.2 * Double($0 % 17) / 17 }
    let expected = try spectrum(
      samples, as: Double.self, length: test.length, window: test.window)
    let greatest = expected.magnitudes.max() ?? 0
    var first: [Double] = []
    for blocks in test.rows > 1 << 16 ? [BlockOrder.twice] : [.once, .backwards, .twice] {
      let found = try streamed(samples, test, as: scalar, blocks: blocks)
      let worst = zip(found.magnitudes, expected.magnitudes).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= tolerance * greatest, "\(worst / greatest)")
      for (band, sum) in expected.squareSums.enumerated() {
        #expect(
          abs(found.squareSums[band] - sum) <= 10 * tolerance * greatest * greatest + 1e-5 * sum)
      }
      if first.isEmpty { first = found.magnitudes + found.squareSums }
      #expect(found.magnitudes + found.squareSums == first, "the order of blocks does not matter")
    }
  }

  @Test
  func agreesWithTheDefinition() throws {
    let samples = noise(1009, seed: 3)
    let expected = naiveMagnitudes(samples)
    let greatest = expected.max() ?? 0
    let found = try streamed(
      samples, Case(count: 1009, columns: 12, rows: 128, strips: 3), as: Double.self, blocks: .once)
    for (bin, magnitude) in found.magnitudes.enumerated() {
      #expect(abs(magnitude - expected[bin]) <= 1e-12 * greatest)
    }
  }

  @Test
  func agreesWithTheTwoPassesAndTheConvolutionInMemory() throws {
    let samples = noise(6000, seed: 5)
    let found = try streamed(
      samples, Case(count: 6000, columns: 30, rows: 320, strips: 3), as: Double.self, blocks: .once)
    let inMemory = try magnitudes(
      samples, as: Double.self, split: (columns: 30, rows: 320), isChirp: true)
    let fourStep = try magnitudes(samples, as: Double.self, split: (columns: 20, rows: 300))
    let greatest = inMemory.max() ?? 0
    for (bin, magnitude) in found.magnitudes.enumerated() {
      #expect(abs(magnitude - inMemory[bin]) <= 1e-12 * greatest)
      #expect(abs(magnitude - fourStep[bin]) <= 1e-12 * greatest)
    }
  }

  @Test
  func keepsSomeBins() throws {
    let samples = noise(1009, seed: 3)
    let test = Case(count: 1009, columns: 6, rows: 253, strips: 3)
    let all = try streamed(samples, test, as: Float.self, blocks: .once).magnitudes
    for range in [0..<1, 100..<400, 250..<505, 504..<505] {
      let some = try streamed(samples, test, as: Float.self, blocks: .backwards, keeping: range)
      #expect(some.magnitudes == Array(all[range]))
    }
  }

  /// What a plan chooses, and that a worker has the memory for it.
  @Test(arguments: [
    (10_000_019, 8 << 20, 4), (10_000_019, 4 << 20, 4), (1_000_000_007, 64 << 20, 4),
    (2 * 50_000_017, 64 << 20, 4), (1 << 28, 64 << 20, 2), (300_000_000, 32 << 20, 2),
  ])
  func isChosenForLengthsThatCannotBeSplit(
    _ length: Int, _ byteCount: Int, _ passCount: Int
  ) throws {
    for precision in [Precision.single, .double] {
      let conditions = StreamedSplit.Conditions(
        length: length, parts: 1, bytesPerSample: 4, scalarBytes: precision.byteCount,
        byteCount: byteCount, dirtyByteCount: byteCount / 4)
      let shape = PlanShape(
        method: .exact, length: try #require(TransformLength(samples: length, rule: .exact)),
        bandCount: 100, everyBin: nil)
      let plan = StreamedPlan(
        shape, precision: precision, bytesPerSample: 4, byteCount: byteCount,
        dirtyByteCount: byteCount / 4)
      #expect(plan?.passCount == passCount)
      guard passCount == 4 else { continue }
      let split = try #require(StreamedChirpSplit(conditions))
      #expect(split.order == ChirpEngine<Float>.convolutionLength(for: length))
      let number = 2 * precision.byteCount
      #expect(split.workspaceCount() * number + split.pitch * 4 <= byteCount * 3 / 4)
      #expect(plan?.pieceBorders.last == split.rowLength)
    }
  }
}

/// Computes every bin, or some bins, in four passes, in this process.
func streamed<Scalar: FFTWScalar>(
  _ samples: [Double], _ test: StreamedChirpEngineTests.Case, as scalar: Scalar.Type,
  blocks: BlockOrder, keeping bins: Range<Int>? = nil, values: BinValues = .magnitude
) throws -> EngineSpectrum {
  let request = try request(
    samples.count, length: test.length, window: test.window, keeping: bins, values: values)
  let split = StreamedChirpSplit(
    columnLength: test.columns, rowLength: test.rows, stripsPerBlock: test.strips)
  return try streamedSpectrum(
    samples, request, needs: StreamedChirpEngine<Scalar>.needs(request.planShape, split),
    scratch: StreamedChirpEngine<Scalar>.scratchNeeds(request.planShape, split),
    rowLength: split.rowLength,
    starts: (0..<split.columnBlockCount).map { split.columns(of: $0).lowerBound }, blocks: blocks
  ) {
    StreamedChirpEngine<Scalar>(request, split, $0, in: $1, scratch: $2, blocksAhead: 2, look: $3)
  }
}
