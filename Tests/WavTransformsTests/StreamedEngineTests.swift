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
    // Inner rows of an odd number of elements.
    Case(count: 2 * 177_147, columns: 2, strips: 500),
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

/// Computes every bin, or some bins, in two passes, in this process.
func streamed<Scalar: FFTWScalar>(
  _ samples: [Double], _ test: StreamedEngineTests.Case, as scalar: Scalar.Type,
  blocks: BlockOrder, keeping bins: Range<Int>? = nil, values: BinValues = .magnitude
) throws -> EngineSpectrum {
  let request = try request(
    samples.count, parts: test.parts, length: test.length, window: test.window, keeping: bins,
    values: values)
  let split = StreamedSplit(
    columnLength: test.columns, rowLength: request.length.length / test.columns,
    parts: test.parts, stripsPerBlock: test.strips, rowsPerBlock: test.rows)
  return try streamedSpectrum(
    samples, request, needs: StreamedEngine<Scalar>.needs(request.planShape, split),
    scratch: StreamedEngine<Scalar>.scratchNeeds(
      request.planShape, split, bytesPerSample: SamplesInMemory.bytesPerSample),
    rowLength: split.columnCount,
    starts: (0..<split.columnBlockCount).map { split.columns(of: $0).lowerBound }, blocks: blocks
  ) {
    StreamedEngine<Scalar>(request, split, $0, in: $1, scratch: $2, blocksAhead: 2, look: $3)
  }
}

/// A transform in 50 bands, which keeps some bins, or all.
func request(
  _ count: Int, parts: Int = 1, length: Int?, window: Window, keeping bins: Range<Int>? = nil,
  values: BinValues = .magnitude
) throws -> TransformRequest {
  let rule = length.map { LengthRule.fixed($0) } ?? .exact
  let length = try #require(TransformLength(samples: count / parts, rule: rule))
  let grid = BinGrid(sampleRate: 8000, transformLength: length.length, parts: parts)
  return TransformRequest(
    method: method(parts, window), length: length, grid: grid,
    bands: LogBands(.full, of: grid, count: 50), everyBin: bins ?? 0..<grid.count, values: values)
}

/// Performs an engine over scratch files, in this process, and checks its bands and the pieces that it shows.
///
/// Pieces are cut from rows of `rowLength` samples, at `starts`.
func streamedSpectrum(
  _ samples: [Double], _ request: TransformRequest, needs: [RegionNeed], scratch: [Int],
  rowLength: Int, starts: [Int], blocks: BlockOrder,
  engine make: (
    SamplesInMemory, [Region], [any Scratch], _ look: @escaping (Int, SampleReader) -> Void
  ) -> any TransformEngine
) throws -> EngineSpectrum {
  let memory = try PrivateRegions(needs)
  defer { withExtendedLifetime(memory) {} }
  var seen = [Double](repeating: .nan, count: samples.count)
  let engine = make(
    SamplesInMemory(samples), memory.regions, scratch.map { ScratchInMemory(byteCount: $0) }
  ) { piece, reader in
    let (row, block) = piece.quotientAndRemainder(dividingBy: starts.count)
    reader.read(from: 0, count: reader.count, into: &seen[row * rowLength + starts[block]])
  }
  for stage in engine.stages {
    let order = 0..<stage.blockCount
    for block in blocks == .backwards ? Array(order.reversed()) : Array(order) {
      try stage.perform(block)
      if blocks == .twice { try stage.perform(block) }
      stage.commit(block)
    }
  }
  let used = request.sampleCount
  #expect(Array(seen[..<used]) == Array(samples[..<used]), "each sample is shown in its piece")
  let result = try keptBins(of: engine, request)
  let found = result.magnitudes
  guard request.values == .magnitude, found.count == request.grid.count else { return result }
  for band in 0..<request.bands.count {
    let bins = request.bands.bins(of: band)
    guard let strongest = found[bins].max() else { continue }
    #expect(engine.totals.greatestMagnitude(band) == strongest)
    #expect(engine.totals.strongestBin(band) == bins.first { found[$0] == strongest })
  }
  return result
}

/// Samples in memory that are read as from a file.
final class SamplesInMemory: StreamedSamples {
  let count: Int
  static let bytesPerSample = 8
  let bytesPerSample: Int = SamplesInMemory.bytesPerSample
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
    bytes.withLock { bytes in
      bytes.withUnsafeMutableBytes {
        UnsafeMutableRawBufferPointer(rebasing: $0[offset..<offset + source.count])
          .copyMemory(from: source)
      }
    }
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
