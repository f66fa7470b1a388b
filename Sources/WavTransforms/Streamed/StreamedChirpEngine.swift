// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// The exact transform of a length N that cannot be split, for real signals that are larger than memory.
///
/// The computation is that of ``ChirpEngine``: a cyclic convolution of length M = N1 * J with a chirp, by
/// transforms of length M that need not be put in order. What differs is the shape of the matrices and where
/// they are, as in ``StreamedEngine``: columns are short, rows long. A scratch file holds three matrices as [block of
/// columns][row][column]:
///
/// 1. Chirp: its columns are transformed; rows 0 … N1/2 are written.
/// 2. Columns: the input is read; the columns of the signal times a chirp are transformed and written.
/// 3. Rows: rows k1 and N1 - k1 of the signal are transformed in memory (``LongRow``), multiplied by row k1 of the
///    transformed chirp, and transformed back from the order in which they are. They go to a third
///    matrix, so that a row can be done again when a worker dies.
/// 4. Bins: the columns are transformed back. Sample n is at index n, and bin k at index k + Q, where
///    Q is about N / 4. Complex bins get the factors that magnitudes do not need.
final class StreamedChirpEngine<Scalar: FFTWScalar>: StreamedScalarEngine {
  let totals: BandTotals
  let local: LocalSurveys<Scalar>

  private let request: TransformRequest
  private let split: StreamedChirpSplit
  private let signal: StreamedSignal<Scalar>
  /// Q, the index of bin 0 in the convolution.
  private let quarter: Int
  private let chirp: Chirp<Scalar>
  private let columns: ComplexColumns<Scalar>
  private let longRow: LongRow<Scalar>
  private let accumulator: BandAccumulator<Scalar>
  /// Magnitudes and their squares of eight columns.
  private let magnitudes: AlignedBuffer<SIMD8<Scalar>>
  private let squares: AlignedBuffer<SIMD8<Scalar>>

  private let chirpMatrix: ScratchSlice
  private let signalMatrix: ScratchSlice
  private let products: ScratchSlice
  /// The bins that are kept, in order.
  private let everyBin: ScratchSlice?

  /// Blocks ahead that are announced: one for each worker.
  private let blocksAhead: Int
  /// Given each piece of the input, by its index n1 * blocks + block.
  private let look: (_ piece: Int, SampleReader) -> Void
  /// What a worker uses for one stage after the other: complex numbers.
  private let workspace: AlignedBuffer<Scalar>
  /// The samples of a piece as they are in the file.
  private let bytes: AlignedBuffer<UInt8>

  /// Bytes of a complex number.
  private static var number: Int { 2 * MemoryLayout<Scalar>.stride }
  /// At most so many groups of blocks have bands of their own in memory.
  private static var mostGroups: Int { 100 }

  /// Blocks of columns whose bands are added up together.
  private static func blocksPerGroup(_ split: StreamedChirpSplit) -> Int {
    (split.columnBlockCount + mostGroups - 1) / mostGroups
  }

  private static func groupCount(_ split: StreamedChirpSplit) -> Int {
    let size = blocksPerGroup(split)
    return (split.columnBlockCount + size - 1) / size
  }

  /// The memory that all workers share.
  static func needs(_ shape: PlanShape, _ split: StreamedChirpSplit) -> [RegionNeed] {
    [BandTotals.need(bandCount: shape.bandCount, blockCount: groupCount(split))]
  }

  /// The size of the scratch file.
  ///
  /// The matrices have 2.5 M complex numbers together: 30 bytes for each sample in single precision, 60 in double
  /// precision.
  static func scratchNeeds(_ shape: PlanShape, _ split: StreamedChirpSplit) -> [Int] {
    [ScratchSlice.need(sliceSizes(shape, split))]
  }

  private static func sliceSizes(_ shape: PlanShape, _ split: StreamedChirpSplit) -> [Int] {
    let row = split.columnBlockCount * split.pitch * number
    return [split.keptRows * row, split.columnLength * row, split.columnLength * row]
      + (shape.everyBin.map {
        [max(1, $0.count) * shape.values.scalarCount * MemoryLayout<Scalar>.stride]
      } ?? [])
  }

