// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// The exact transform of a length N that cannot be split, such as a prime, computed as a
/// convolution.
///
/// After L. I. Bluestein, "A linear filtering approach to the computation of discrete Fourier
/// transform", IEEE Trans. Audio Electroacoust. 18 (1970): with the chirp w[n] = exp(-pi i n^2 / N),
///
///     X[k] = w[k] * sum over n of (x[n] w[n]) conj w[k - n].
///
/// Only bins 0 … N/2 are needed, so a cyclic convolution of length M >= N + N/2 is enough (Rabiner,
/// Schafer and Rader, 1969). Magnitudes do not need the factor w[k], so it is left out. If n is
/// counted from about N/4 on, k - n reaches as far below zero as above. The chirp is then even, and
/// so is its transform: one half of it is computed and kept. M is a fast length, and each transform
/// of length M is a four-step transform in shared memory, M = N1 * J:
///
/// 1. Chirp: the columns of conj w / M, transformed and multiplied by twiddles; rows 0 … N1/2 are
/// kept.
/// 2. Columns: the same for x w, with all rows.
/// 3. Rows: rows k1 and N1 - k1 of the signal, and row k1 of the chirp: transformed, multiplied,
///    and transformed back (as the conjugate, which needs no further plan). The result replaces
///    the signal.
/// 4. Bins: the columns, multiplied by twiddles and transformed back; column m holds bins m, m + J,
///    m + 2J, … Complex bins get the factors that were left out.
final class ChirpEngine<Scalar: FFTWScalar>: ScalarEngine {
  let totals: BandTotals

  private let request: TransformRequest
  var signal: WindowedSignal<Scalar>
  private let split: FourStepSplit
  private let blocks: ColumnBlocks
  /// Index of the first sample.
  private let lead: Int
  /// Q, the index of the sample from which n is counted.
  private let quarter: Int
  /// Index n1 within the columns of the lowest bins.
  private let firstElement: Int
  /// Rows of the chirp that are kept: N1 / 2 + 1; the others are their mirror images.
  private let keptRows: Int
  private let chirp: Chirp<Scalar>
  private let twiddles: ColumnTwiddles<Scalar>
  private let chirpMatrix: ColumnMatrix<Scalar>
  private let signalMatrix: ColumnMatrix<Scalar>
  /// For each block of rows, whether its signal may already be overwritten.
  private let overwritten: Region
  let everyBin: BinStore<Scalar>
  /// Called when a block of rows is partly replaced; tests make it throw, as if the worker had
  /// died.
  var isReplacing: (_ block: Int) throws -> Void = { _ in }

  private let columnInput: AlignedBuffer<Scalar>
  private let columnOutput: AlignedBuffer<Scalar>
  private let columnPlan: FFTPlan<Scalar>
  /// Distance of two columns in the output, in complex numbers.
  private let columnDistance: Int
  private let samples: AlignedBuffer<Scalar>

  private let signalRows: AlignedBuffer<Scalar>
  private let chirpRows: AlignedBuffer<Scalar>
  private let signalSpectrum: AlignedBuffer<Scalar>
  private let chirpSpectrum: AlignedBuffer<Scalar>
  private let rowPlan: FFTPlan<Scalar>
  /// Complex numbers from one row to the next, where rows are transformed.
  private let rowPitch: Int

  private let magnitude: AlignedBuffer<SIMD8<Scalar>>
  private let square: AlignedBuffer<SIMD8<Scalar>>
  private let accumulator: BandAccumulator<Scalar>
  let local: LocalTransform<Scalar>

  /// Rows that are collected together; their mirror images come in addition.
  private static var rowsPerBlock: Int { 4 }
  /// Columns that are transformed together.
  private static var columnsPerBlock: Int { 32 }
  /// How many rows ahead samples are prefetched.
  private static var rowsAhead: Int { 12 }

  /// Bins on either side of a peak in a local spectrum.
  private static var reachOfLocalSpectra: Int { 48 }

