// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// The four-step FFT over shared memory, for real signals.
///
/// After D. H. Bailey, "FFTs in external or hierarchical memory", J. Supercomputing 4 (1990). A
/// decimated spectrum is the same computation without its last butterflies.
///
/// With P parts of length L = N1 * J, write the sample index as n = n1 * M + m, where M = P * J and
/// m = p + P * j, and the bin as k = k1 + N1 * k2:
///
/// 1. Columns: the transform of length N1 over x[m], x[m + M], x[m + 2M], … for each column m. Two
///    neighbouring real columns are the real and imaginary part of one complex transform.
/// 2. Twiddle: separate the two, and multiply entry (k1, m) by exp(-2 pi i k1 j / L).
/// 3. Rows: for each row k1 and each part p the transform of length J over j: F_p[k1 + N1 k2].
/// 4. Reduce: row k1 holds the magnitudes of bins k1 + N1 k2 and, mirrored, L - k1 - N1 k2, so that
///    rows 0 … N1/2 are enough. They are reduced to bands directly, without a transposition or a
///    full spectrum. Only short spectra are put in order first (``OrderedBins``).
///
/// The scratch matrix between steps 2 and 3 is a ``ColumnMatrix`` in shared memory.
final class FourStepEngine<Scalar: FFTWScalar>: ScalarEngine {
  let totals: BandTotals

  private let request: TransformRequest
  var signal: WindowedSignal<Scalar>
  private let parts: Int
  private let columnLength: Int
  private let rowLength: Int
  /// Number of columns, M = P * J.
  private let columnCount: Int
  /// Complex numbers from one row to the next, where rows are transformed.
  private let rowPitch: Int
  /// Number of rows that are kept: N1 / 2 + 1; the others are their mirror images.
  private let rowCount: Int

  private let blocks: ColumnBlocks
  private let columns: RealColumns<Scalar>
  private let scratch: ColumnMatrix<Scalar>
  let everyBin: BinStore<Scalar>
  private let orderedBins: OrderedBins<Scalar>?
  /// The transformed rows of a short transform.
  private let storedRows: StoredRows<Scalar>?

  private let rowInput: AlignedBuffer<Scalar>
  private let rowOutput: AlignedBuffer<Scalar>
  private let rowPlan: FFTPlan<Scalar>
  private let measured: RowMagnitudes<Scalar>
  private let accumulator: BandAccumulator<Scalar>
  private let rowsPerBlock: Int
  let local: LocalTransform<Scalar>
  private let rowBins: RowBins<Scalar>

  /// Rows that are collected, transformed and reduced together, each in a lane of a vector.
  private static var rowsAtATime: Int { 8 }
  /// How many rows ahead samples are prefetched.
  private static var rowsAhead: Int { 12 }

  /// The memory of a transform, in the order in which `init` takes it.
  static func needs(
    _ shape: PlanShape, _ split: FourStepSplit, ordersBins: Bool? = nil
  ) -> [RegionNeed] {
    let (parts, rowCount) = (shape.parts, split.columnLength / 2 + 1)
    let blocks = ColumnBlocks(parts: parts, rowLength: split.rowLength)
    let isShort = isShort(shape)
    var needs = [ColumnMatrix<Scalar>.need(blocks, rowCount: rowCount)]
    if ordersBins ?? isShort {
      needs += OrderedBins<Scalar>.needs(
        binCount: shape.binCount, parts: parts, bandCount: shape.bandCount)
    } else {
      needs.append(
        BandTotals.need(bandCount: shape.bandCount, blockCount: rowBlocks(rowCount).count))
    }
    if isShort {
      needs.append(
        StoredRows<Scalar>.need(parts: parts, rowLength: split.rowLength, rowCount: rowCount))
    }
    return needs + BinStore<Scalar>.needs(shape, mayRound: true)
  }

  /// Whether all bins and rows of a transform are kept: those of a short one.
  private static func isShort(_ shape: PlanShape) -> Bool {
    shape.length.length * shape.parts <= OrderedBins<Scalar>.longest
  }

  /// How rows are grouped: whole vectors of rows, in about 128 blocks.
  private static func rowBlocks(_ rowCount: Int) -> (rows: Int, count: Int) {
    let groups = (rowCount + rowsAtATime - 1) / rowsAtATime
    let rows = (groups + 127) / 128 * rowsAtATime
    return (rows, (rowCount + rows - 1) / rows)
  }

