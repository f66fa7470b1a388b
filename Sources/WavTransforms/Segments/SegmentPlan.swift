// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// A method that divides the signal into segments, before anything is allocated: what memory it needs, and how to
/// make its engine.
public struct SegmentPlan: Sendable {
  /// The memory that all processes share, in the order in which the engine takes it.
  public let regions: [RegionNeed]
  /// Memory that each process takes for itself, about, in bytes.
  public let ownByteCount: Double
  /// The pieces in which the signal is read: rows of equal length, one piece each.
  public let pieceCount: Int
  /// Samples of a piece; the last pieces may be shorter.
  public let pieceLength: Int

  private let layout: SegmentLayout
  private let precision: Precision

  /// Plans a method by arithmetic alone.
  ///
  /// - Parameters:
  ///   - shape: The method, and one segment as a transform.
  ///   - layout: The segments.
  ///   - precision: Arithmetic.
  ///   - bytesPerSample: Bytes of a sample in the input, with the other channels of its frame.
  public init(
    _ shape: PlanShape, _ layout: SegmentLayout, precision: Precision, bytesPerSample: Int
  ) {
    self.layout = layout
    self.precision = precision
    let chunks = SegmentChunks(layout)
    pieceCount = chunks.count
    pieceLength = chunks.ownLength
    switch precision {
    case .single:
      regions = WelchEngine<Float>.needs(shape, layout)
      ownByteCount = WelchEngine<Float>.ownByteCount(shape, layout, bytesPerSample: bytesPerSample)
    case .double:
      regions = WelchEngine<Double>.needs(shape, layout)
      ownByteCount = WelchEngine<Double>.ownByteCount(shape, layout, bytesPerSample: bytesPerSample)
    }
  }

  /// Makes the engine.
  ///
  /// - Parameters:
  ///   - request: What it computes, of the shape of the plan.
  ///   - samples: The signal.
  ///   - memory: The memory of ``regions``; it must outlive the engine.
  ///   - look: Given the samples of each piece when they are read; a block that is repeated gives its pieces again.
  /// - Returns: The engine, with its FFTW plan and tables.
  public func engine(
    _ request: TransformRequest, _ samples: any StreamedSamples, in memory: [Region],
    look: @escaping (_ piece: Int, SampleReader) -> Void = { _, _ in }
  ) -> any SegmentedEngine {
    switch precision {
    case .single: WelchEngine<Float>(request, layout, samples, in: memory, look: look)
    case .double: WelchEngine<Double>(request, layout, samples, in: memory, look: look)
    }
  }
}
