// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSpectrum
import WavWorkers

/// A signal, and where it comes from.
public struct TransformInput {
  /// What the signal is called in messages: the path of the file.
  public let name: String
  /// Frame of the file that is the first of the signal, for messages.
  public let firstFrame: Int
  /// The signal.
  public let reader: SampleReader

  /// Describes a signal.
  public init(name: String = "the signal", firstFrame: Int = 0, reader: SampleReader) {
    self.name = name
    self.firstFrame = firstFrame
    self.reader = reader
  }
}

/// What an engine is to compute: the spectrum of a signal, reduced to bands.
///
/// One definition serves both methods. With P parts, F_p is the transform of x[p], x[p+P], x[p+2P],
/// …, padded with zeros to the transform length, and the magnitude of bin k is the sum over p of
/// |F_p[k]|. With P = 1 that is the exact spectrum |X[k]|.
public struct TransformRequest {
  /// The signal; the only part that may change between two runs of an engine.
  public internal(set) var input: TransformInput
  /// The window over all samples used.
  public let window: Window
  /// Samples and transform length of one part.
  public let length: TransformLength
  /// The frequencies of the bins; knows the number of parts.
  public let grid: BinGrid
  /// The bands to reduce to.
  public let bands: LogBands
  /// The bins whose magnitudes are kept one by one; nil if only bands are wanted.
  public let everyBin: Range<Int>?

  /// Describes a computation; `grid` and `length` agree on the transform length.
  public init(
    input: TransformInput, window: Window, length: TransformLength, grid: BinGrid,
    bands: LogBands, everyBin: Range<Int>?
  ) {
    precondition(grid.transformLength == length.length, "one transform length")
    self.input = input
    self.window = window
    self.length = length
    self.grid = grid
    self.bands = bands
    self.everyBin = everyBin
  }

  /// Number of samples that are used, all parts together.
  public var sampleCount: Int { length.samples * grid.parts }

  /// Makes sure that `count` spectra, `distance` complex numbers apart, come from finite samples.
  ///
  /// Element 0 of a transform is the sum of its input: it tells whether any of it is not finite.
  func requireFinite<Scalar>(
    _ spectra: UnsafePointer<Scalar>, count: Int, distance: Int, of signal: WindowedSignal<Scalar>
  ) throws(WorkerFailure) {
    for index in 0..<count {
      let sum = spectra + 2 * index * distance
      guard (sum[0] + sum[1]).isFinite else { throw nonFiniteFailure(signal) }
    }
  }

  /// The failure of a transform whose result is not finite: says which sample is to blame.
  private func nonFiniteFailure<Scalar>(_ signal: WindowedSignal<Scalar>) -> WorkerFailure {
    guard let (index, value) = signal.firstNonFinite() else {
      return WorkerFailure(
        kind: .input,
        "\(input.name): the samples are too large for "
          + (Scalar.self == Float.self
            ? "single precision; analyse with --precision double"
            : "double precision; scale them down"))
    }
    return WorkerFailure(
      kind: .input,
      "\(input.name): frame \(input.firstFrame + index) is \(value), not a finite number; mend the file, or "
        + "leave that place out with --start and --duration")
  }
}

/// An algorithm that computes what a ``TransformRequest`` asks for, as stages of blocks.
///
/// Engines are made, and their plans with them, before workers are forked. Results are in shared
/// memory once the stages are done.
public protocol TransformEngine: AnyObject {
  /// How the transform is computed, for the report: "four-step 4096 x 65536".
  var summary: String { get }
  /// The work, in order.
  var stages: [Stage] { get }
  /// The reduced spectrum.
  var totals: BandTotals { get }
  /// Replaces the signal by another of the same length; plans, tables and memory are used again.
  ///
  /// What was computed is forgotten. Not while workers are at work.
  func load(_ input: TransformInput)
  /// Copies the magnitudes of bins within ``TransformRequest/everyBin``.
  func copyMagnitudes(_ bins: Range<Int>, to output: UnsafeMutablePointer<Double>)
  /// Magnitude of any single bin, computed afresh: for the few bins around a peak.
  func magnitude(of bin: Int) -> Double
  /// Magnitudes of neighbouring bins, if the engine has them side by side; nil if each must be computed
  /// afresh.
  func orderedMagnitudes(_ bins: Range<Int>) -> [Double]?
  /// The transform around a bin, between the bins, too.
  func localSpectrum(around bin: Int) -> LocalSpectrum
}