  /// Below this length one plain FFTW transform is as fast.
  static var shortest: Int { 1 << 17 }

  /// The length M of the convolution for a transform of length N.
  static func convolutionLength(for length: Int) -> Int {
    TransformLength.fastLength(atLeast: length + length / 2)
  }

  /// The memory of a transform, in the order in which `init` takes it.
  static func needs(_ shape: PlanShape, _ split: FourStepSplit) -> [RegionNeed] {
    let blocks = ColumnBlocks(
      parts: 1, rowLength: split.rowLength, target: columnsPerBlock)
    let keptRows = split.columnLength / 2 + 1
    return [
      ColumnMatrix<Scalar>.need(blocks, rowCount: keptRows),
      ColumnMatrix<Scalar>.need(blocks, rowCount: split.columnLength),
      markNeed(keptRows),
      BandTotals.need(bandCount: shape.bandCount, blockCount: blocks.count),
    ] + BinStore<Scalar>.needs(shape)
  }

  /// A byte for each block of rows.
  private static func markNeed(_ keptRows: Int) -> RegionNeed {
    RegionNeed(
      "the state of the rows", byteCount: (keptRows + rowsPerBlock - 1) / rowsPerBlock,
      access: .inPlace)
  }

  init(
    _ request: TransformRequest, _ split: FourStepSplit, _ reader: SampleReader,
    in regions: [Region]
  ) {
    var supply = RegionSupply(regions)
    precondition(request.grid.parts == 1, "the exact method")
    let length = request.length.length
    let (columnLength, rowLength) = (split.columnLength, split.rowLength)
    let order = columnLength * rowLength
    // For bins 0 … N/2 and samples 0 … N - 1 the index k - n + quarter of the chirp is in -M/2 …
    // M/2. The signal begins a little after index 0, so that bin 0 is in column 0.
    quarter = (length - 1 - length / 2) / 2
    firstElement = (quarter + rowLength - 1) / rowLength
    lead = firstElement * rowLength - quarter
    keptRows = columnLength / 2 + 1
    precondition(order % 2 == 0 && lead + length <= order, "room for the signal")
    precondition(order >= length + length / 2, "bins 0 … N/2 do not wrap around")
    self.request = request
    self.split = split
    signal = WindowedSignal(
      reader, sampleCount: request.sampleCount, window: request.method.window)
    blocks = ColumnBlocks(parts: 1, rowLength: rowLength, target: Self.columnsPerBlock)
    let pitch = blocks.pitch
    chirp = Chirp(length: length, rowCount: columnLength, rowLength: rowLength, pitch: pitch)
    twiddles = ColumnTwiddles(order: order, rowCount: columnLength, blocks: blocks, scale: 1)
    chirpMatrix = ColumnMatrix(blocks, rowCount: keptRows, in: &supply)
    signalMatrix = ColumnMatrix(blocks, rowCount: columnLength, in: &supply)

    columnDistance = columnLength + 8
    columnInput = AlignedBuffer(count: 2 * columnLength * pitch)
    columnOutput = AlignedBuffer(count: 2 * columnDistance * pitch)
    columnPlan = FFTPlan(
      complex: TransformLayout(
        length: columnLength, count: pitch, inputStride: pitch, inputDistance: 1,
        outputStride: 1, outputDistance: columnDistance),
      columnInput.base, columnOutput.base)
    samples = AlignedBuffer(count: pitch)

    rowPitch = FFTPlan<Scalar>.pitch(rowLength)
    signalRows = AlignedBuffer(count: 4 * rowPitch * Self.rowsPerBlock)
    chirpRows = AlignedBuffer(count: 2 * rowPitch * Self.rowsPerBlock)
    signalSpectrum = AlignedBuffer(count: 2 * rowLength)
    chirpSpectrum = AlignedBuffer(count: 2 * rowLength)
    rowPlan = FFTPlan(
      complex: TransformLayout(length: rowLength), signalRows.base, signalSpectrum.base)

    magnitude = AlignedBuffer(count: columnLength * 2)
    square = AlignedBuffer(count: columnLength * 2)
    accumulator = BandAccumulator(request.bands, of: request.grid, step: rowLength)
    local = LocalTransform(
      parts: 1, length: request.length, reach: Self.reachOfLocalSpectra)
    overwritten = supply.next(Self.markNeed(keptRows))
    totals = BandTotals(
      bandCount: request.bands.count, blockCount: blocks.count, in: &supply)
    totals.reset()
    everyBin = BinStore(request, in: &supply)
    supply.finish()
  }

