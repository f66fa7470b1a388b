// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// The four-step FFT in two passes over the disk, for real signals that are larger than memory.
///
/// After D. H. Bailey, "FFTs in external or hierarchical memory", J. Supercomputing 4 (1990). The computation
/// is that of ``FourStepEngine``; what differs is the shape of the matrix and where it is. Its columns
/// are short and its rows long, so that pieces on the disk are long:
///
/// 1. A block of columns is read as N1 pieces of neighbouring samples, transformed, and written as one piece:
///    [block][row][column].
/// 2. A block of rows is read as one piece of each block of columns. Rows are transformed in memory
///    (``LongRow``) and reduced to bands.
///
/// The input is read once, the scratch file written once and read once. Peaks need one more reading of the
/// input (``LocalSurvey``).
final class StreamedEngine<Scalar: FFTWScalar>: StreamedScalarEngine {
  let totals: BandTotals
  let local: LocalSurveys<Scalar>

  private let request: TransformRequest
  private let split: StreamedSplit
  private let signal: StreamedSignal<Scalar>
  private let matrix: any Scratch
  private let tiles: BinTiles<Scalar>?
  private let columns: RealColumns<Scalar>
  private let longRow: LongRow<Scalar>
  private let measured: RowMagnitudes<Scalar>
  private let accumulator: BandAccumulator<Scalar>
  /// Blocks ahead that are announced: one for each worker.
  private let blocksAhead: Int
  /// Given each piece of the input, by its index n1 * blocks + block.
  private let look: (_ piece: Int, SampleReader) -> Void

  /// What a worker uses for one stage after the other.
  private let workspace: AlignedBuffer<UInt8>
  /// The magnitudes of a row in the order of its bins, if those of every bin are kept.
  private let rowMagnitudes: AlignedBuffer<Scalar>

  /// Bytes of a tile of bins: a quarter of the memory of a worker.
  private static func tileWidth(
    _ split: StreamedSplit, _ workspaceBytes: Int, _ values: BinValues
  ) -> Int {
    BinTiles<Scalar>.width(
      columnLength: split.columnLength, byteCount: workspaceBytes / 4, values)
  }

  /// Bytes that a worker uses.
  private static func workspaceBytes(_ split: StreamedSplit, _ bytesPerSample: Int) -> Int {
    split.workspaceByteCount(
      scalarBytes: MemoryLayout<Scalar>.stride, bytesPerSample: bytesPerSample)
  }

  /// Bytes of a block of columns.
  private static func blockBytes(_ split: StreamedSplit) -> Int {
    split.rowCount * split.pitch * 2 * MemoryLayout<Scalar>.stride
  }

  /// Bytes from one block of columns to the next in the scratch file.
  ///
  /// Long blocks begin at multiples of a megabyte: pages of a folio that two blocks share would stay in the
  /// page cache (measured: 0.8 MB for each block).
  private static func blockDistance(_ split: StreamedSplit) -> Int {
    let bytes = blockBytes(split)
    let unit = bytes >= 16 << 20 ? 1 << 20 : 4096
    return (bytes + unit - 1) / unit * unit
  }

  /// The memory that all workers share.
  static func needs(_ shape: PlanShape, _ split: StreamedSplit) -> [RegionNeed] {
    [BandTotals.need(bandCount: shape.bandCount, blockCount: split.rowBlockCount)]
  }

  /// The sizes of the scratch files, in the order in which they are wanted.
  static func scratchNeeds(
    _ shape: PlanShape, _ split: StreamedSplit, bytesPerSample: Int
  ) -> [Int] {
    let width = tileWidth(split, workspaceBytes(split, bytesPerSample), shape.values)
    let tiles = shape.everyBin.map {
      BinTiles<Scalar>.need(
        $0, columnLength: split.columnLength, width: width, shape.values)
    }
    return [split.columnBlockCount * blockDistance(split)] + (tiles.map { [$0] } ?? [])
  }

