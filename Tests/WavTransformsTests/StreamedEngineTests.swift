// SPDX-License-Identifier: GPL-2.0-or-later

import Synchronization
import Testing
import WavSamples
import WavSpectrum
import WavStages

@testable import WavTransforms

/// Two passes over a file must give what the definition of the transform says.
struct StreamedEngineTests {
  /// A signal and how it is cut into pieces.
  struct Case: Sendable, CustomTestStringConvertible {
    var count: Int
    var parts = 1
    var length: Int?
    var columns: Int
    var strips = 1
    var rows = 1
    var window = Window.rectangular

    var testDescription: String {
      "\(count) samples, \(parts) parts, columns of \(columns), blocks of \(strips) and \(rows)"
    }
  }

  static let cases = [
    Case(count: 4096, columns: 16), Case(count: 4096, columns: 2, strips: 3),
    Case(count: 4095, columns: 15, strips: 2, rows: 3), Case(count: 4095, columns: 3, rows: 2),
    Case(count: 3000, length: 4096, columns: 32, strips: 100, rows: 100),
    Case(count: 12288, parts: 3, columns: 16, strips: 4, rows: 2, window: .hann),
    Case(count: 12289, parts: 2, columns: 12, strips: 7, rows: 5),
    Case(count: 40 * 128, parts: 40, columns: 8, strips: 3, rows: 2),
    // Rows so long that they are factored themselves.
    Case(count: 1 << 18, columns: 2, strips: 1000), Case(count: 270_000, columns: 2, strips: 999),
    Case(count: 1 << 18, parts: 2, columns: 2, strips: 500, window: .hann),
  ]

  @Test(arguments: cases)
  func agreesWithTheFourStepEngine(_ test: Case) throws {
    try compare(test, as: Double.self, tolerance: 1e-12)
    try compare(test, as: Float.self, tolerance: 3e-6)
  }

  private func compare<Scalar: FFTWScalar>(
    _ test: Case, as scalar: Scalar.Type, tolerance: Double
  ) throws {
    let samples = noise(test.count, seed: 7).enumerated().map { $1 + 0.2 * Double($0 % 17) / 17 }
    let expected = try spectrum(
      samples, as: Double.self, parts: test.parts, length: test.length, window: test.window)
    let greatest = expected.magnitudes.max() ?? 0
    for blocks in [BlockOrder.once, .backwards, .twice] {
      let found = try streamed(samples, test, as: scalar, blocks: blocks)
      let worst = zip(found.magnitudes, expected.magnitudes).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= tolerance * greatest, "\(worst / greatest)")
      for (band, sum) in expected.squareSums.enumerated() {
        #expect(
          abs(found.squareSums[band] - sum) <= 10 * tolerance * greatest * greatest + 1e-5 * sum)
      }
    }
  }
}

/// Computes every bin's magnitude in two passes, in this process.
private func streamed<Scalar: FFTWScalar>(
  _ samples: [Double], _ test: StreamedEngineTests.Case, as scalar: Scalar.Type,
  blocks: BlockOrder
) throws -> EngineSpectrum {
  let rule = test.length.map { LengthRule.fixed($0) } ?? .exact
  let length = try #require(TransformLength(samples: samples.count / test.parts, rule: rule))
  let grid = BinGrid(sampleRate: 8000, transformLength: length.length, parts: test.parts)
  let request = TransformRequest(
    method: method(test.parts, test.window), length: length, grid: grid,
    bands: LogBands(.full, of: grid, count: 50), everyBin: 0..<grid.count)
  let split = StreamedSplit(
    columnLength: test.columns, rowLength: length.length / test.columns, parts: test.parts,
    stripsPerBlock: test.strips, rowsPerBlock: test.rows)
  let memory = try PrivateRegions(StreamedEngine<Scalar>.needs(request.planShape, split))
  defer { withExtendedLifetime(memory) {} }
  let file = SamplesInMemory(samples)
  let scratch = StreamedEngine<Scalar>.scratchNeeds(
    request.planShape, split, bytesPerSample: file.bytesPerSample
  ).map { ScratchInMemory(byteCount: $0) }
  var seen = [Double](repeating: .nan, count: samples.count)
  let engine = StreamedEngine<Scalar>(
    request, split, file, in: memory.regions, scratch: scratch, blocksAhead: 2
  ) { piece, reader in
    let (row, block) = piece.quotientAndRemainder(dividingBy: split.columnBlockCount)
    let start = row * split.columnCount + split.columns(of: block).lowerBound
    reader.read(from: 0, count: reader.count, into: &seen[start])
  }
  for stage in engine.stages {
    let order = 0..<stage.blockCount
    for block in blocks == .backwards ? Array(order.reversed()) : Array(order) {
      try stage.perform(block)
      if blocks == .twice { try stage.perform(block) }
      stage.commit(block)
    }
  }
  let used = length.samples * test.parts
  #expect(Array(seen[..<used]) == Array(samples[..<used]), "each sample is shown in its piece")
  var found = [Double](repeating: 0, count: grid.count)
  var span = found.mutableSpan
  try engine.copyMagnitudes(0..<grid.count, to: &span)
  for band in 0..<request.bands.count {
    let bins = request.bands.bins(of: band)
    guard let strongest = found[bins].max() else { continue }
    #expect(engine.totals.greatestMagnitude(band) == strongest)
    #expect(engine.totals.strongestBin(band) == bins.first { found[$0] == strongest })
  }
  return EngineSpectrum(
    magnitudes: found, bands: request.bands,
    squareSums: (0..<request.bands.count).map { engine.totals.squareSum($0) })
}

/// Samples in memory that are read as from a file.
final class SamplesInMemory: StreamedSamples {
  let count: Int
  let bytesPerSample = 8
  private let samples: [Double]

  init(_ samples: [Double]) {
    self.samples = samples
    count = samples.count
  }

  func read(
    _ range: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> SampleReader {
    precondition(buffer.count >= range.count * 8, "room for the samples")
    let target = try #require(buffer.baseAddress).assumingMemoryBound(to: Double.self)
    for (index, sample) in samples[range].enumerated() { target[index] = sample }
    return SampleReader(target, count: range.count)
  }

  func announce(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "samples of the file")
  }
}

/// A scratch file in memory.
final class ScratchInMemory: Scratch {
  let byteCount: Int
  private let bytes: Mutex<[UInt8]>

  init(byteCount: Int) {
    self.byteCount = byteCount
    bytes = Mutex([UInt8](repeating: 0xff, count: byteCount))
  }

  func write(_ source: UnsafeRawBufferPointer, at offset: Int) throws {
    bytes.withLock { $0.replaceSubrange(offset..<offset + source.count, with: source) }
  }

  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws {
    bytes.withLock { bytes in
      bytes.withUnsafeBytes {
        target.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + target.count]))
      }
    }
  }

  func announce(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "a range of the file")
  }
}
