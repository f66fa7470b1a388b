// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// The powers of segments over time, reduced to cells: some segments wide, some bins high.
///
/// The powers of all segments are averaged as well, as by Welch's method. Memory does not depend on the length of the
/// signal but on the number of cells. Every segment with every bin can be passed on as it is transformed.
final class SpectrogramEngine<Scalar: FFTWScalar>: SegmentedEngine {
  private let layout: SegmentLayout
  private let cells: SpectrogramCells
  private let reader: SegmentReader<Scalar>
  private let average: MeanPower<Scalar>
  private let bins: AveragedBins<Scalar>
  private let blockCount: Int
  /// Power of each cell: [column][row].
  private let region: Region
  private let pass: (any SegmentPowersSink)?

  /// The powers of a pair of segments, and of a column as far as it is complete.
  private let first: AlignedBuffer<Scalar>
  private let second: AlignedBuffer<Scalar>
  private let column: AlignedBuffer<Scalar>

  static func needs(
    _ shape: PlanShape, _ layout: SegmentLayout, _ cells: SpectrogramCells
  ) -> [RegionNeed] {
    [
      need(cells),
      MeanPower<Scalar>.need(
        length: layout.length, blockCount: chunks(layout, cells).blockCountOfSums),
    ] + AveragedBins<Scalar>.needs(shape)
  }

  private static func need(_ cells: SpectrogramCells) -> RegionNeed {
    RegionNeed(
      "the cells of the spectrogram",
      byteCount: cells.columnCount * cells.rowCount * MemoryLayout<Scalar>.stride, access: .inPlace)
  }

  /// A column is complete within a chunk.
  static func chunks(_ layout: SegmentLayout, _ cells: SpectrogramCells) -> SegmentChunks {
    SegmentChunks(layout, unit: cells.segmentsPerColumn)
  }

  /// Memory of each process beside the regions, about, in bytes.
  static func ownByteCount(
    _ layout: SegmentLayout, _ cells: SpectrogramCells, bytesPerSample: Int
  ) -> Double {
    SegmentReader<Scalar>.byteCount(chunks(layout, cells), bytesPerSample: bytesPerSample)
      + Double(16 * layout.length)
  }

  init(
    _ request: TransformRequest, _ layout: SegmentLayout, _ cells: SpectrogramCells,
    _ samples: any StreamedSamples, in regions: [Region], pass: (any SegmentPowersSink)?,
    look: @escaping (_ piece: Int, SampleReader) -> Void
  ) {
    self.layout = layout
    self.cells = cells
    self.pass = pass
    let chunks = Self.chunks(layout, cells)
    reader = SegmentReader(chunks, of: samples, request.method, look: look)
    blockCount = chunks.blockCountOfSums
    var supply = RegionSupply(regions)
    region = supply.next(Self.need(cells))
    average = MeanPower(layout, blockCount: blockCount, in: &supply)
    bins = AveragedBins(average, request, binsPerBlock: 1 << 16, in: &supply)
    supply.finish()
    let binCount = layout.length / 2 + 1
    first = AlignedBuffer(count: binCount)
    second = AlignedBuffer(count: binCount)
    column = AlignedBuffer(count: binCount)
  }

  var totals: BandTotals { bins.totals }

  var summary: String { "\(layout.count) transforms of \(layout.length) samples" }

  var stages: [Stage] {
    bins.reserving
      + [Stage(name: "segments", blockCount: blockCount) { try self.addSegments($0) }]
      + bins.reducing(weight: 0.01)
  }

  func copyMagnitudes(_ bins: Range<Int>, to output: inout MutableSpan<Double>) {
    self.bins.copy(bins, to: &output)
  }

  var cellPowers: [Double]? {
    UnsafeBufferPointer(
      start: region.pointer(to: Scalar.self), count: cells.columnCount * cells.rowCount
    ).map { Double($0) }
  }

  private func addSegments(_ block: Int) throws {
    let chunks = reader.chunks
    let own = chunks.chunks(of: block, of: blockCount)
    try average.begin(block, segments: chunks.segments(of: own))
    for chunk in own {
      if chunk + 1 < own.upperBound { reader.announce(chunk + 1) }
      try reader.transform(chunk: chunk) { spectrum, segments in
        average.add(spectrum, segments: segments)
        Scalar.splitPowers(
          of: spectrum, count: layout.length, bins: column.count, to: first.base, second.base)
        for (segment, powers) in zip(segments, [first.base, second.base]) {
          add(powers, of: segment)
          try pass?.take(powers, of: segment)
        }
      }
      try pass?.flush()
    }
    average.finish(block)
  }

  /// Adds the powers of a segment to its column.
  private func add(_ powers: UnsafeMutablePointer<Scalar>, of segment: Int) {
    let (number, place) = segment.quotientAndRemainder(dividingBy: cells.segmentsPerColumn)
    if place == 0 {
      column.base.update(from: powers, count: column.count)
    } else {
      Scalar.reduce(powers, count: column.count, cells.reduction, into: column.base)
    }
    guard place + 1 == cells.segmentsPerColumn || segment + 1 == layout.count else { return }
    store(number, segments: place + 1)
  }

  /// Reduces a column to the rows.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func store(_ number: Int, segments: Int) {
    let output = region.pointer(
      at: MemoryLayout<Scalar>.stride * number * cells.rowCount, to: Scalar.self)
    for row in 0..<cells.rowCount {
      let bins = cells.bins(of: row)
      guard !bins.isEmpty else {
        output[row] = 0
        continue
      }
      switch cells.reduction {
      case .maximum:
        var greatest = column.base[bins.lowerBound]
        for bin in bins where column.base[bin] > greatest { greatest = column.base[bin] }
        output[row] = greatest
      case .mean:
        var sum = 0.0
        for bin in bins { sum += Double(column.base[bin]) }
        output[row] = Scalar(sum / Double(bins.count * segments))
      }
    }
  }
}

/// Takes the powers of each segment as soon as it is transformed; several processes at once, segments in any order,
/// some of them again.
public protocol SegmentPowersSink: AnyObject {
  /// Takes |X|^2 of the bins 0 … N / 2 of a segment, in the precision of the transform.
  ///
  /// - Throws: What writing them throws.
  func take(_ powers: UnsafeMutablePointer<Float>, of segment: Int) throws
  /// The same in double precision.
  func take(_ powers: UnsafeMutablePointer<Double>, of segment: Int) throws
  /// Ends a run of neighbouring segments.
  ///
  /// - Throws: What writing them throws.
  func flush() throws
}

extension SegmentPowersSink {
  fileprivate func take<Scalar: FFTWScalar>(
    _ powers: UnsafeMutablePointer<Scalar>, of segment: Int
  ) throws {
    switch Scalar.precision {
    case .single:
      try take(
        UnsafeMutableRawPointer(powers).assumingMemoryBound(to: Float.self), of: segment)
    case .double:
      try take(
        UnsafeMutableRawPointer(powers).assumingMemoryBound(to: Double.self), of: segment)
    }
  }
}