/// Chooses the engine for a request and allocates its shared memory.
///
/// - Throws: `SystemError` when memory is short.
public func makeEngine(
  _ request: TransformRequest, precision: Precision
) throws -> any TransformEngine {
  switch precision {
  case .single: try makeEngine(request, Float.self)
  case .double: try makeEngine(request, Double.self)
  }
}

private func makeEngine<Scalar: FFTWScalar>(
  _ request: TransformRequest, _ scalar: Scalar.Type
) throws -> any TransformEngine {
  switch Algorithm(length: request.length.length, parts: request.grid.parts) {
  case .fourStep(let split): try FourStepEngine<Scalar>(request, split)
  case .chirp(let split): try ChirpEngine<Scalar>(request, split)
  case .parts: try PartsEngine<Scalar>(request)
  }
}

/// Memory that an engine for `parts` transforms of `length` takes, without the samples: known from
/// arithmetic alone, before any of it is taken.
///
/// - Parameters:
///   - length: Transform length of one part.
///   - parts: Number of parts.
///   - precision: Arithmetic.
///   - bandCount: Bands of the result.
/// - Returns: Sizes in bytes, about.
public func engineMemory(
  length: Int, parts: Int, precision: Precision, bandCount: Int
) -> EngineMemory {
  let scalar = precision == .single ? 4.0 : 8.0
  let total = Double(length) * Double(parts)
  let row = Double(bandCount) * 8
  switch Algorithm(length: length, parts: parts) {
  case .fourStep(let split):
    // Half of the rows of N complex numbers; of a short transform every bin twice, and the rows again.
    let (columns, rows) = (Double(split.columnLength), Double(split.rowLength) * Double(parts))
    let bins = total <= Double(BinStore<Float>.longest) ? scalar * (2 * total + 2 * rows) : 0
    return EngineMemory(
      shared: [scalar * (total + 2 * rows), bins, 130 * row],
      own: scalar * (5 * 34 * columns + 40 * rows) + 6 * row)
  case .chirp(let split):
    // All rows of the signal and half of those of the chirp.
    let (columns, rows) = (Double(split.columnLength), Double(split.rowLength))
    return EngineMemory(
      shared: [scalar * 2 * columns * rows, scalar * columns * rows, row * (rows / 32 + 3)],
      own: scalar * (6 * 66 * columns + 40 * rows) + 6 * row)
  case .parts:
    // Samples and spectra as complex numbers, two parts in each; FFTW needs some more for primes.
    let samples = scalar * Double(length) * Double(parts + parts % 2)
    return EngineMemory(
      shared: [samples, samples, row * (Double(length) / 16384 + 3)],
      own: scalar * 8 * Double(length) + 6 * row + Double(parts) * 2048 * scalar)
  }
}

/// Memory that an engine takes, in bytes, about.
///
/// Numbers are floating point: what is asked for may be beyond all integers.
public struct EngineMemory: Sendable {
  /// Regions that all processes share.
  public let shared: [Double]
  /// What each process has for itself.
  public let own: Double

  /// All of what is shared, in bytes; the greatest integer if that is too small.
  public var sharedByteCount: Int { Int(min(shared.reduce(0, +), 0x1p62)) }
}

/// Which engine a length gets; a function of length and number of parts alone.
private enum Algorithm {
  case fourStep(FourStepSplit)
  case chirp(FourStepSplit)
  case parts

  init(length: Int, parts: Int) {
    if let split = FourStepSplit(length: length, parts: parts) {
      self = .fourStep(split)
    } else if parts == 1, length >= ChirpEngine<Float>.shortest,
      let split = FourStepSplit(
        length: ChirpEngine<Float>.convolutionLength(for: length), parts: 1)
    {
      self = .chirp(split)
    } else {
      self = .parts
    }
  }
}