  /// Prepares a transform; tests set `ordersBins`, whether bins are put in order before they are
  /// reduced.
  init(
    _ request: TransformRequest, _ split: FourStepSplit, _ reader: SampleReader,
    in regions: [Region], ordersBins: Bool? = nil
  ) {
    var supply = RegionSupply(regions)
    self.request = request
    parts = request.grid.parts
    columnLength = split.columnLength
    rowLength = split.rowLength
    columnCount = parts * rowLength
    rowPitch = FFTPlan<Scalar>.pitch(columnCount)
    rowCount = columnLength / 2 + 1
    signal = WindowedSignal(
      reader, sampleCount: request.sampleCount, window: request.method.window)

    columns = RealColumns(columnLength: columnLength, rowLength: rowLength, parts: parts)
    blocks = columns.strips
    rowInput = AlignedBuffer(count: 2 * rowPitch * Self.rowsAtATime)
    rowOutput = AlignedBuffer(count: 2 * rowPitch * Self.rowsAtATime)
    rowPlan = FFTPlan(
      complex: TransformLayout(
        length: rowLength, count: parts, inputStride: parts, inputDistance: 1,
        outputStride: 1, outputDistance: rowLength),
      rowInput.base, rowOutput.base)
    measured = RowMagnitudes(parts: parts, rowLength: rowLength, pitch: rowPitch)
    accumulator = BandAccumulator(request.bands, of: request.grid, step: columnLength)
    let rowBlocks = Self.rowBlocks(rowCount)
    rowsPerBlock = rowBlocks.rows

    scratch = ColumnMatrix(blocks, rowCount: rowCount, in: &supply)
    let isShort = Self.isShort(request.planShape)
    orderedBins = ordersBins ?? isShort ? OrderedBins(request, in: &supply) : nil
    totals =
      orderedBins?.totals
      ?? BandTotals(
        bandCount: request.bands.count, blockCount: rowBlocks.count, in: &supply)
    storedRows =
      isShort
      ? StoredRows(
        parts: parts, columnLength: columnLength, rowLength: rowLength, rowCount: rowCount,
        in: &supply) : nil
    rowBins = RowBins(
      matrix: scratch, blocks: blocks, parts: parts, columnLength: columnLength,
      rowLength: rowLength)
    local = LocalTransform(
      parts: parts, length: request.length,
      reach: isShort ? StoredRows<Scalar>.reach : rowBins.reach)
    totals.reset()
    everyBin = BinStore(request, in: &supply, mayRound: true)
    supply.finish()
  }

  var summary: String { "four-step, columns of \(columnLength), rows of \(rowLength)" }

  var stages: [Stage] {
    let columns = Stage(name: "columns", blockCount: blocks.count) {
      try self.transformColumns($0)
    }
    let rowBlocks = Self.rowBlocks(rowCount).count
    let reserving = everyBin.stages
    if let orderedBins {
      let rows = Stage(name: "rows", blockCount: rowBlocks) { try self.transformRows($0) }
      return reserving + orderedBins.reserving + [columns, rows, orderedBins.reducing]
    }
    let rows = Stage(
      name: "rows", blockCount: rowBlocks, perform: { try self.transformRows($0) },
      commit: { self.totals.add(self.accumulator, block: $0) },
      reset: { self.totals.reset() })
    return reserving + [columns, rows]
  }

  /// Steps 3 and 4 for a single bin, by the definition of the transform, in double precision.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func magnitude(of bin: Int) -> Double {
    if let orderedBins { return orderedBins.magnitude(of: bin) }
    let residue = bin % columnLength
    // The upper rows are mirror images of the lower ones.
    let isMirrored = residue >= rowCount
    let row = isMirrored ? columnLength - residue : residue
    let element = (isMirrored ? columnLength * rowLength - bin : bin) / columnLength
    let roots = UnitRoots(order: rowLength)
    var sums = [SIMD2<Double>](repeating: SIMD2(), count: parts)
    for block in 0..<blocks.count {
      let entries = scratch.entries(block: block, row: row)
      for (place, column) in blocks.columns(of: block).enumerated() {
        let (j, part) = column.quotientAndRemainder(dividingBy: parts)
        let (re, im) = (Double(entries[2 * place]), Double(entries[2 * place + 1]))
        let root = roots[element * j % rowLength]
        sums[part] += SIMD2(re * root.x - im * root.y, re * root.y + im * root.x)
      }
    }
    return sums.reduce(0) { $0 + ($1 * $1).sum().squareRoot() }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func orderedMagnitudes(_ bins: Range<Int>) -> [Double]? { orderedBins?.magnitudes(bins) }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func localSpectrum(around bin: Int) -> LocalSpectrum {
    local.spectrum(around: bin, of: signal) {
      if let storedRows { storedRows.copy($0, to: $1) } else { rowBins.copy($0, to: $1) }
    }
  }

