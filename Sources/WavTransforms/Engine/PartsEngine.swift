// SPDX-License-Identifier: GPL-2.0-or-later

import WavSharedMemory
import WavSpectrum
import WavWorkers

/// One plain FFT for each part: the book's way, for signals so short, or of a length so awkward, that
/// splitting the transform does not pay.
///
/// The samples go to shared memory once, converted, windowed and dealt out to the parts; each part is
/// transformed where it lies; the magnitudes of the parts are added bin by bin.
final class PartsEngine<Scalar: FFTWScalar>: TransformEngine {
  let totals: BandTotals

  private let request: TransformRequest
  private let signal: WindowedSignal<Scalar>
  private let parts: Int
  private let length: Int
  private let binCount: Int
  private let samples: SharedRegion
  private let spectra: SharedRegion
  private let everyBin: EveryBin<Scalar>?
  private let partsPerBlock: Int
  private let plan: FFTPlan<Scalar>
  private let lastPlan: FFTPlan<Scalar>
  private let magnitude: AlignedBuffer<Scalar>
  private let square: AlignedBuffer<Scalar>
  private let accumulator: BandAccumulator<Scalar>
  private let turn: AlignedBuffer<Scalar>

  /// Samples of each part that are dealt out together: a cache line of single precision.
  ///
  /// Transforms with stride P over the samples as they are would fetch a cache line for each sample
  /// of each part: measured 6 times slower for 1000 parts.
  private static var turnLength: Int { 16 }
  /// Samples copied, or bins reduced, in one block; a multiple of eight.
  private static var elementsPerBlock: Int { 1 << 16 }

  init(_ request: TransformRequest) throws {
    self.request = request
    parts = request.grid.parts
    length = request.length.length
    binCount = request.grid.count
    signal = WindowedSignal(
      request.reader, sampleCount: request.sampleCount, window: request.window)
    let stride = MemoryLayout<Scalar>.stride
    samples = try SharedRegion(byteCount: parts * length * stride, purpose: "the samples")
    spectra = try SharedRegion(
      byteCount: parts * binCount * 2 * stride, purpose: "the spectra of the parts")
    partsPerBlock = min(parts, max(1, Self.elementsPerBlock / length))
    let layout = TransformLayout(
      length: length, count: partsPerBlock, inputDistance: length, outputDistance: binCount)
    var lastLayout = layout
    lastLayout.count = (parts - 1) % partsPerBlock + 1
    let input = samples.pages.pointer(to: Scalar.self)
    let output = spectra.pages.pointer(to: Scalar.self)
    plan = FFTPlan(real: layout, input, output)
    lastPlan = FFTPlan(real: lastLayout, input, output)
    magnitude = AlignedBuffer(count: Self.elementsPerBlock)
    square = AlignedBuffer(count: Self.elementsPerBlock)
    accumulator = BandAccumulator(request.bands, of: request.grid, step: 8)
    turn = AlignedBuffer(count: parts * Self.turnLength)
    totals = try BandTotals(
      bandCount: request.bands.count, blockCount: Self.blocks(binCount))
    totals.reset()
    everyBin = try request.everyBin.map { try EveryBin($0) }
  }

  var summary: String { "one FFT for each part" }