  /// What each process takes for itself.
  static func ownByteCount(_ split: StreamedSplit, bytesPerSample: Int) -> Int {
    workspaceBytes(split, bytesPerSample)
      + 2 * MemoryLayout<Scalar>.stride
      * LongRow<Scalar>.spectraCount(split.rowLength, parts: split.parts)
  }

  /// Prepares a transform.
  init(
    _ request: TransformRequest, _ split: StreamedSplit, _ samples: any StreamedSamples,
    in regions: [Region], scratch: [any Scratch], blocksAhead: Int,
    look: @escaping (_ piece: Int, SampleReader) -> Void
  ) {
    var supply = RegionSupply(regions)
    self.request = request
    self.split = split
    self.blocksAhead = blocksAhead
    self.look = look
    let parts = split.parts
    precondition(
      parts == request.grid.parts && split.columnLength * split.rowLength == request.length.length,
      "the split of this transform")
    signal = StreamedSignal(
      samples, sampleCount: request.sampleCount, window: request.method.window)
    local = LocalSurveys(of: signal, parts: parts, request.length)
    matrix = scratch[0]
    columns = RealColumns(
      columnLength: split.columnLength, rowLength: split.rowLength, parts: parts)
    longRow = LongRow(split.rowLength, parts: parts)
    measured = RowMagnitudes(
      parts: parts, rowLength: longRow.rowLength, pitch: longRow.spectrumPitch)
    accumulator = BandAccumulator(
      request.bands, of: request.grid, step: split.columnLength * longRow.rowCount)
    let bytes = Self.workspaceBytes(split, samples.bytesPerSample)
    workspace = AlignedBuffer(count: bytes)
    rowMagnitudes = AlignedBuffer(
      count: request.everyBin == nil || request.values == .complex ? 0 : split.rowLength)
    let width = Self.tileWidth(split, bytes, request.values)
    tiles = request.everyBin.map {
      BinTiles(
        $0, columnLength: split.columnLength, width: width, request.values, in: scratch[1])
    }
    totals = BandTotals(
      bandCount: request.bands.count, blockCount: split.rowBlockCount, in: &supply)
    totals.reset()
    supply.finish()
  }

  var summary: String {
    "four-step in two passes over the disk, columns of \(split.columnLength), rows of "
      + "\(split.rowLength)"
  }

  var stages: [Stage] {
    [
      Stage(name: "columns", blockCount: split.columnBlockCount) { try self.transformColumns($0) },
      Stage(
        name: "rows", blockCount: split.rowBlockCount, weight: 1.5,
        perform: { try self.transformRows($0) },
        commit: { self.totals.add(self.accumulator, block: $0) },
        reset: { self.totals.reset() }),
    ]
  }

  private func numbers(at count: Int) -> UnsafeMutablePointer<Scalar> {
    (UnsafeMutableRawPointer(workspace.base) + count * MemoryLayout<Scalar>.stride)
      .assumingMemoryBound(to: Scalar.self)
  }

  // MARK: Columns

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformColumns(_ block: Int) throws {
    tiles?.forgetTile()
    let range = split.columns(of: block)
    let (pitch, columnLength) = (split.pitch, split.columnLength)
    let samples = numbers(at: 0)
    let rows = numbers(at: columnLength * pitch)
    try read(block, to: samples)
    announce(block + blocksAhead)
    let strips = columns.strips
    let input = columns.input.base
    let first = block * split.stripsPerBlock
    for strip in first..<min(first + split.stripsPerBlock, strips.count) {
      let columns = strips.columns(of: strip)
      let offset = columns.lowerBound - range.lowerBound
      for row in 0..<columnLength {
        let target = input + row &* strips.pitch
        target.update(from: samples + (row &* pitch &+ offset), count: columns.count)
        // Fill a strip that is narrower than the plan with zeros.
        for column in columns.count..<strips.pitch { target[column] = 0 }
      }
      guard self.columns.transform() else { throw try signal.failure() }
      self.columns.separate(strip, to: rows + 2 * offset, rowPitch: pitch)
    }
    try matrix.write(
      UnsafeRawBufferPointer(start: rows, count: Self.blockBytes(split)),
      at: block * Self.blockDistance(split))
  }