  /// Prepares a transform.
  init(
    _ request: TransformRequest, _ split: StreamedChirpSplit, _ samples: any StreamedSamples,
    in regions: [Region], scratch: [any Scratch], blocksAhead: Int,
    look: @escaping (_ piece: Int, SampleReader) -> Void
  ) {
    var supply = RegionSupply(regions)
    let length = request.length.length
    let (columnLength, rowLength) = (split.columnLength, split.rowLength)
    precondition(request.grid.parts == 1, "the exact method")
    precondition(columnLength % 2 == 0 && columnLength >= 4, "whole rows for either half")
    precondition(split.order >= length + length / 2, "bins 0 … N/2 do not wrap around")
    self.request = request
    self.split = split
    self.blocksAhead = blocksAhead
    self.look = look
    signal = StreamedSignal(
      samples, sampleCount: request.sampleCount, window: request.method.window)
    local = LocalSurveys(of: signal, parts: 1, request.length)
    // For bins 0 … N/2 and samples 0 … N - 1 the index k + Q - n of the chirp is in -M/2 … M/2.
    quarter = (length - 1 - length / 2) / 2
    columns = ComplexColumns(columnLength: columnLength, rowLength: rowLength, parts: 1)
    chirp = Chirp(
      length: length, rowCount: columnLength, rowLength: rowLength, pitch: columns.strips.pitch)
    longRow = LongRow(rowLength, parts: 1)
    accumulator = BandAccumulator(request.bands, of: request.grid, step: rowLength)
    magnitudes = AlignedBuffer(count: length / 2 / rowLength + 1)
    squares = AlignedBuffer(count: length / 2 / rowLength + 1)
    let slices = ScratchSlice.slices(of: scratch[0], Self.sliceSizes(request.planShape, split))
    (chirpMatrix, signalMatrix, products) = (slices[0], slices[1], slices[2])
    everyBin = request.everyBin == nil ? nil : slices[3]
    workspace = AlignedBuffer(count: 2 * split.workspaceCount())
    bytes = AlignedBuffer(count: split.pitch * samples.bytesPerSample)
    totals = BandTotals(
      bandCount: request.bands.count, blockCount: Self.groupCount(split), in: &supply)
    totals.reset()
    supply.finish()
  }

  var summary: String {
    "convolution of \(split.order) with a chirp (Bluestein) in four passes over the disk, columns of "
      + "\(split.columnLength), rows of \(split.rowLength)"
  }

  var stages: [Stage] {
    [
      Stage(name: "chirp", blockCount: split.columnBlockCount) { try self.transformChirp($0) },
      Stage(name: "columns", blockCount: split.columnBlockCount) { try self.transformSignal($0) },
      Stage(name: "rows", blockCount: split.keptRows, weight: 3) { try self.convolveRows($0) },
      Stage(
        name: "bins", blockCount: Self.groupCount(split),
        perform: { try self.transformBins($0) },
        commit: { self.totals.add(self.accumulator, block: $0) },
        reset: { self.totals.reset() }),
    ]
  }

  // MARK: Step 1

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformChirp(_ block: Int) throws {
    let first = split.columns(of: block).lowerBound
    for strip in split.strips(of: block) {
      let column = columns.strips.columns(of: strip).lowerBound
      gatherChirp(column)
      columns.transform(
        strip, to: workspace.base + 2 * (column - first), rowPitch: split.pitch)
    }
    let bytes = split.keptRows * split.pitch * Self.number
    try chirpMatrix.write(
      UnsafeRawBufferPointer(start: workspace.base, count: bytes), at: block * bytes)
  }

  /// Fills the columns of a strip with conj w[j] / M, where index j >= M/2 stands for j - M.
  private func gatherChirp(_ column: Int) {
    let (input, pitch) = (columns.input.base, columns.strips.pitch)
    let scale = 1 / Double(split.order)
    let half = split.columnLength / 2
    for (rows, offset) in [(0..<half, 0), (half..<split.columnLength, -split.order)] {
      var walk = chirp.start(column: column, row: rows.lowerBound, offset: offset)
      for row in rows {
        chirp.next(&walk, row: row, scale: scale, to: input + 2 &* row &* pitch)
      }
    }
    for index in 0..<split.columnLength * pitch {
      input[2 &* index &+ 1] = -input[2 &* index &+ 1]
    }
  }

  // MARK: Step 2

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformSignal(_ block: Int) throws {
    let first = split.columns(of: block).lowerBound
    try readSamples(block)
    announceSamples(block + blocksAhead)
    for strip in split.strips(of: block) {
      let range = columns.strips.columns(of: strip)
      gatherSignal(range, offset: range.lowerBound - first)
      columns.transform(
        strip, to: workspace.base + 2 * (range.lowerBound - first), rowPitch: split.pitch)
      guard columns.areFinite else { throw try signal.failure() }
    }
    let bytes = split.columnLength * split.pitch * Self.number
    try signalMatrix.write(
      UnsafeRawBufferPointer(start: workspace.base, count: bytes), at: block * bytes)
  }