  var stages: [Stage] {
    [
      Stage(
        name: "reserve", blockCount: Self.pieces(samples.pages.byteCount), weight: 0.1
      ) { try self.reserveSamples($0) },
      Stage(name: "samples", blockCount: dealBlockCount, weight: 0.3) {
        self.dealSamples($0)
      },
      Stage(name: "parts", blockCount: (parts + partsPerBlock - 1) / partsPerBlock) {
        try self.transformParts($0)
      },
      Stage(
        name: "bins", blockCount: Self.blocks(binCount), weight: 0.3,
        perform: { self.reduceBins($0) },
        commit: { self.totals.add(self.accumulator, block: $0) },
        reset: { self.totals.reset() }),
    ]
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func copyMagnitudes(_ bins: Range<Int>, to output: UnsafeMutablePointer<Double>) {
    guard let everyBin else { preconditionFailure("every bin was asked for") }
    everyBin.copy(bins, to: output)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func magnitude(of bin: Int) -> Double {
    let entries = spectra.pages.pointer(to: Scalar.self)
    return (0..<parts).reduce(0) { sum, part in
      let place = 2 * (part * binCount + bin)
      let (re, im) = (Double(entries[place]), Double(entries[place + 1]))
      return sum + (re * re + im * im).squareRoot()
    }
  }

  private static func blocks(_ elements: Int) -> Int {
    (elements + elementsPerBlock - 1) / elementsPerBlock
  }

  private static func turnsPerBlock(_ parts: Int) -> Int {
    max(1, elementsPerBlock / (parts * turnLength))
  }

  private var dealBlockCount: Int {
    let perBlock = Self.turnsPerBlock(parts) * Self.turnLength
    return (length + perBlock - 1) / perBlock
  }

  private static var bytesPerPiece: Int { 16 << 20 }
  private static func pieces(_ bytes: Int) -> Int { (bytes + bytesPerPiece - 1) / bytesPerPiece }

  private func reserveSamples(_ piece: Int) throws {
    let start = piece * Self.bytesPerPiece
    try samples.pages.reserve(start..<min(start + Self.bytesPerPiece, samples.pages.byteCount))
  }

  /// Deals out the samples of some turns: sample n of part p goes to place n of row p.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func dealSamples(_ block: Int) {
    let perBlock = Self.turnsPerBlock(parts) * Self.turnLength
    let output = samples.pages.pointer(to: Scalar.self)
    let end = min((block + 1) * perBlock, length)
    for first in stride(from: block * perBlock, to: end, by: Self.turnLength) {
      let count = min(Self.turnLength, end - first)
      signal.copy(from: first * parts, count: count * parts, to: turn.base)
      for part in 0..<parts {
        let row = output + (part &* length &+ first)
        for index in 0..<count { row[index] = turn.base[index &* parts &+ part] }
      }
    }
  }

  private func transformParts(_ block: Int) throws {
    let first = block * partsPerBlock
    let count = min(partsPerBlock, parts - first)
    let bytes = binCount * 2 * MemoryLayout<Scalar>.stride
    try spectra.pages.reserve(first * bytes..<(first + count) * bytes)
    let output = spectra.pages.pointer(to: Scalar.self) + first * binCount * 2
    (first + count == parts ? lastPlan : plan).execute(
      samples.pages.pointer(to: Scalar.self) + first * length, output)
    // Bin 0 is the sum of the samples: it tells whether any of them is not finite.
    for part in 0..<count where !output[part * binCount * 2].isFinite {
      throw request.nonFiniteFailure(signal)
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func reduceBins(_ block: Int) {
    let first = block * Self.elementsPerBlock
    let count = min(Self.elementsPerBlock, binCount - first)
    let magnitudes = magnitude.base
    let squares = square.base
    magnitudes.update(repeating: 0, count: count)
    squares.update(repeating: 0, count: count)
    for part in 0..<parts {
      let spectrum = spectra.pages.pointer(to: Scalar.self) + 2 * (part * binCount + first)
      for index in 0..<count {
        let (re, im) = (spectrum[2 &* index], spectrum[2 &* index &+ 1])
        let power = re * re + im * im
        squares[index] += power
        magnitudes[index] += power.squareRoot()
      }
    }
    accumulator.clear()
    // The last vector is filled up with a magnitude and a power that change nothing.
    for index in count..<(count + 7) / 8 * 8 { (magnitudes[index], squares[index]) = (-1, 0) }
    accumulator.add(
      BinVectors(
        magnitudes: vectors(magnitudes), squares: vectors(squares), count: (count + 7) / 8,
        first: first / 8, residues: SIMD8(0, 1, 2, 3, 4, 5, 6, 7), isReversed: false))
    everyBin?.store(magnitudes, first: first, count: count)
  }

  /// Numbers as vectors of eight; buffers are aligned and their sizes multiples of eight.
  private func vectors(_ numbers: UnsafeMutablePointer<Scalar>) -> UnsafePointer<SIMD8<Scalar>> {
    UnsafePointer(UnsafeMutableRawPointer(numbers).assumingMemoryBound(to: SIMD8<Scalar>.self))
  }
}
