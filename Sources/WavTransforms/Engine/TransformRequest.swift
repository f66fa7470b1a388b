// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// What an engine is to compute: the spectrum of a signal, reduced to bands.
///
/// One definition serves both methods. With P parts, F_p is the transform of x[p], x[p+P], x[p+2P],
/// …, padded with zeros to the transform length, and the magnitude of bin k is the sum over p of
/// |F_p[k]|. With P = 1 this is the exact spectrum |X[k]|.
public struct TransformRequest {
  /// The method with its parameters.
  public let method: MethodDescription
  /// Samples and transform length of one part.
  public let length: TransformLength
  /// The frequencies of the bins, and the number of parts.
  public let grid: BinGrid
  /// The bands of the result, as runs of bins.
  public let bands: BinPartition
  /// The bins that are kept; nil if only bands are needed.
  public let everyBin: Range<Int>?
  /// What is kept of them.
  public let values: BinValues
  /// Whether magnitudes may be kept with an error of 0.0042 dB, see ``PlanShape/roundsMagnitudes``.
  public let roundsMagnitudes: Bool

  /// Describes a computation; `grid` must agree with `length` and with the method's number of
  /// parts.
  ///
  /// - Precondition: Complex values are those of one part.
  public init(
    method: MethodDescription, length: TransformLength, grid: BinGrid, bands: BinPartition,
    everyBin: Range<Int>?, values: BinValues = .magnitude, roundsMagnitudes: Bool = false
  ) {
    precondition(
      grid.transformLength == length.length && grid.parts == method.parts, "one transform length")
    self.method = method
    self.length = length
    self.grid = grid
    self.bands = bands
    self.everyBin = everyBin
    self.values = values
    self.roundsMagnitudes = roundsMagnitudes
  }

  /// Describes a computation with logarithmic bands.
  public init(
    method: MethodDescription, length: TransformLength, grid: BinGrid, bands: LogBands,
    everyBin: Range<Int>?, values: BinValues = .magnitude
  ) {
    self.init(
      method: method, length: length, grid: grid, bands: bands.partition, everyBin: everyBin,
      values: values)
  }

  /// Number of samples used, all parts together.
  public var sampleCount: Int { length.samples * grid.parts }

  /// What decides the algorithm and the memory.
  public var planShape: PlanShape {
    PlanShape(
      method: method, length: length, bandCount: bands.count, everyBin: everyBin, values: values,
      roundsMagnitudes: roundsMagnitudes)
  }
}