  /// Where the samples of a row wait: in the second half of the place of the row, where the strips before
  /// them do not reach.
  private func samples(_ row: Int) -> UnsafeMutablePointer<Scalar> {
    workspace.base + (2 &* row &+ 1) &* split.pitch
  }

  /// Reads the pieces of a block of columns.
  private func readSamples(_ block: Int) throws {
    let raw = UnsafeMutableRawBufferPointer(start: bytes.base, count: bytes.count)
    for (row, piece) in pieces(of: block).enumerated() {
      try signal.copy(piece, to: samples(row), through: raw) {
        look(row * split.columnBlockCount + block, $0)
      }
    }
  }

  private func announceSamples(_ block: Int) {
    guard block < split.columnBlockCount else { return }
    for piece in pieces(of: block) { signal.announce(piece) }
  }

  /// The pieces of the input in a block of columns: one for each row that has samples.
  private func pieces(of block: Int) -> [Range<Int>] {
    let columns = split.columns(of: block)
    return stride(
      from: columns.lowerBound, to: request.length.length, by: split.rowLength
    ).map { $0..<$0 + columns.count }
  }

  /// Fills the columns of a strip with x[n] w[n - Q], and zeros behind the signal.
  private func gatherSignal(_ range: Range<Int>, offset: Int) {
    let pitch = columns.strips.pitch
    let sampleCount = signal.sampleCount
    var walk = chirp.start(column: range.lowerBound, row: 0, offset: -quarter)
    for row in 0..<split.columnLength {
      let target = columns.input.base + 2 &* row &* pitch
      guard row &* split.rowLength &+ range.lowerBound < sampleCount else {
        target.update(repeating: 0, count: 2 &* pitch)
        continue
      }
      chirp.next(&walk, row: row, scale: 1, to: target)
      let samples = samples(row) + offset
      for column in 0..<range.count {
        target[2 &* column] *= samples[column]
        target[2 &* column &+ 1] *= samples[column]
      }
      (target + 2 &* range.count).update(repeating: 0, count: 2 &* (pitch &- range.count))
    }
  }

  // MARK: Step 3