  var summary: String {
    "convolution of \(split.columnLength * split.rowLength) with a chirp (Bluestein), columns of "
      + "\(split.columnLength), rows of \(split.rowLength)"
  }

  func forgetSignal() {
    local.forgetSignal()
    totals.reset()
    for block in 0..<overwritten.byteCount {
      overwritten.pointer(at: block, to: UInt8.self).pointee = 0
    }
  }

  var stages: [Stage] {
    everyBin.stages + [
      Stage(name: "chirp", blockCount: blocks.count) { try self.transformChirp($0) },
      Stage(name: "columns", blockCount: blocks.count) { try self.transformSignal($0) },
      Stage(name: "rows", blockCount: overwritten.byteCount, weight: 2) {
        try self.convolveRows($0)
      },
      Stage(
        name: "bins", blockCount: blocks.count,
        perform: { self.transformBins($0) },
        commit: { self.totals.add(self.accumulator, block: $0) },
        reset: { self.totals.reset() }),
    ]
  }

  func magnitude(of bin: Int) -> Double {
    let value = convolved(bin, UnitRoots(order: split.columnLength * split.rowLength))
    return (value * value).sum().squareRoot()
  }

  func orderedMagnitudes(_ bins: Range<Int>) -> [Double]? { nil }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func localSpectrum(around bin: Int) -> LocalSpectrum {
    let roots = UnitRoots(order: split.columnLength * split.rowLength)
    let length = request.length.length
    return local.spectrum(around: bin, of: signal) { bins, output in
      for (offset, bin) in bins.enumerated() {
        // The upper half of the spectrum of a real signal mirrors this half.
        let index = modulo(bin, length)
        let isMirrored = 2 * index > length
        let value = self.transformed(isMirrored ? length - index : index, roots)
        output[offset] = isMirrored ? complexConjugate(value) : value
      }
    }
  }

  /// X[k], 0 <= k <= N / 2, including the factors that do not change its magnitude.
  private func transformed(_ bin: Int, _ roots: UnitRoots) -> SIMD2<Double> {
    let length = request.length.length
    // With n = m + quarter: exp(-2 pi i k n / N) = exp(-2 pi i k quarter / N) w[k] w[m] conj w[k - m].
    let shift = exactUnitRoot(moduloProduct(bin, quarter, length), order: length)
    return complexProduct(
      complexProduct(shift, chirp.value(at: bin)), complexConjugate(convolved(bin, roots)))
  }

