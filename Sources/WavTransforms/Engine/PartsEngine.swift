// SPDX-License-Identifier: GPL-2.0-or-later

import WavSharedMemory
import WavSpectrum
import WavWorkers

/// One plain strided FFT for each part: the book's way, for signals so short, or of a length so
/// awkward, that splitting the transform does not pay.
///
/// The samples go to shared memory once, converted and windowed; part p is transformed where it
/// lies, with stride P; the magnitudes of the parts are added bin by bin.
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
      length: length, count: partsPerBlock, inputStride: parts, inputDistance: 1,
      outputStride: 1, outputDistance: binCount)
    var lastLayout = layout
    lastLayout.count = (parts - 1) % partsPerBlock + 1
    let input = samples.pages.pointer(to: Scalar.self)
    let output = spectra.pages.pointer(to: Scalar.self)
    plan = FFTPlan(real: layout, input, output)
    lastPlan = FFTPlan(real: lastLayout, input, output)
    magnitude = AlignedBuffer(count: Self.elementsPerBlock)
    square = AlignedBuffer(count: Self.elementsPerBlock)
    accumulator = BandAccumulator(request.bands, of: request.grid, step: 8)
    totals = try BandTotals(
      bandCount: request.bands.count, blockCount: Self.blocks(binCount))
    totals.reset()
    everyBin = try request.everyBin.map { try EveryBin($0) }
  }

  var summary: String { "one FFT for each part" }

  var stages: [Stage] {
    [
      Stage(name: "samples", blockCount: Self.blocks(parts * length), weight: 0.3) {
        try self.copySamples($0)
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

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private func copySamples(_ block: Int) throws {
    let start = block * Self.elementsPerBlock
    let count = min(Self.elementsPerBlock, parts * length - start)
    let stride = MemoryLayout<Scalar>.stride
    try samples.pages.reserve(start * stride..<(start + count) * stride)
    signal.copy(from: start, count: count, to: samples.pages.pointer(to: Scalar.self) + start)
  }

  private func transformParts(_ block: Int) throws {
    let first = block * partsPerBlock
    let count = min(partsPerBlock, parts - first)
    let bytes = binCount * 2 * MemoryLayout<Scalar>.stride
    try spectra.pages.reserve(first * bytes..<(first + count) * bytes)
    let output = spectra.pages.pointer(to: Scalar.self) + first * binCount * 2
    (first + count == parts ? lastPlan : plan).execute(
      samples.pages.pointer(to: Scalar.self) + first, output)
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