  /// Replaces rows k1 and N1 - k1 of the signal by the conjugates of their convolutions with the chirp.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func convolveRows(_ row: Int) throws {
    let line = workspace.base
    let chirp = line + 2 * split.rowPitch
    let work = chirp + 2 * LongRow<Scalar>.matrixCount(split.rowLength, parts: 1)
    let mirror = split.columnLength - row
    // Rows 0 and N1/2 are their own mirror images.
    let hasMirror = row > 0 && mirror > row
    try read(row, of: chirpMatrix, rowCount: split.keptRows, to: line)
    announce(row, of: signalMatrix, rowCount: split.columnLength)
    longRow.prepare(line, in: chirp)
    for inner in 0..<longRow.rowCount {
      let spectrum = longRow.transform(inner..<inner + 1, of: chirp)
      longRow.row(inner, of: chirp).update(from: spectrum, count: 2 * longRow.rowLength)
    }
    try convolve(row, line, chirp, work, isMirrored: false) {
      if hasMirror {
        announce(mirror, of: signalMatrix, rowCount: split.columnLength)
      } else {
        announce(row + blocksAhead, of: chirpMatrix, rowCount: split.keptRows)
      }
    }
    guard hasMirror else { return }
    try convolve(mirror, line, chirp, work, isMirrored: true) {
      announce(row + blocksAhead, of: chirpMatrix, rowCount: split.keptRows)
    }
  }

  /// Convolves one row.
  ///
  /// Row N1 - k1 of the transformed chirp is row k1 in reverse: element k2 is element J - 1 - k2.
  private func convolve(
    _ row: Int, _ line: UnsafeMutablePointer<Scalar>, _ chirp: UnsafeMutablePointer<Scalar>,
    _ work: UnsafeMutablePointer<Scalar>, isMirrored: Bool, announceNext: () -> Void
  ) throws {
    try read(row, of: signalMatrix, rowCount: split.columnLength, to: line)
    announceNext()
    longRow.prepare(line, in: work)
    let last = longRow.rowLength - 1
    for inner in 0..<longRow.rowCount {
      let target = longRow.row(inner, of: work)
      let spectrum = longRow.transform(inner..<inner + 1, of: work)
      if isMirrored {
        let factor = longRow.row(longRow.rowCount - 1 - inner, of: chirp)
        multiply(spectrum, factor + 2 * last, step: -2, to: target)
      } else {
        multiply(spectrum, longRow.row(inner, of: chirp), step: 2, to: target)
      }
      target.update(
        from: longRow.transform(inner..<inner + 1, of: work), count: 2 * longRow.rowLength)
    }
    longRow.combine(work, to: line)
    for block in 0..<split.columnBlockCount {
      let columns = split.columns(of: block)
      try products.write(
        UnsafeRawBufferPointer(
          start: line + 2 * columns.lowerBound, count: columns.count * Self.number),
        at: place(row, block, rowCount: split.columnLength))
    }
  }

  /// Conjugates of the products of complex numbers of an inner row.
  @inline(__always)
  private func multiply(
    _ first: UnsafePointer<Scalar>, _ second: UnsafePointer<Scalar>, step: Int,
    to output: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<longRow.rowLength {
      let (ar, ai) = (first[2 &* index], first[2 &* index &+ 1])
      let (br, bi) = (second[step &* index], second[step &* index &+ 1])
      output[2 &* index] = ar * br - ai * bi
      output[2 &* index &+ 1] = -(ar * bi + ai * br)
    }
  }

  /// The offset of a piece of a row in a matrix of `rowCount` rows.
  private func place(_ row: Int, _ block: Int, rowCount: Int) -> Int {
    (block * rowCount + row) * split.pitch * Self.number
  }

  private func read(
    _ row: Int, of matrix: ScratchSlice, rowCount: Int, to output: UnsafeMutablePointer<Scalar>
  ) throws {
    for block in 0..<split.columnBlockCount {
      let columns = split.columns(of: block)
      try matrix.read(
        into: UnsafeMutableRawBufferPointer(
          start: output + 2 * columns.lowerBound, count: columns.count * Self.number),
        at: place(row, block, rowCount: rowCount))
    }
  }

  private func announce(_ row: Int, of matrix: ScratchSlice, rowCount: Int) {
    guard row < rowCount else { return }
    for block in 0..<split.columnBlockCount {
      let start = place(row, block, rowCount: rowCount)
      matrix.announce(start..<start + split.columns(of: block).count * Self.number)
    }
  }

  // MARK: Step 4

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformBins(_ group: Int) throws {
    accumulator.clear()
    let size = Self.blocksPerGroup(split)
    for block in group * size..<min((group + 1) * size, split.columnBlockCount) {
      let first = split.columns(of: block).lowerBound
      try readProducts(block)
      for strip in split.strips(of: block) {
        let range = columns.strips.columns(of: strip)
        let place = range.lowerBound - first
        let spectra = columns.transformBack(
          strip, from: workspace.base + 2 * place, rowPitch: split.pitch)
        for start in stride(from: 0, to: range.count, by: 8) {
          let end = min(start + 8, range.count)
          measure(
            spectra + 2 * start * columns.columnDistance,
            range.lowerBound + start..<range.lowerBound + end)
          guard everyBin != nil else { continue }
          switch request.values {
          case .magnitude: keep(lanes: end - start, at: place + start)
          case .complex:
            keep(
              spectra + 2 * start * columns.columnDistance,
              range.lowerBound + start..<range.lowerBound + end, at: place + start)
          }
        }
      }
      try store(block)
    }
  }

  /// Reads a block of columns in slices: each is in the page cache as long as it is read.
  private func readProducts(_ block: Int) throws {
    let count = split.columnLength * split.pitch * Self.number
    let target = UnsafeMutableRawPointer(workspace.base)
    for start in stride(from: 0, to: count, by: 1 << 20) {
      try products.read(
        into: UnsafeMutableRawBufferPointer(
          start: target + start, count: min(1 << 20, count - start)), at: block * count + start)
    }
  }

  /// The lowest bin of a column, and its element in it.
  ///
  /// Index k + Q = m + J * n1 is in column m: bins (m - Q) mod J + J * t.
  @inline(__always)
  private func bins(of column: Int) -> (residue: Int, element: Int) {
    let (first, shift) = quarter.quotientAndRemainder(dividingBy: split.rowLength)
    return column < shift
      ? (column - shift + split.rowLength, first + 1) : (column - shift, first)
  }

  /// Adds up to eight transformed columns to the bands.
  private func measure(_ spectra: UnsafePointer<Scalar>, _ range: Range<Int>) {
    let magnitudes = UnsafeMutableRawPointer(magnitudes.base).assumingMemoryBound(to: Scalar.self)
    let squares = UnsafeMutableRawPointer(squares.base).assumingMemoryBound(to: Scalar.self)
    var residues = SIMD8<Scalar>(repeating: .infinity)
    for (lane, column) in range.enumerated() {
      let (residue, first) = bins(of: column)
      residues[lane] = Scalar(residue)
      let spectrum = spectra + 2 * (lane * columns.columnDistance + first)
      for index in 0..<self.magnitudes.count {
        let (re, im) = (spectrum[2 &* index], spectrum[2 &* index &+ 1])
        let power = re * re + im * im
        squares[8 &* index &+ lane] = power
        magnitudes[8 &* index &+ lane] = power.squareRoot()
      }
    }
    accumulator.add(
      BinVectors(
        magnitudes: self.magnitudes.base, squares: self.squares.base,
        count: self.magnitudes.count, first: 0, residues: residues, isReversed: false))
  }

  /// Keeps the measured magnitudes in the first half of the place of each row, where the strips behind them do
  /// not begin.
  private func keep(lanes: Int, at place: Int) {
    for index in 0..<magnitudes.count {
      let target = workspace.base + (2 &* index &* split.pitch &+ place)
      for lane in 0..<lanes { target[lane] = magnitudes.base[index][lane] }
    }
  }

  /// Keeps the bins of up to eight transformed columns in the places of these columns, which are free.
  private func keep(_ spectra: UnsafePointer<Scalar>, _ range: Range<Int>, at place: Int) {
    for (lane, column) in range.enumerated() {
      let (residue, first) = bins(of: column)
      let source = spectra + 2 &* (lane &* columns.columnDistance &+ first)
      let target = workspace.base + 2 &* (place &+ lane)
      chirp.finish(
        source, count: magnitudes.count, bin: residue, from: quarter, to: target,
        distance: split.pitch)
    }
  }

  /// Writes what is kept of a block: for each row one or two runs of neighbouring bins.
  private func store(_ block: Int) throws {
    guard let everyBin, let kept = request.everyBin else { return }
    let columns = split.columns(of: block)
    let shift = quarter % split.rowLength
    let scalars = request.values.scalarCount
    for (part, wrap) in [
      (columns.clamped(to: 0..<shift), split.rowLength),
      (columns.clamped(to: shift..<split.rowLength), 0),
    ] {
      for index in 0..<magnitudes.count {
        let first = part.lowerBound - shift + wrap + index * split.rowLength
        let bins = (first..<first + part.count).clamped(to: kept)
        guard !bins.isEmpty else { continue }
        let offset = part.lowerBound - columns.lowerBound + bins.lowerBound - first
        let source = workspace.base + 2 * index * split.pitch + scalars * offset
        try everyBin.write(
          UnsafeRawBufferPointer(
            UnsafeBufferPointer(start: source, count: scalars * bins.count)),
          at: (bins.lowerBound - kept.lowerBound) * scalars * MemoryLayout<Scalar>.stride)
      }
    }
  }

  // MARK: Results

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func copyMagnitudes(_ bins: Range<Int>, to output: inout MutableSpan<Double>) throws {
    precondition(request.values == .magnitude, "magnitudes were asked for")
    try read(bins) { output[$0] = Double($1[0]) }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func copyNumbers(_ bins: Range<Int>, to output: inout MutableSpan<SIMD2<Double>>) throws {
    precondition(request.values == .complex, "complex bins were asked for")
    try read(bins) { output[$0] = SIMD2(Double($1[0]), Double($1[1])) }
  }

  /// Reads what is kept of some bins.
  @inline(__always)
  private func read(
    _ bins: Range<Int>, _ take: (_ index: Int, UnsafePointer<Scalar>) -> Void
  ) throws {
    guard let everyBin, let kept = request.everyBin else {
      preconditionFailure("every bin was asked for")
    }
    let scalars = request.values.scalarCount
    let bytes = scalars * MemoryLayout<Scalar>.stride
    let step = min(workspace.count / scalars, (1 << 20) / bytes)
    for start in stride(from: bins.lowerBound, to: bins.upperBound, by: step) {
      let count = min(step, bins.upperBound - start)
      try everyBin.read(
        into: UnsafeMutableRawBufferPointer(start: workspace.base, count: count * bytes),
        at: (start - kept.lowerBound) * bytes)
      for index in 0..<count {
        take(start - bins.lowerBound + index, workspace.base + scalars &* index)
      }
    }
  }
}
