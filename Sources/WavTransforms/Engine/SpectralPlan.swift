// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum
import WavStages

/// What decides the algorithm and the memory of a transform.
public struct PlanShape: Sendable, Equatable {
  /// The method with its parameters.
  public let method: MethodDescription
  /// Samples and transform length of one part.
  public let length: TransformLength
  /// Bands of the result.
  public let bandCount: Int
  /// The bins that are kept; nil if only bands are needed.
  public let everyBin: Range<Int>?
  /// What is kept of them.
  public let values: BinValues
  /// Whether magnitudes may be kept with an error of 0.0042 dB, which saves memory and time; samples must not be
  /// far beyond full scale.
  public let roundsMagnitudes: Bool

  /// Describes a transform; complex values are those of one part.
  public init(
    method: MethodDescription, length: TransformLength, bandCount: Int, everyBin: Range<Int>?,
    values: BinValues = .magnitude, roundsMagnitudes: Bool = false
  ) {
    precondition(values == .magnitude || method.parts == 1, "magnitudes of several parts")
    self.values = values
    self.roundsMagnitudes = roundsMagnitudes
    self.method = method
    self.length = length
    self.bandCount = bandCount
    self.everyBin = everyBin
  }

  var parts: Int { method.parts }
  /// Bins 0 … N / 2.
  var binCount: Int { length.length / 2 + 1 }
}

/// An engine before anything is allocated: what memory it needs, and how to make it.
public struct SpectralPlan: Sendable {
  /// The memory that all processes share, in the order in which ``engine(_:_:in:)`` takes it.
  public let regions: [RegionNeed]
  /// Memory that each process takes for itself, about, in bytes.
  public let ownByteCount: Double

  private let algorithm: Algorithm
  private let precision: Precision

  /// Plans a transform by arithmetic alone.
  ///
  /// - Complexity: O(sqrt(N)) for the factors of a length N.
  public init(_ shape: PlanShape, precision: Precision) {
    let algorithm = Algorithm(shape)
    self.algorithm = algorithm
    self.precision = precision
    switch precision {
    case .single: regions = algorithm.regions(of: shape, Float.self)
    case .double: regions = algorithm.regions(of: shape, Double.self)
    }
    ownByteCount = algorithm.ownByteCount(of: shape, scalarBytes: Double(precision.byteCount))
  }

  /// Makes the engine.
  ///
  /// - Parameters:
  ///   - request: What the engine computes; must have the shape of the plan.
  ///   - reader: The signal.
  ///   - memory: The memory of ``regions``; it must outlive the engine.
  /// - Returns: The engine, with its FFTW plans and tables.
  public func engine(
    _ request: TransformRequest, _ reader: SampleReader, in memory: [Region]
  ) -> any TransformEngine {
    switch precision {
    case .single: algorithm.engine(request, reader, memory, Float.self)
    case .double: algorithm.engine(request, reader, memory, Double.self)
    }
  }
}

/// The algorithm for a method and a length; it does not depend on the number of workers.
private enum Algorithm: Sendable {
  case fourStep(FourStepSplit)
  case chirp(FourStepSplit)
  case plain

  init(_ shape: PlanShape) {
    switch shape.method.name {
    case .exact, .decimated: self.init(length: shape.length.length, parts: shape.parts)
    case .welch, .spectrogram: preconditionFailure("segments have a plan of their own")
    }
  }

  private init(length: Int, parts: Int) {
    if let split = FourStepSplit(length: length, parts: parts) {
      self = .fourStep(split)
    } else if parts == 1, length >= ChirpEngine<Float>.shortest,
      let split = FourStepSplit(
        length: ChirpEngine<Float>.convolutionLength(for: length), parts: 1)
    {
      self = .chirp(split)
    } else {
      self = .plain
    }
  }

  func regions<Scalar: FFTWScalar>(of shape: PlanShape, _ scalar: Scalar.Type) -> [RegionNeed] {
    switch self {
    case .fourStep(let split): FourStepEngine<Scalar>.needs(shape, split)
    case .chirp(let split): ChirpEngine<Scalar>.needs(shape, split)
    case .plain: PlainEngine<Scalar>.needs(shape)
    }
  }

  func engine<Scalar: FFTWScalar>(
    _ request: TransformRequest, _ reader: SampleReader, _ memory: [Region],
    _ scalar: Scalar.Type
  ) -> any TransformEngine {
    switch self {
    case .fourStep(let split): FourStepEngine<Scalar>(request, split, reader, in: memory)
    case .chirp(let split): ChirpEngine<Scalar>(request, split, reader, in: memory)
    case .plain: PlainEngine<Scalar>(request, reader, in: memory)
    }
  }

  /// Memory for buffers, tables and FFTW.
  func ownByteCount(of shape: PlanShape, scalarBytes scalar: Double) -> Double {
    let bands = 6 * 8 * Double(shape.bandCount)
    switch self {
    case .fourStep(let split):
      return scalar
        * (5 * 34 * Double(split.columnLength)
          + 40 * Double(split.rowLength) * Double(shape.parts)) + bands
    case .chirp(let split):
      return scalar * (6 * 66 * Double(split.columnLength) + 40 * Double(split.rowLength)) + bands
    case .plain:
      // FFTW needs more for prime lengths.
      return scalar * 8 * Double(shape.length.length) + bands + Double(shape.parts) * 2048 * scalar
    }
  }
}