  // MARK: Steps 1 and 2

  // Generic code that is called through closures is not specialised by itself: measured 20 times
  // slower.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformColumns(_ block: Int) throws {
    try scratch.reserve(block)
    let columns = blocks.columns(of: block)
    let pitch = blocks.pitch
    // A local copy: the property would be copied for each row.
    let signal = signal
    let input = self.columns.input.base
    for row in 0..<columnLength {
      let target = input + row &* pitch
      // The rows are far apart, where hardware prefetchers do not look.
      signal.prefetch(
        from: columns.lowerBound &+ (row &+ Self.rowsAhead) &* columnCount, count: columns.count)
      signal.copy(
        from: columns.lowerBound &+ row &* columnCount, count: columns.count, to: target)
      // Fill a block that is narrower than the plan with zeros.
      for column in columns.count..<pitch { target[column] = 0 }
    }
    guard self.columns.transform() else { throw signal.failure }
    self.columns.separate(block, to: scratch.entries(block: block, row: 0), rowPitch: pitch)
  }

  // MARK: Steps 3 and 4

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformRows(_ block: Int) throws {
    if orderedBins == nil { accumulator.clear() }
    let end = min((block + 1) * rowsPerBlock, rowCount)
    try storedRows?.reserve(block * rowsPerBlock..<end)
    for first in stride(from: block * rowsPerBlock, to: end, by: Self.rowsAtATime) {
      let count = min(Self.rowsAtATime, end - first)
      let rows = first..<first + count
      scratch.collect(rows, to: rowInput.base, pitch: rowPitch)
      let output = storedRows?.row(first) ?? rowOutput.base
      for offset in 0..<count {
        let place = 2 * offset * rowPitch
        rowPlan.execute(rowInput.base + place, output + place)
      }
      let step = RowMagnitudes<Scalar>.elementsAtATime
      for start in stride(from: 0, to: rowLength, by: step) {
        let elements = start..<min(start + step, rowLength)
        measured.measure(elements, of: output, rows: count)
        reduce(elements, rows)
        everyBin.numbers?.store(
          ComplexStore.Spectra(
            base: output, distance: rowPitch, count: count, first: first, step: columnLength),
          elements: elements, mirroredIn: columnLength &* rowLength)
      }
    }
  }

  /// Adds measured elements to the bands: bins k1 + N1 k2 and their mirror images N - k1 - N1 k2.
  private func reduce(_ elements: Range<Int>, _ rows: Range<Int>) {
    everyBin.magnitudes?.store(
      measured.magnitudes.base, elements: elements, rows: rows, rowLength: rowLength,
      columnLength: columnLength)
    everyBin.rounded?.store(
      UnsafeRawPointer(measured.magnitudes.base).assumingMemoryBound(to: SIMD8<Float>.self),
      elements: elements, rows: rows, rowLength: rowLength,
      columnLength: columnLength)
    if let orderedBins {
      orderedBins.store(
        measured.magnitudes.base, measured.squares.base, elements: elements, rows: rows,
        rowLength: rowLength,
        columnLength: columnLength)
      return
    }
    var direct = SIMD8<Scalar>(repeating: .infinity)
    var mirrored = direct
    for (lane, row) in rows.enumerated() {
      direct[lane] = Scalar(row)
      // Rows 0 and N1/2 already contain their mirror images.
      if row > 0, 2 * row != columnLength { mirrored[lane] = Scalar(columnLength - row) }
    }
    accumulator.add(
      BinVectors(
        magnitudes: measured.magnitudes.base, squares: measured.squares.base, count: elements.count,
        first: elements.lowerBound, residues: direct, isReversed: false))
    // Element J - 1 - k2 of row N1 - k1 mirrors element k2 of row k1.
    accumulator.add(
      BinVectors(
        magnitudes: measured.magnitudes.base, squares: measured.squares.base, count: elements.count,
        first: rowLength - elements.upperBound, residues: mirrored, isReversed: true))
  }
}
