// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavSamples
import WavSpectrum
import WavStages

@testable import WavTransforms

/// Computes every bin's magnitude with an engine; the stages run in this process, because a test
/// process has many threads and must not fork.
func magnitudes<Scalar: FFTWScalar>(
  _ samples: [Double], as scalar: Scalar.Type, parts: Int = 1, length: Int? = nil,
  split: (columns: Int, rows: Int)? = nil, isChirp: Bool = false,
  window: Window = .rectangular, blocks: BlockOrder = .once,
  ordersBins: Bool? = nil, isReused: Bool = false
) throws -> [Double] {
  try spectrum(
    samples, as: scalar, parts: parts, length: length, split: split, isChirp: isChirp,
    window: window, blocks: blocks, ordersBins: ordersBins, isReused: isReused
  ).magnitudes
}

/// How the blocks of a stage are performed.
enum BlockOrder {
  case once
  case backwards
  /// As after the death of another worker just before the end of each block.
  case twice
  /// As after the death of another worker in the middle of each block.
  case cutShort
}

/// The result of an engine.
struct EngineSpectrum {
  /// Of every bin that is kept.
  let magnitudes: [Double]
  /// X[k] of every bin that is kept; empty if magnitudes are kept.
  var numbers: [SIMD2<Double>] = []
  let bands: BinPartition
  /// For each band the sum over bins and parts of |F_p|^2; unpaired bins count half.
  let squareSums: [Double]
}

