// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// One plain FFT for each part, the textbook's way: for signals so short, or of such an unsuitable
/// length, that splitting the transform does not pay.
///
/// 1. The samples go to shared memory once, converted, windowed and distributed to the parts. Parts
///    2q and 2q + 1 become the real and imaginary part of one complex signal; if the number of
///    parts is odd, the last one stays real.
/// 2. Each pair is transformed in place. For two real signals whose length has a large prime
///    factor FFTW takes 3.5 times as long as for the one complex signal (measured with 267,193 samples).
/// 3. The pairs are separated, and the magnitudes of the parts are added bin by bin.
final class PlainEngine<Scalar: FFTWScalar>: ScalarEngine {
  let totals: BandTotals

  private let request: TransformRequest
  var signal: WindowedSignal<Scalar>
  private let layout: PlainLayout
  private let samples: Region
  private let spectra: Region
  let everyBin: BinStore<Scalar>
  private let pairPlans: [Int: FFTPlan<Scalar>]
  private let singlePlan: FFTPlan<Scalar>?
  private let magnitude: AlignedBuffer<Scalar>
  private let square: AlignedBuffer<Scalar>
  private let accumulator: BandAccumulator<Scalar>
  private let turn: AlignedBuffer<Scalar>
  let local: LocalTransform<Scalar>

  /// Samples of each part that are distributed together: a cache line of single precision.
  ///
  /// Transforms with stride P over the original samples would load a cache line for each sample of
  /// each part.
  private static var turnLength: Int { 16 }
  /// Bins reduced in one block; a multiple of eight.
  private static var binsPerBlock: Int { 1 << 16 }
  private static var bytesPerPiece: Int { 16 << 20 }
  /// Bins on either side of a peak in a local spectrum: here they cost next to nothing.
  private static var reachOfLocalSpectra: Int { 32 }

  /// The memory of a transform, in the order in which `init` takes it.
  static func needs(_ shape: PlanShape) -> [RegionNeed] {
    let layout = layout(shape)
    return [
      need(layout, "the samples"), need(layout, "the spectra of the parts"),
      BandTotals.need(
        bandCount: shape.bandCount, blockCount: blocks(of: layout.binCount, binsPerBlock)),
    ] + BinStore<Scalar>.needs(shape)
  }

  private static func layout(_ shape: PlanShape) -> PlainLayout {
    PlainLayout(parts: shape.parts, length: shape.length.length, binCount: shape.binCount)
  }

  private static func need(_ layout: PlainLayout, _ purpose: String) -> RegionNeed {
    RegionNeed(
      purpose, byteCount: layout.size * MemoryLayout<Scalar>.stride, access: .piecewise)
  }

  init(_ request: TransformRequest, _ reader: SampleReader, in regions: [Region]) {
    var supply = RegionSupply(regions)
    self.request = request
    let layout = Self.layout(request.planShape)
    self.layout = layout
    signal = WindowedSignal(
      reader, sampleCount: request.sampleCount, window: request.method.window)
    samples = supply.next(Self.need(layout, "the samples"))
    spectra = supply.next(Self.need(layout, "the spectra of the parts"))
    let input = samples.pointer(to: Scalar.self)
    let output = spectra.pointer(to: Scalar.self)
    // The last block may have fewer pairs.
    let counts = Set(
      (0..<layout.blockCount).map { layout.pairs(of: $0).count }.filter { $0 > 0 })
    pairPlans = Dictionary(
      uniqueKeysWithValues: counts.map { count in
        let transforms = TransformLayout(
          length: layout.length, count: count, inputDistance: layout.pitch,
          outputDistance: layout.pitch)
        return (count, FFTPlan(complex: transforms, input, output))
      })
    singlePlan =
      layout.hasSingle ? FFTPlan(real: TransformLayout(length: layout.length), input, output) : nil
    magnitude = AlignedBuffer(count: Self.binsPerBlock)
    square = AlignedBuffer(count: Self.binsPerBlock)
    accumulator = BandAccumulator(request.bands, of: request.grid, step: 8)
    turn = AlignedBuffer(count: layout.parts * Self.turnLength)
    local = LocalTransform(
      parts: layout.parts, length: request.length, reach: Self.reachOfLocalSpectra)
    totals = BandTotals(
      bandCount: request.bands.count,
      blockCount: Self.blocks(of: layout.binCount, Self.binsPerBlock), in: &supply)
    totals.reset()
    everyBin = BinStore(request, in: &supply)
    supply.finish()
  }