  /// Step 4 for a single bin, by the definition of the transform, in double precision: gives the
  /// conjugate of the convolution.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func convolved(_ bin: Int, _ roots: UnitRoots) -> SIMD2<Double> {
    let order = split.columnLength * split.rowLength
    let index = bin + firstElement * split.rowLength
    let column = bin % split.rowLength
    let (block, place) = column.quotientAndRemainder(dividingBy: Self.columnsPerBlock)
    var sum = SIMD2<Double>()
    for row in 0..<split.columnLength {
      let entry = signalMatrix.entries(block: block, row: row) + 2 * place
      let (re, im) = (Double(entry[0]), Double(entry[1]))
      let root = roots[row * index % order]
      sum += SIMD2(re * root.x - im * root.y, re * root.y + im * root.x)
    }
    return sum
  }

  // MARK: Step 1

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformChirp(_ block: Int) throws {
    try chirpMatrix.reserve(block)
    gatherChirp(block)
    columnPlan.execute(columnInput.base, columnOutput.base)
    twiddle(block, 0..<keptRows) { chirpMatrix.entries(block: block, row: $0) }
  }

  /// Fills the columns of a block with conj w[j] / M, where index j > M/2 stands for j - M.
  private func gatherChirp(_ block: Int) {
    let (columnLength, pitch, rowLength) = (split.columnLength, blocks.pitch, split.rowLength)
    let order = columnLength * rowLength
    let first = blocks.columns(of: block).lowerBound
    let scale = 1 / Double(order)
    var walk = chirp.start(column: first, row: 0, offset: 0)
    for row in 0..<columnLength / 2 {
      chirp.next(&walk, row: row, scale: scale, to: columnInput.base + 2 &* row &* pitch)
    }
    let upper = (columnLength + 1) / 2
    if upper > columnLength / 2 {
      // If N1 is odd, the middle row belongs to both halves.
      for column in 0..<pitch {
        let index = (upper - 1) * rowLength + first + column
        let value = chirp.value(at: min(index, order - index)) * scale
        columnInput.base[2 * ((upper - 1) * pitch + column)] = Scalar(value.x)
        columnInput.base[2 * ((upper - 1) * pitch + column) + 1] = Scalar(value.y)
      }
    }
    walk = chirp.start(column: first, row: upper, offset: -order)
    for row in upper..<columnLength {
      chirp.next(&walk, row: row, scale: scale, to: columnInput.base + 2 &* row &* pitch)
    }
    conjugate(columnInput.base, count: columnLength * pitch)
  }

  private func conjugate(_ numbers: UnsafeMutablePointer<Scalar>, count: Int) {
    for index in 0..<count { numbers[2 &* index &+ 1] = -numbers[2 &* index &+ 1] }
  }

  // MARK: Step 2

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformSignal(_ block: Int) throws {
    try signalMatrix.reserve(block)
    gatherSignal(block)
    columnPlan.execute(columnInput.base, columnOutput.base)
    guard areFinite(columnOutput.base, count: blocks.pitch, distance: columnDistance) else {
      throw signal.failure
    }
    twiddle(block, 0..<split.columnLength) { signalMatrix.entries(block: block, row: $0) }
  }

  /// Fills the columns of a block with x[n] w[n - quarter] at index lead + n, and zeros elsewhere.
  private func gatherSignal(_ block: Int) {
    let columns = blocks.columns(of: block)
    let (pitch, rowLength) = (blocks.pitch, split.rowLength)
    // A local copy: the property would be copied for each row.
    let signal = signal
    var walk = chirp.start(
      column: columns.lowerBound, row: 0, offset: -firstElement * rowLength)
    for row in 0..<split.columnLength {
      let target = columnInput.base + 2 &* row &* pitch
      let start = row &* rowLength &+ columns.lowerBound &- lead
      guard start < signal.sampleCount else {
        target.update(repeating: 0, count: 2 &* pitch)
        continue
      }
      // The rows are far apart, where hardware prefetchers do not look.
      signal.prefetch(from: start &+ Self.rowsAhead &* rowLength, count: columns.count)
      let zeros = min(max(-start, 0), columns.count)
      for column in 0..<zeros { samples.base[column] = 0 }
      signal.copy(
        from: max(start, 0), count: columns.count &- zeros, to: samples.base + zeros)
      for column in columns.count..<pitch { samples.base[column] = 0 }
      chirp.next(&walk, row: row, scale: 1, to: target)
      for column in 0..<pitch {
        target[2 &* column] *= samples.base[column]
        target[2 &* column &+ 1] *= samples.base[column]
      }
    }
  }

  /// Multiplies some rows of the transformed columns of a block by the twiddles.
  @inline(__always)
  private func twiddle(
    _ block: Int, _ rows: Range<Int>, to target: (Int) -> UnsafeMutablePointer<Scalar>
  ) {
    let (spectra, distance) = (columnOutput.base, columnDistance)
    twiddle(block, rows, to: target) { row, column in
      let first = spectra + 2 &* (column &* distance &+ row)
      let second = first + 2 &* distance
      return SIMD4(first[0], first[1], second[0], second[1])
    }
  }

  /// Multiplies some rows of a block by the twiddles, two neighbouring columns at a time.
  @inline(__always)
  private func twiddle(
    _ block: Int, _ rows: Range<Int>, to target: (Int) -> UnsafeMutablePointer<Scalar>,
    from pair: (_ row: Int, _ column: Int) -> SIMD4<Scalar>
  ) {
    let pitch = blocks.pitch
    var angle = twiddles.start(block: block, row: rows.lowerBound)
    for row in rows {
      let coarse = twiddles.next(&angle)
      let fine = UnsafeRawPointer(twiddles.fine.base + 2 &* row &* pitch)
      let output = UnsafeMutableRawPointer(target(row))
      var (column, offset) = (0, 0)
      while column < pitch {
        let w = fine.load(fromByteOffset: offset, as: SIMD4<Scalar>.self)
        output.storeBytes(
          of: complexProduct(complexProduct(w, coarse), pair(row, column)), toByteOffset: offset,
          as: SIMD4<Scalar>.self)
        column &+= 2
        offset &+= MemoryLayout<SIMD4<Scalar>>.stride
      }
    }
  }

  // MARK: Step 3

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func convolveRows(_ block: Int) throws {
    let first = block * Self.rowsPerBlock
    let rows = first..<min(first + Self.rowsPerBlock, keptRows)
    // Rows 0 and N1/2 are their own mirror images.
    let mirrored =
      split.columnLength - rows.upperBound
      + 1..<min(
        split.columnLength - rows.lowerBound + 1, split.columnLength)
    let upper = mirrored.clamped(to: keptRows..<split.columnLength)
    let upperRows = signalRows.base + 2 * rows.count * rowPitch
    let isOverwritten = overwritten.pointer(at: block, to: UInt8.self)
    if isOverwritten.pointee == 0 {
      signalMatrix.collect(rows, to: signalRows.base, pitch: rowPitch)
      signalMatrix.collect(upper, to: upperRows, pitch: rowPitch)
    } else {
      recompute(rows, to: signalRows.base)
      recompute(upper, to: upperRows)
    }
    chirpMatrix.collect(rows, to: chirpRows.base, pitch: rowPitch)
    for (offset, row) in rows.enumerated() {
      rowPlan.execute(chirpRows.base + 2 * offset * rowPitch, chirpSpectrum.base)
      convolve(signalRows.base + 2 * offset * rowPitch, isMirrored: false)
      let mirror = split.columnLength - row
      guard upper.contains(mirror) else { continue }
      convolve(
        upperRows + 2 * (mirror - upper.lowerBound) * rowPitch, isMirrored: true)
    }
    // If a worker dies from here on, nobody knows which rows of the block are replaced.
    isOverwritten.pointee = 1
    signalMatrix.replace(rows, with: signalRows.base, pitch: rowPitch)
    try isReplacing(block)
    signalMatrix.replace(upper, with: upperRows, pitch: rowPitch)
  }

  /// Computes rows of the signal again by transforming all columns, after a worker died.
  private func recompute(_ rows: Range<Int>, to output: UnsafeMutablePointer<Scalar>) {
    for block in 0..<blocks.count {
      gatherSignal(block)
      columnPlan.execute(columnInput.base, columnOutput.base)
      let columns = blocks.columns(of: block)
      let row = columnInput.base
      for (offset, index) in rows.enumerated() {
        twiddle(block, index..<index + 1) { _ in row }
        (output + 2 * (offset * rowPitch + columns.lowerBound)).update(
          from: row, count: 2 * columns.count)
      }
    }
  }

  /// Replaces a row of the signal by the conjugate of its convolution with the chirp.
  ///
  /// Row N1 - k1 of the transformed chirp is row k1 in reverse: element k2 is element J - 1 - k2.
  private func convolve(_ row: UnsafeMutablePointer<Scalar>, isMirrored: Bool) {
    let length = split.rowLength
    let (signal, chirp) = (signalSpectrum.base, chirpSpectrum.base)
    rowPlan.execute(row, signal)
    if isMirrored {
      multiply(signal, chirp + 2 * (length - 1), step: -2, to: row)
    } else {
      multiply(signal, chirp, step: 2, to: row)
    }
    rowPlan.execute(row, signal)
    row.update(from: signal, count: 2 * length)
  }

  /// Conjugates of the products of complex numbers.
  @inline(__always)
  private func multiply(
    _ first: UnsafePointer<Scalar>, _ second: UnsafePointer<Scalar>, step: Int,
    to output: UnsafeMutablePointer<Scalar>
  ) {
    for index in 0..<split.rowLength {
      let (ar, ai) = (first[2 &* index], first[2 &* index &+ 1])
      let (br, bi) = (second[step &* index], second[step &* index &+ 1])
      output[2 &* index] = ar * br - ai * bi
      output[2 &* index &+ 1] = -(ar * bi + ai * br)
    }
  }

  // MARK: Step 4

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func transformBins(_ block: Int) {
    gatherProducts(block)
    columnPlan.execute(columnInput.base, columnOutput.base)
    let columns = blocks.columns(of: block)
    let (rowLength, distance) = (split.rowLength, columnDistance)
    let elements = chirp.length / 2 / rowLength + 1
    accumulator.clear()
    for start in stride(from: 0, to: columns.count, by: 8) {
      let lanes = min(8, columns.count - start)
      let magnitudes = UnsafeMutableRawPointer(magnitude.base).assumingMemoryBound(
        to: Scalar.self)
      let squares = UnsafeMutableRawPointer(square.base).assumingMemoryBound(to: Scalar.self)
      for lane in 0..<lanes {
        let spectrum = columnOutput.base + 2 &* ((start &+ lane) &* distance &+ firstElement)
        for index in 0..<elements {
          let (re, im) = (spectrum[2 &* index], spectrum[2 &* index &+ 1])
          let power = re * re + im * im
          squares[8 &* index &+ lane] = power
          magnitudes[8 &* index &+ lane] = power.squareRoot()
        }
      }
      var residues = SIMD8<Scalar>(repeating: .infinity)
      for lane in 0..<lanes { residues[lane] = Scalar(columns.lowerBound + start + lane) }
      accumulator.add(
        BinVectors(
          magnitudes: magnitude.base, squares: square.base, count: elements, first: 0,
          residues: residues, isReversed: false))
      let first = columns.lowerBound &+ start
      if let store = everyBin.magnitudes {
        for index in 0..<elements {
          store.store(
            magnitudes + 8 &* index, first: index &* rowLength &+ first, count: lanes)
        }
      }
      if let store = everyBin.numbers {
        let spectra = columnOutput.base + 2 &* (start &* distance &+ firstElement)
        for lane in 0..<lanes {
          let spectrum = spectra + 2 &* lane &* distance
          chirp.finish(
            spectrum, count: elements, bin: first &+ lane, from: quarter, to: spectrum, distance: 1)
        }
        store.store(
          ComplexStore.Spectra(
            base: spectra, distance: distance, count: lanes, first: first, step: rowLength),
          elements: 0..<elements)
      }
    }
  }

  /// Copies a block of the convolved rows, multiplied by the twiddles, to the input of the column
  /// plan.
  private func gatherProducts(_ block: Int) {
    let (input, pitch) = (columnInput.base, blocks.pitch)
    let products = UnsafeRawPointer(signalMatrix.entries(block: block, row: 0))
    twiddle(block, 0..<split.columnLength) { row in
      input + 2 &* row &* pitch
    } from: { row, column in
      let place = 2 &* (row &* pitch &+ column) &* MemoryLayout<Scalar>.stride
      return products.load(fromByteOffset: place, as: SIMD4<Scalar>.self)
    }
  }
}
