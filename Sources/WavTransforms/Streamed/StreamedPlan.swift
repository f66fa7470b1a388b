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

  private let split: StreamedSplit
  private let precision: Precision

  /// Plans a transform; nil if the length has no divisor that suits the memory.
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
    guard
      let split = StreamedSplit(
        StreamedSplit.Conditions(
          length: shape.length.length, parts: shape.parts, bytesPerSample: bytesPerSample,
          scalarBytes: precision.byteCount, byteCount: byteCount, dirtyByteCount: dirtyByteCount))
    else { return nil }
    self.split = split
    self.precision = precision
    workerByteCount = byteCount
    rowCount = split.columnLength
    pieceBorders = [0] + (0..<split.columnBlockCount).map { split.columns(of: $0).upperBound }
    switch precision {
    case .single:
      regions = StreamedEngine<Float>.needs(shape, split)
      scratch = StreamedEngine<Float>.scratchNeeds(shape, split, bytesPerSample: bytesPerSample)
    case .double:
      regions = StreamedEngine<Double>.needs(shape, split)
      scratch = StreamedEngine<Double>.scratchNeeds(shape, split, bytesPerSample: bytesPerSample)
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
    switch precision {
    case .single:
      StreamedEngine<Float>(
        request, split, samples, in: memory, scratch: scratch, blocksAhead: blocksAhead, look: look)
    case .double:
      StreamedEngine<Double>(
        request, split, samples, in: memory, scratch: scratch, blocksAhead: blocksAhead, look: look)
    }
  }
}