/// The same, with the sums of squares in 50 bands, or in other runs of bins.
func spectrum<Scalar: FFTWScalar>(
  _ samples: [Double], as scalar: Scalar.Type, parts: Int = 1, length: Int? = nil,
  split: (columns: Int, rows: Int)? = nil, isChirp: Bool = false,
  window: Window = .rectangular, band: FrequencyBand = .full, blocks: BlockOrder = .once,
  ordersBins: Bool? = nil, isReused: Bool = false, values: BinValues = .magnitude,
  keeping bins: Range<Int>? = nil, runs: BinPartition? = nil, rounding: Bool = false
) throws -> EngineSpectrum {
  let used = samples.count / parts
  let rule = length.map { LengthRule.fixed($0) } ?? .exact
  let length = try #require(TransformLength(samples: used, rule: rule))
  let grid = BinGrid(sampleRate: 8000, transformLength: length.length, parts: parts)
  return try samples.withUnsafeBufferPointer { buffer in
    let reader = SampleReader(try #require(buffer.baseAddress), count: buffer.count)
    let request = TransformRequest(
      method: method(parts, window), length: length, grid: grid,
      bands: runs ?? LogBands(band, of: grid, count: 50).partition,
      everyBin: bins ?? 0..<grid.count, values: values, roundsMagnitudes: rounding)
    let engine: any TransformEngine
    let memory: PrivateRegions
    let shape = request.planShape
    if let split {
      let split = FourStepSplit(columnLength: split.columns, rowLength: split.rows)
      if isChirp {
        memory = try PrivateRegions(ChirpEngine<Scalar>.needs(shape, split))
        let chirp = ChirpEngine<Scalar>(request, split, reader, in: memory.regions)
        if blocks == .cutShort { chirp.isReplacing = interruptingEachBlockOnce() }
        engine = chirp
      } else {
        memory = try PrivateRegions(
          FourStepEngine<Scalar>.needs(shape, split, ordersBins: ordersBins))
        engine = FourStepEngine<Scalar>(
          request, split, reader, in: memory.regions, ordersBins: ordersBins)
      }
    } else {
      memory = try PrivateRegions(PlainEngine<Scalar>.needs(shape))
      engine = PlainEngine<Scalar>(request, reader, in: memory.regions)
    }
    defer { withExtendedLifetime(memory) {} }
    if isReused { try perform(engine, on: noise(samples.count, seed: 99), then: reader) }
    for stage in engine.stages {
      let order = 0..<stage.blockCount
      for block in blocks == .backwards ? Array(order.reversed()) : Array(order) {
        do {
          try stage.perform(block)
        } catch is CutShort {
          try stage.perform(block)
        }
        if blocks == .twice { try stage.perform(block) }
        stage.commit(block)
      }
    }
    let found = try keptBins(of: engine, request)
    if values == .magnitude, bins == nil, !rounding { try check(engine, request, found.magnitudes) }
    return found
  }
}

/// What an engine has kept, when its stages are done.
func keptBins(
  of engine: any TransformEngine, _ request: TransformRequest
) throws -> EngineSpectrum {
  let kept = try #require(request.everyBin)
  var magnitudes = [Double](repeating: 0, count: kept.count)
  var numbers: [SIMD2<Double>] = []
  switch request.values {
  case .magnitude:
    var span = magnitudes.mutableSpan
    try engine.copyMagnitudes(kept, to: &span)
  case .complex:
    numbers = Array(repeating: SIMD2(.nan, .nan), count: kept.count)
    var span = numbers.mutableSpan
    try engine.copyComplexBins(kept, of: request.grid, to: &span)
    magnitudes = numbers.map { ($0 * $0).sum().squareRoot() }
  }
  return EngineSpectrum(
    magnitudes: magnitudes, numbers: numbers, bands: request.bands,
    squareSums: (0..<request.bands.count).map { engine.totals.squareSum($0) })
}

/// The method for a number of parts, with a window.
func method(_ parts: Int, _ window: Window) -> MethodDescription {
  var method = parts == 1 ? MethodDescription.exact : .decimated(parts: parts)
  method.window = window
  return method
}

/// A block was interrupted.
struct CutShort: Error {}

private func interruptingEachBlockOnce() -> (_ block: Int) throws -> Void {
  var struck: Set<Int> = []
  return { block in
    if struck.insert(block).inserted { throw CutShort() }
  }
}

/// Lets an engine transform other samples first, then load its own samples.
private func perform(
  _ engine: any TransformEngine, on samples: [Double], then reader: SampleReader
) throws {
  try samples.withUnsafeBufferPointer { buffer in
    engine.load(SampleReader(try #require(buffer.baseAddress), count: buffer.count))
    for stage in engine.stages {
      for block in 0..<stage.blockCount {
        try stage.perform(block)
        stage.commit(block)
      }
    }
  }
  engine.load(reader)
}

struct BinMismatch: Error {
  let bin: Int
}

struct BandMismatch: Error {
  let band: Int
}

/// Checks the bands, and bins computed one by one, against all bins.
private func check(
  _ engine: any TransformEngine, _ request: TransformRequest, _ magnitudes: [Double]
) throws {
  let greatest = magnitudes.max() ?? 0
  for bin in stride(from: 0, to: magnitudes.count, by: 7) {
    guard abs(engine.magnitude(of: bin) - magnitudes[bin]) <= 1e-6 * greatest else {
      throw BinMismatch(bin: bin)
    }
  }
  for band in 0..<request.bands.count {
    let bins = request.bands.bins(of: band)
    guard let strongest = magnitudes[bins].max() else { continue }
    let first = bins.first { magnitudes[$0] == strongest }
    guard engine.totals.greatestMagnitude(band) == strongest,
      engine.totals.strongestBin(band) == first
    else { throw BandMismatch(band: band) }
  }
}

/// The same by definition: the sum over p of |F_p[k]|.
func naiveMagnitudes(_ samples: [Double], parts: Int = 1, length: Int? = nil) -> [Double] {
  let spectra = naivePartMagnitudes(samples, parts: parts, length: length)
  return spectra[0].indices.map { bin in spectra.reduce(0) { $0 + $1[bin] } }
}

/// X[k] = sum over n of x[n] exp(-2 pi i k n / N), in double precision with exact unit roots.
func naiveBins(_ samples: [Double], length: Int? = nil) -> [SIMD2<Double>] {
  let length = length ?? samples.count
  let roots = (0..<length).map { exactUnitRoot($0, order: length) }
  return (0...length / 2).map { bin in
    var sum = SIMD2<Double>()
    for (n, sample) in samples.enumerated() { sum += sample * roots[bin * n % length] }
    return sum
  }
}

/// The sums of squares in bands by definition: for a bin the sum over p of |F_p[k]|^2, half of it
/// for DC and Nyquist.
func naiveSquareSums(
  _ samples: [Double], _ bands: BinPartition, parts: Int = 1, length: Int? = nil
) -> [Double] {
  let length = length ?? samples.count / parts
  let spectra = naivePartMagnitudes(samples, parts: parts, length: length)
  return (0..<bands.count).map { band in
    bands.bins(of: band).reduce(0) { sum, bin in
      let square = spectra.reduce(0) { $0 + $1[bin] * $1[bin] }
      return sum + (bin == 0 || 2 * bin == length ? square / 2 : square)
    }
  }
}

/// For each part |F_p[k]| = |sum over n of x[p + P n] exp(-2 pi i k n / N)|.
///
/// In double precision with exact unit roots.
private func naivePartMagnitudes(
  _ samples: [Double], parts: Int, length: Int?
) -> [[Double]] {
  let used = samples.count / parts
  let length = length ?? used
  let roots = (0..<length).map { exactUnitRoot($0, order: length) }
  return (0..<parts).map { part in
    (0...length / 2).map { bin in
      var sum = SIMD2<Double>()
      for n in 0..<used { sum += samples[part + parts * n] * roots[bin * n % length] }
      return (sum * sum).sum().squareRoot()
    }
  }
}

/// Reproducible noise in [-0.5, 0.5): the minimal standard generator of Park and Miller (1988).
func noise(_ count: Int, seed: Int = 1) -> [Double] {
  var state = seed
  return (0..<count).map { _ in
    state = state * 48271 % 2_147_483_647
    return Double(state) / 2_147_483_647 - 0.5
  }
}