  /// Reads the pieces of a block of columns: [n1][column].
  private func read(_ block: Int, to output: UnsafeMutablePointer<Scalar>) throws {
    let columns = split.columns(of: block)
    let raw = UnsafeMutableRawBufferPointer(
      start: numbers(at: (2 * split.columnLength + 2) * split.pitch),
      count: split.pitch * signal.samples.bytesPerSample)
    for n1 in 0..<split.columnLength {
      let start = n1 * split.columnCount
      try signal.copy(
        start + columns.lowerBound..<start + columns.upperBound, to: output + n1 * split.pitch,
        through: raw
      ) { look(n1 * split.columnBlockCount + block, $0) }
    }
  }

  private func announce(_ block: Int) {
    guard block < split.columnBlockCount else { return }
    let columns = split.columns(of: block)
    for n1 in 0..<split.columnLength {
      let start = n1 * split.columnCount
      signal.announce(start + columns.lowerBound..<start + columns.upperBound)
    }
  }

  // MARK: Rows

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformRows(_ block: Int) throws {
    tiles?.forgetTile()
    accumulator.clear()
    let rows = rows(of: block)
    let inner = numbers(at: 2 * split.rowsPerBlock * split.rowPitch)
    try collect(rows)
    announceRows(block + blocksAhead)
    for (offset, row) in rows.enumerated() {
      let line = numbers(at: 2 * offset * split.rowPitch)
      longRow.prepare(line, in: inner)
      for first in stride(from: 0, to: longRow.rowCount, by: LongRow<Scalar>.rowsAtATime) {
        let group = first..<min(first + LongRow<Scalar>.rowsAtATime, longRow.rowCount)
        let spectra = longRow.transform(group, of: inner)
        let step = RowMagnitudes<Scalar>.elementsAtATime
        for start in stride(from: 0, to: longRow.rowLength, by: step) {
          let elements = start..<min(start + step, longRow.rowLength)
          measured.measure(elements, of: spectra, rows: group.count)
          reduce(elements, group, row)
          guard tiles != nil else { continue }
          switch request.values {
          case .magnitude: keepMagnitudes(elements, group)
          case .complex: keep(elements, group, of: spectra, in: line)
          }
        }
      }
      try store(row, line)
    }
  }

  private func rows(of block: Int) -> Range<Int> {
    let first = block * split.rowsPerBlock
    return first..<min(first + split.rowsPerBlock, split.rowCount)
  }

  /// Reads rows, one behind the other.
  private func collect(_ rows: Range<Int>) throws {
    let number = 2 * MemoryLayout<Scalar>.stride
    for block in 0..<split.columnBlockCount {
      let columns = split.columns(of: block)
      for (offset, row) in rows.enumerated() {
        let target = numbers(at: 2 * (offset * split.rowPitch + columns.lowerBound))
        try matrix.read(
          into: UnsafeMutableRawBufferPointer(start: target, count: columns.count * number),
          at: block * Self.blockDistance(split) + row * split.pitch * number)
      }
    }
  }

  private func announceRows(_ block: Int) {
    guard block < split.rowBlockCount else { return }
    let rowBytes = split.pitch * 2 * MemoryLayout<Scalar>.stride
    let rows = rows(of: block)
    for column in 0..<split.columnBlockCount {
      let start = column * Self.blockDistance(split)
      matrix.announce(start + rows.lowerBound * rowBytes..<start + rows.upperBound * rowBytes)
    }
  }

