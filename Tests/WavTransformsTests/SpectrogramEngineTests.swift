// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSamples
import WavSpectrum
import WavStages

@testable import WavTransforms

/// Cells of spectrograms against the powers of their segments; the stages run in this process.
@Suite struct SpectrogramEngineTests {
  /// The powers of all segments as they are passed on.
  private final class Sink: SegmentPowersSink {
    var rows: [Int: [Double]] = [:]
    let bins: Int
    var isOpen = false

    init(bins: Int) { self.bins = bins }

    func take(_ powers: UnsafeMutablePointer<Float>, of segment: Int) {
      rows[segment] = (0..<bins).map { Double(powers[$0]) }
      isOpen = true
    }

    func take(_ powers: UnsafeMutablePointer<Double>, of segment: Int) {
      rows[segment] = (0..<bins).map { powers[$0] }
      isOpen = true
    }

    func flush() { isOpen = false }
  }

  private struct Found {
    var cells: [Double]
    var rows: [Int: [Double]]
    var averages: [Double]
  }

  private func spectrogram<Scalar: FFTWScalar>(
    _ samples: [Double], as scalar: Scalar.Type, _ layout: SegmentLayout,
    _ cells: (BinGrid) -> SpectrogramCells, blocks: BlockOrder = .once
  ) throws -> (Found, SpectrogramCells) {
    let grid = BinGrid(sampleRate: 8000, transformLength: layout.length)
    let cells = cells(grid)
    return try samples.withUnsafeBufferPointer { buffer in
      let reader = SampleReader(try #require(buffer.baseAddress), count: buffer.count)
      let request = TransformRequest(
        method: .spectrogram,
        length: try #require(TransformLength(samples: layout.length, rule: .exact)),
        grid: grid, bands: LogBands(.full, of: grid, count: 20), everyBin: nil)
      let plan = SegmentPlan(
        request.planShape, layout, cells, precision: Scalar.precision, bytesPerSample: 0)
      let memory = try PrivateRegions(plan.regions)
      let sink = Sink(bins: grid.count)
      let engine = plan.engine(
        request, ReaderSamples(reader), in: memory.regions, pass: sink)
      for stage in engine.stages {
        let order = 0..<stage.blockCount
        for block in blocks == .backwards ? Array(order.reversed()) : Array(order) {
          try stage.perform(block)
          if blocks == .twice { try stage.perform(block) }
          stage.commit(block)
        }
      }
      #expect(!sink.isOpen)
      var averages = [Double](repeating: 0, count: grid.count)
      var span = averages.mutableSpan
      try engine.copyMagnitudes(0..<grid.count, to: &span)
      let found = Found(
        cells: try #require(engine.cellPowers), rows: sink.rows, averages: averages)
      withExtendedLifetime(memory) {}
      return (found, cells)
    }
  }

  private func power(_ samples: [Double], _ layout: SegmentLayout, _ segment: Int) -> [Double] {
    var part = Array(samples[layout.samples(of: segment)])
    let mean = part.reduce(0, +) / Double(layout.length)
    for index in part.indices {
      part[index] =
        (part[index] - mean) * Window.hann.weight(at: Double(index) / Double(layout.length))
    }
    return (0...layout.length / 2).map { bin in
      var sum = SIMD2<Double>()
      for (n, sample) in part.enumerated() {
        let angle = -2 * Double.pi * Double(n * bin % layout.length) / Double(layout.length)
        sum += sample * SIMD2(cos(angle), sin(angle))
      }
      return (sum * sum).sum()
    }
  }

  @Test(arguments: [(64, 0.5, 7), (63, 0.75, 5), (50, 0, 100), (701, 0.5, 3)])
  func everySegmentIsPassedOn(length: Int, overlap: Double, columns: Int) throws {
    let samples = noise(701, seed: 6)
    let layout = SegmentLayout(sampleCount: samples.count, length: length, overlap: overlap)
    let (found, _) = try spectrogram(samples, as: Double.self, layout) {
      SpectrogramCells(layout, $0, .full, columns: columns, rows: 10, .logarithmic, .maximum)
    }
    #expect(found.rows.count == layout.count)
    for segment in 0..<layout.count {
      let expected = power(samples, layout, segment)
      let greatest = expected.max() ?? 1
      let row = try #require(found.rows[segment])
      #expect(zip(row, expected).allSatisfy { abs($0 - $1) < 1e-12 * greatest })
    }
    // The average is that of Welch's method.
    for bin in 0...length / 2 {
      let mean = found.rows.values.reduce(0) { $0 + $1[bin] } / Double(layout.count)
      #expect(abs(found.averages[bin] - mean.squareRoot()) < 1e-9)
    }
  }

  @Test(arguments: LevelGrid.Reduction.allCases, FrequencySpacing.allCases)
  func cellsAreThoseOfTheirSegmentsAndBins(
    reduction: LevelGrid.Reduction, spacing: FrequencySpacing
  ) throws {
    let samples = noise(40_000, seed: 2)
    let layout = SegmentLayout(sampleCount: samples.count, length: 128, overlap: 0.5)
    for columns in [1, 10, 100, 10_000] {
      let (found, cells) = try spectrogram(samples, as: Double.self, layout) {
        SpectrogramCells(
          layout, $0, .between(low: 100, high: 3000), columns: columns, rows: 24, spacing,
          reduction)
      }
      #expect(cells.columnCount <= columns)
      #expect(found.cells.count == cells.columnCount * cells.rowCount)
      for column in 0..<cells.columnCount {
        let first = column * cells.segmentsPerColumn
        let segments = first..<min(first + cells.segmentsPerColumn, layout.count)
        for row in 0..<cells.rowCount {
          let powers = segments.flatMap { segment in
            cells.bins(of: row).map { found.rows[segment]?[$0] ?? .nan }
          }
          let expected =
            reduction == .maximum
            ? powers.max() ?? .nan : powers.reduce(0, +) / Double(powers.count)
          let value = Double(found.cells[column * cells.rowCount + row])
          #expect(abs(value / expected - 1) < 1e-6)
        }
      }
    }
  }

  /// Several chunks and blocks, in any order and repeated: bit for bit the same.
  @Test func theOrderOfBlocksDoesNotMatter() throws {
    let samples = noise(900_001, seed: 9)
    let layout = SegmentLayout(sampleCount: samples.count, length: 1000, overlap: 0.5)
    func cells(_ order: BlockOrder) throws -> Found {
      try spectrogram(
        samples, as: Float.self, layout,
        { SpectrogramCells(layout, $0, .full, columns: 37, rows: 50, .linear, .maximum) },
        blocks: order
      ).0
    }
    let first = try cells(.once)
    for order in [BlockOrder.backwards, .twice] {
      let again = try cells(order)
      #expect(again.cells == first.cells && again.rows == first.rows)
      #expect(again.averages == first.averages)
    }
  }

  /// A click of one sample in a long recording is as strong in its column as in its segment.
  @Test func nothingShortIsLost() throws {
    var samples = [Double](repeating: 0, count: 1_000_000)
    samples[654_321] = 0.5
    let layout = SegmentLayout(sampleCount: samples.count, length: 256, overlap: 0.5)
    let (found, cells) = try spectrogram(samples, as: Float.self, layout) {
      SpectrogramCells(layout, $0, .full, columns: 20, rows: 30, .logarithmic, .maximum)
    }
    let loud = (0..<cells.columnCount).filter { found.cells[$0 * cells.rowCount + 20] > 0 }
    #expect(loud == [654_321 / (cells.segmentsPerColumn * layout.hop)])
    let strongest = found.rows.values.map { $0[40] }.max() ?? 0
    let cell = found.cells[(loud.first ?? 0) * cells.rowCount + 20]
    #expect(abs(Double(cell) / strongest - 1) < 0.3)
  }
}

/// The division of segments and bins into cells.
@Suite struct SpectrogramCellsTests {
  @Test(arguments: [1, 7, 100, 5000]) func columnsCoverEverySegment(columns: Int) {
    let layout = SegmentLayout(sampleCount: 100_000, length: 400, overlap: 0.5)
    let grid = BinGrid(sampleRate: 8000, transformLength: 400)
    let cells = SpectrogramCells(
      layout, grid, .full, columns: columns, rows: 10, .linear, .maximum)
    #expect(cells.columnCount <= columns)
    #expect(cells.columnCount * cells.segmentsPerColumn >= layout.count)
    #expect((cells.columnCount - 1) * cells.segmentsPerColumn < layout.count)
    // Each segment stands for the time around its middle.
    #expect(cells.samples.lowerBound == 100)
    #expect(cells.samples.upperBound >= Double(layout.usedCount - 100))
  }

  @Test(arguments: FrequencySpacing.allCases) func everyRowHasABin(spacing: FrequencySpacing) {
    let layout = SegmentLayout(sampleCount: 10_000, length: 256, overlap: 0.5)
    let grid = BinGrid(sampleRate: 44100, transformLength: 256)
    for band in [
      FrequencyBand.full, .audible, .between(low: 0, high: 5000), .between(low: 300, high: 301),
    ] {
      let cells = SpectrogramCells(layout, grid, band, columns: 10, rows: 200, spacing, .mean)
      let kept = grid.bins(in: band)
      for row in 0..<cells.rowCount {
        let bins = cells.bins(of: row)
        // A band between two bins has none.
        #expect(bins.isEmpty == kept.isEmpty)
        #expect(bins.isEmpty || bins.clamped(to: kept) == bins)
      }
      #expect(zip(cells.edges, cells.edges.dropFirst()).allSatisfy { $0 < $1 })
      // Together the rows have every bin of the band.
      let all = (0..<cells.rowCount).reduce(into: Set<Int>()) { $0.formUnion(cells.bins(of: $1)) }
      // A logarithmic axis does not begin at DC.
      #expect(all.isSuperset(of: kept.dropLast().filter { $0 > 0 || spacing == .linear }))
    }
  }

  /// A recording that reaches less far has no empty rows above.
  @Test func rowsEndWhereTheRecordingDoes() {
    let layout = SegmentLayout(sampleCount: 10_000, length: 256, overlap: 0.5)
    let grid = BinGrid(sampleRate: 8000, transformLength: 256)
    let cells = SpectrogramCells(
      layout, grid, .audible, columns: 10, rows: 20, .logarithmic, .maximum)
    #expect(cells.edges.first == 20)
    #expect(cells.edges.last == 4000)
  }
}