  var summary: String { "one FFT for each part" }

  var stages: [Stage] {
    everyBin.stages + [
      Stage(
        name: "reserve", blockCount: Self.blocks(of: samples.byteCount, Self.bytesPerPiece),
        weight: 0.1
      ) { try self.reserve($0) },
      Stage(
        name: "samples", blockCount: Self.blocks(of: layout.length, samplesPerBlock), weight: 0.3
      ) { self.dealSamples($0) },
      Stage(name: "parts", blockCount: layout.blockCount) { try self.transformParts($0) },
      Stage(
        name: "bins", blockCount: Self.blocks(of: layout.binCount, Self.binsPerBlock), weight: 0.3,
        perform: { self.reduceBins($0) },
        commit: { self.totals.add(self.accumulator, block: $0) },
        reset: { self.totals.reset() }),
    ]
  }

  func magnitude(of bin: Int) -> Double {
    var (magnitudes, squares) = (Scalar(0), Scalar(0))
    measure(bin, count: 1, &magnitudes, &squares)
    return Double(magnitudes)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func orderedMagnitudes(_ bins: Range<Int>) -> [Double]? {
    let (magnitudes, squares) = (
      AlignedBuffer<Scalar>(count: bins.count), AlignedBuffer<Scalar>(count: bins.count)
    )
    magnitudes.base.update(repeating: 0, count: bins.count)
    squares.base.update(repeating: 0, count: bins.count)
    measure(bins.lowerBound, count: bins.count, magnitudes.base, squares.base)
    return (0..<bins.count).map { Double(magnitudes.base[$0]) }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func localSpectrum(around bin: Int) -> LocalSpectrum {
    local.spectrum(around: bin, of: signal) { copySpectra($0, to: $1) }
  }

  /// Copies F_p[k] of neighbouring bins, which may be negative or beyond N / 2: [part][bin].
  private func copySpectra(_ bins: Range<Int>, to output: UnsafeMutablePointer<SIMD2<Double>>) {
    let spectra = spectra.pointer(to: Scalar.self)
    func entry(_ start: Int, _ index: Int) -> SIMD2<Double> {
      SIMD2(Double(spectra[start + 2 * index]), Double(spectra[start + 2 * index + 1]))
    }
    for (offset, bin) in bins.enumerated() {
      let index = modulo(bin, layout.length)
      let mirror = modulo(-bin, layout.length)
      for pair in 0..<layout.pairCount {
        let start = layout.start(ofPair: pair)
        let (z, y) = (entry(start, index), complexConjugate(entry(start, mirror)))
        let (sum, difference) = (z + y, z - y)
        output[2 * pair * bins.count + offset] = sum / 2
        output[(2 * pair + 1) * bins.count + offset] = SIMD2(difference.y, -difference.x) / 2
      }
      guard layout.hasSingle else { continue }
      let start = layout.start(ofPair: layout.pairCount)
      // A real transform has one half only; the other one is its mirror image.
      output[(layout.parts - 1) * bins.count + offset] =
        index <= mirror ? entry(start, index) : complexConjugate(entry(start, mirror))
    }
  }

  private static func blocks(of elements: Int, _ perBlock: Int) -> Int {
    (elements + perBlock - 1) / perBlock
  }

  // MARK: Step 1

  /// Allocates one block of both regions.
  private func reserve(_ piece: Int) throws {
    let start = piece * Self.bytesPerPiece
    let range = start..<min(start + Self.bytesPerPiece, samples.byteCount)
    try samples.reserve(range)
    try spectra.reserve(range)
  }

  /// Samples of each part that are distributed in one block.
  private var samplesPerBlock: Int {
    max(1, Self.binsPerBlock / (layout.parts * Self.turnLength)) * Self.turnLength
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func dealSamples(_ block: Int) {
    let parts = layout.parts
    let output = samples.pointer(to: Scalar.self)
    // A local copy: the property would be copied for each row.
    let signal = signal
    let end = min((block + 1) * samplesPerBlock, layout.length)
    for first in stride(from: block * samplesPerBlock, to: end, by: Self.turnLength) {
      let count = min(Self.turnLength, end - first)
      signal.copy(from: first * parts, count: count * parts, to: turn.base)
      for part in 0..<parts {
        let (start, step) = layout.place(of: part)
        let row = output + (start &+ first &* step)
        for index in 0..<count { row[index &* step] = turn.base[index &* parts &+ part] }
      }
    }
  }

  // MARK: Step 2

  private func transformParts(_ block: Int) throws {
    let input = samples.pointer(to: Scalar.self)
    let output = spectra.pointer(to: Scalar.self)
    let pairs = layout.pairs(of: block)
    let start = layout.start(ofPair: pairs.lowerBound)
    if pairs.isEmpty {
      singlePlan?.execute(input + start, output + start)
    } else {
      pairPlans[pairs.count]?.execute(input + start, output + start)
    }
    guard areFinite(output + start, count: max(pairs.count, 1), distance: layout.pitch) else {
      throw signal.failure
    }
  }

  // MARK: Step 3

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func reduceBins(_ block: Int) {
    let first = block * Self.binsPerBlock
    let count = min(Self.binsPerBlock, layout.binCount - first)
    let (magnitudes, squares) = (magnitude.base, square.base)
    magnitudes.update(repeating: 0, count: count)
    squares.update(repeating: 0, count: count)
    measure(first, count: count, magnitudes, squares)
    accumulator.clear()
    accumulator.add(
      contiguous: first, count: count, magnitudes: magnitudes, squares: squares)
    everyBin.magnitudes?.store(magnitudes, first: first, count: count)
    // A single part is transformed as it is.
    everyBin.numbers?.store(
      ComplexStore.Spectra(
        base: spectra.pointer(to: Scalar.self), distance: 0, count: 1, first: 0, step: 1),
      elements: first..<first + count)
  }

  /// Adds |F| and |F|^2 of all parts, in order, to the numbers of some neighbouring bins.
  @inline(__always)
  private func measure(
    _ first: Int, count: Int, _ magnitudes: UnsafeMutablePointer<Scalar>,
    _ squares: UnsafeMutablePointer<Scalar>
  ) {
    let spectra = spectra.pointer(to: Scalar.self)
    let length = layout.length
    for pair in 0..<layout.pairCount {
      let z = spectra + layout.start(ofPair: pair)
      for index in 0..<count {
        // For the transform Z of a + i b: A = (Z[k] + conj Z[N-k]) / 2, B = (Z[k] - conj Z[N-k]) /
        // 2i.
        let bin = first &+ index
        let mirror = bin == 0 ? 0 : length &- bin
        let (zr, zi) = (z[2 &* bin], z[2 &* bin &+ 1])
        let (yr, yi) = (z[2 &* mirror], z[2 &* mirror &+ 1])
        let (ar, ai) = (zr + yr, zi - yi)
        let (br, bi) = (zi + yi, yr - zr)
        let a = (ar * ar + ai * ai) * 0.25
        let b = (br * br + bi * bi) * 0.25
        squares[index] += a + b
        magnitudes[index] = (magnitudes[index] + a.squareRoot()) + b.squareRoot()
      }
    }
    guard layout.hasSingle else { return }
    let spectrum = spectra + layout.start(ofPair: layout.pairCount) + 2 * first
    for index in 0..<count {
      let (re, im) = (spectrum[2 &* index], spectrum[2 &* index &+ 1])
      let power = re * re + im * im
      squares[index] += power
      magnitudes[index] += power.squareRoot()
    }
  }
}