  /// Adds measured elements of inner rows of row k1 to the bands: bins k1 + N1 (k1' + J1 k2') and their mirror
  /// images.
  private func reduce(_ elements: Range<Int>, _ inner: Range<Int>, _ row: Int) {
    let step = split.columnLength * longRow.rowCount
    var direct = SIMD8<Scalar>(repeating: .infinity)
    var mirrored = direct
    // Rows 0 and N1/2 already contain their mirror images.
    let hasMirror = row > 0 && 2 * row != split.columnLength
    for (lane, k) in inner.enumerated() {
      let residue = row + split.columnLength * k
      direct[lane] = Scalar(residue)
      if hasMirror { mirrored[lane] = Scalar(step - residue) }
    }
    let (magnitudes, squares) = (measured.magnitudes.base, measured.squares.base)
    accumulator.add(
      BinVectors(
        magnitudes: magnitudes, squares: squares, count: elements.count,
        first: elements.lowerBound, residues: direct, isReversed: false))
    if hasMirror {
      accumulator.add(
        BinVectors(
          magnitudes: magnitudes, squares: squares, count: elements.count,
          first: longRow.rowLength - elements.upperBound, residues: mirrored, isReversed: true))
    }
  }

  /// Puts the magnitudes of measured elements of inner rows in the order of their bins.
  @inline(__always)
  private func keepMagnitudes(_ elements: Range<Int>, _ inner: Range<Int>) {
    let magnitudes = measured.magnitudes.base
    for (index, element) in elements.enumerated() {
      let target = rowMagnitudes.base + (inner.lowerBound &+ longRow.rowCount &* element)
      for lane in 0..<inner.count { target[lane] = magnitudes[index][lane] }
    }
  }

  /// Puts elements of inner rows in the order of their bins, at the place of the row, which is free as soon
  /// as the inner rows are prepared.
  @inline(__always)
  private func keep(
    _ elements: Range<Int>, _ inner: Range<Int>, of spectra: UnsafePointer<Scalar>,
    in line: UnsafeMutablePointer<Scalar>
  ) {
    for element in elements {
      let target = line + 2 &* (inner.lowerBound &+ longRow.rowCount &* element)
      for lane in 0..<inner.count {
        let source = spectra + 2 &* (lane &* longRow.spectrumPitch &+ element)
        (target[2 &* lane], target[2 &* lane &+ 1]) = (source[0], source[1])
      }
    }
  }

  /// Stores the bins of a row, and their mirror images.
  private func store(_ row: Int, _ line: UnsafeMutablePointer<Scalar>) throws {
    guard let tiles else { return }
    let count = split.rowLength
    let mirror = split.columnLength - row
    let hasMirror = row > 0 && mirror > row
    switch request.values {
    case .magnitude:
      try tiles.store(rowMagnitudes.base, residue: row, count: count)
      guard hasMirror else { return }
      reverse(rowMagnitudes.base)
      try tiles.store(rowMagnitudes.base, residue: mirror, count: count)
    case .complex:
      try tiles.store(line, residue: row, count: count)
      guard hasMirror else { return }
      // X[N - k] is the conjugate of X[k].
      for index in 0..<count { line[2 &* index &+ 1] = -line[2 &* index &+ 1] }
      reverse(UnsafeMutableRawPointer(line).assumingMemoryBound(to: SIMD2<Scalar>.self))
      try tiles.store(line, residue: mirror, count: count)
    }
  }

  /// Reverses the bins of a row.
  private func reverse<Number>(_ row: UnsafeMutablePointer<Number>) {
    var numbers = UnsafeMutableBufferPointer(start: row, count: split.rowLength)
    numbers.reverse()
  }

  // MARK: Results

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func copyMagnitudes(_ bins: Range<Int>, to output: inout MutableSpan<Double>) throws {
    guard let tiles, request.values == .magnitude else {
      preconditionFailure("magnitudes were asked for")
    }
    try tiles.read(bins, through: numbers(at: 0)) { output[$0] = Double($1[0]) }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func copyNumbers(_ bins: Range<Int>, to output: inout MutableSpan<SIMD2<Double>>) throws {
    guard let tiles, request.values == .complex else {
      preconditionFailure("complex bins were asked for")
    }
    try tiles.read(bins, through: numbers(at: 0)) {
      output[$0] = SIMD2(Double($1[0]), Double($1[1]))
    }
  }
}
