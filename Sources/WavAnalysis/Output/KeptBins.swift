// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum
import WavTransforms

/// What a result has of every bin.
public enum KeptBins: Sendable {
  /// Magnitudes.
  case magnitudes([Double])
  /// Real and imaginary parts of X[k].
  case numbers([SIMD2<Double>])

  /// What an engine has kept, if the request wants it in the result.
  ///
  /// - Throws: What reading the bins throws.
  init?(of engine: any SpectralEngine, _ grid: BinGrid, _ request: AnalysisRequest) throws {
    // Tables of segments are written from the result, those of one transform by the workers.
    let isInTables = request.points == .all && request.method.isSegmented
    guard request.keepsEveryBin || isInTables else { return nil }
    let bins = grid.bins(in: request.band)
    switch request.values {
    case .magnitude:
      self = .magnitudes(try WavAnalysis.magnitudes(bins, of: engine))
    case .complex:
      guard let engine = engine as? any TransformEngine else {
        preconditionFailure("averages over segments are not complex")
      }
      var result = [SIMD2<Double>](repeating: SIMD2(), count: bins.count)
      var span = result.mutableSpan
      try engine.copyComplexBins(bins, of: grid, to: &span)
      self = .numbers(result)
    }
  }

  /// The magnitudes; nil for complex bins.
  var magnitudes: [Double]? {
    if case .magnitudes(let magnitudes) = self { return magnitudes }
    return nil
  }
}

/// Magnitudes that an engine has kept.
func magnitudes(_ bins: Range<Int>, of engine: any SpectralEngine) throws -> [Double] {
  var result = [Double](repeating: 0, count: bins.count)
  var span = result.mutableSpan
  try engine.copyMagnitudes(bins, to: &span)
  return result
}
