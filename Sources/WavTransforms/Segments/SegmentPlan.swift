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
  private let cells: SpectrogramCells?
  private let precision: Precision

  /// Plans a method by arithmetic alone.
  ///
  /// - Parameters:
  ///   - shape: The method, and one segment as a transform.
  ///   - layout: The segments.
  ///   - cells: The cells of a spectrogram; nil for averages alone.
  ///   - precision: Arithmetic.
  ///   - bytesPerSample: Bytes of a sample in the input, with the other channels of its frame.
  public init(
    _ shape: PlanShape, _ layout: SegmentLayout, _ cells: SpectrogramCells? = nil,
    precision: Precision, bytesPerSample: Int
  ) {
    self.layout = layout
    self.cells = cells
    self.precision = precision
    let chunks = cells.map { SpectrogramEngine<Float>.chunks(layout, $0) } ?? SegmentChunks(layout)
    pieceCount = chunks.count
    pieceLength = chunks.ownLength
    switch precision {
    case .single:
      (regions, ownByteCount) = Self.needs(shape, layout, cells, bytesPerSample, Float.self)
    case .double:
      (regions, ownByteCount) = Self.needs(shape, layout, cells, bytesPerSample, Double.self)
    }
  }

  private static func needs<Scalar: FFTWScalar>(
    _ shape: PlanShape, _ layout: SegmentLayout, _ cells: SpectrogramCells?, _ bytesPerSample: Int,
    _ scalar: Scalar.Type
  ) -> ([RegionNeed], Double) {
    guard let cells else {
      return (
        WelchEngine<Scalar>.needs(shape, layout),
        WelchEngine<Scalar>.ownByteCount(layout, bytesPerSample: bytesPerSample)
      )
    }
    return (
      SpectrogramEngine<Scalar>.needs(shape, layout, cells),
      SpectrogramEngine<Scalar>.ownByteCount(layout, cells, bytesPerSample: bytesPerSample)
    )
  }

  /// Makes the engine.
  ///
  /// - Parameters:
  ///   - request: What it computes, of the shape of the plan.
  ///   - samples: The signal.
  ///   - memory: The memory of ``regions``; it must outlive the engine.
  ///   - pass: Takes the powers of each segment of a spectrogram; nil if only cells are wanted.
  ///   - look: Given the samples of each piece when they are read; a block that is repeated gives its pieces again.
  /// - Returns: The engine, with its FFTW plan and tables.
  public func engine(
    _ request: TransformRequest, _ samples: any StreamedSamples, in memory: [Region],
    pass: (any SegmentPowersSink)? = nil,
    look: @escaping (_ piece: Int, SampleReader) -> Void = { _, _ in }
  ) -> any SegmentedEngine {
    switch precision {
    case .single: engine(request, samples, memory, pass, look, Float.self)
    case .double: engine(request, samples, memory, pass, look, Double.self)
    }
  }

  private func engine<Scalar: FFTWScalar>(
    _ request: TransformRequest, _ samples: any StreamedSamples, _ memory: [Region],
    _ pass: (any SegmentPowersSink)?, _ look: @escaping (_ piece: Int, SampleReader) -> Void,
    _ scalar: Scalar.Type
  ) -> any SegmentedEngine {
    guard let cells else {
      return WelchEngine<Scalar>(request, layout, samples, in: memory, look: look)
    }
    return SpectrogramEngine<Scalar>(
      request, layout, cells, samples, in: memory, pass: pass, look: look)
  }
}
