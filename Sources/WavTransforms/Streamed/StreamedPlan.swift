// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// A transform that is larger than memory, before anything has been taken: what it needs of memory and disk, and
/// how to make its engine.
public struct StreamedPlan: Sendable {
  /// The memory that all processes share, in the order in which the engine wants it.
  public let regions: [RegionNeed]
  /// The sizes of the scratch files in bytes, in the order in which the engine wants them.
  public let scratch: [Int]
  /// What each worker takes for itself, in bytes, with the page cache that its input and output take.
  public let workerByteCount: Int
  /// Rows of the input: runs of samples of equal length, of which a block takes the same piece each.
  public let rowCount: Int
  /// Where the pieces of a row begin, and where the last of them ends.
  public let pieceBorders: [Int]
  /// How often the transform goes over the disk.
  public let passCount: Int

  private let algorithm: StreamedAlgorithm
  private let precision: Precision

  /// Plans a transform; nil if the length suits neither the memory nor a convolution.
  ///
  /// - Parameters:
  ///   - shape: The transform.
  ///   - precision: Arithmetic.
  ///   - bytesPerSample: Bytes of a sample in the input, with the other channels of its frame.
  ///   - byteCount: Bytes that a worker may take.
  ///   - dirtyByteCount: Of these, what written data take in the page cache.
  /// - Complexity: O(sqrt(N)) for each divisor of a length N.
  public init?(
    _ shape: PlanShape, precision: Precision, bytesPerSample: Int, byteCount: Int,
    dirtyByteCount: Int
  ) {
    switch shape.method.name {
    case .exact, .decimated: break
    case .welch, .spectrogram: preconditionFailure("segments have a plan of their own")
    }
    guard
      let algorithm = StreamedAlgorithm(
        StreamedSplit.Conditions(
          length: shape.length.length, parts: shape.parts, bytesPerSample: bytesPerSample,
          scalarBytes: precision.byteCount, byteCount: byteCount, dirtyByteCount: dirtyByteCount))
    else { return nil }
    self.algorithm = algorithm
    self.precision = precision
    workerByteCount = byteCount
    switch algorithm {
    case .fourStep(let split):
      passCount = 2
      rowCount = split.columnLength
      pieceBorders = [0] + (0..<split.columnBlockCount).map { split.columns(of: $0).upperBound }
    case .chirp(let split):
      passCount = 4
      rowCount = (shape.length.length + split.rowLength - 1) / split.rowLength
      pieceBorders = [0] + (0..<split.columnBlockCount).map { split.columns(of: $0).upperBound }
    }
    switch precision {
    case .single:
      regions = algorithm.needs(shape, Float.self)
      scratch = algorithm.scratchNeeds(shape, bytesPerSample: bytesPerSample, Float.self)
    case .double:
      regions = algorithm.needs(shape, Double.self)
      scratch = algorithm.scratchNeeds(shape, bytesPerSample: bytesPerSample, Double.self)
    }
  }

  /// Makes the engine.
  ///
  /// - Parameters:
  ///   - request: What it computes, of the shape of the plan.
  ///   - samples: The signal.
  ///   - memory: The memory of ``regions``; it must outlive the engine.
  ///   - scratch: The files of ``scratch``.
  ///   - blocksAhead: How many blocks ahead data are announced: one for each worker.
  ///   - look: Given the samples of each piece when they are read: piece n of row r is number
  ///     r * blocks + n. A block that is repeated gives its pieces again.
  /// - Returns: The engine, with its plans and tables.
  public func engine(
    _ request: TransformRequest, _ samples: any StreamedSamples, in memory: [Region],
    scratch: [any Scratch], blocksAhead: Int,
    look: @escaping (_ piece: Int, SampleReader) -> Void
  ) -> any SurveyedEngine {
    switch (algorithm, precision) {
    case (.fourStep(let split), .single):
      StreamedEngine<Float>(
        request, split, samples, in: memory, scratch: scratch, blocksAhead: blocksAhead, look: look)
    case (.fourStep(let split), .double):
      StreamedEngine<Double>(
        request, split, samples, in: memory, scratch: scratch, blocksAhead: blocksAhead, look: look)
    case (.chirp(let split), .single):
      StreamedChirpEngine<Float>(
        request, split, samples, in: memory, scratch: scratch, blocksAhead: blocksAhead, look: look)
    case (.chirp(let split), .double):
      StreamedChirpEngine<Double>(
        request, split, samples, in: memory, scratch: scratch, blocksAhead: blocksAhead, look: look)
    }
  }
}

/// The algorithm for a length and a memory.
private enum StreamedAlgorithm: Sendable {
  case fourStep(StreamedSplit)
  case chirp(StreamedChirpSplit)

  init?(_ conditions: StreamedSplit.Conditions) {
    let split = StreamedSplit(conditions)
    if let split, !split.hasLongUndividedRows {
      self = .fourStep(split)
    } else if let chirp = StreamedChirpSplit(conditions) {
      self = .chirp(chirp)
    } else if let split {
      self = .fourStep(split)
    } else {
      return nil
    }
  }

  func needs<Scalar: FFTWScalar>(_ shape: PlanShape, _ scalar: Scalar.Type) -> [RegionNeed] {
    switch self {
    case .fourStep(let split): StreamedEngine<Scalar>.needs(shape, split)
    case .chirp(let split): StreamedChirpEngine<Scalar>.needs(shape, split)
    }
  }

  func scratchNeeds<Scalar: FFTWScalar>(
    _ shape: PlanShape, bytesPerSample: Int, _ scalar: Scalar.Type
  ) -> [Int] {
    switch self {
    case .fourStep(let split):
      StreamedEngine<Scalar>.scratchNeeds(shape, split, bytesPerSample: bytesPerSample)
    case .chirp(let split): StreamedChirpEngine<Scalar>.scratchNeeds(shape, split)
    }
  }
}
