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
  init?(of engine: any TransformEngine, _ grid: BinGrid, _ request: AnalysisRequest) throws {
    guard request.keepsEveryBin else { return nil }
    let bins = grid.bins(in: request.band)
    switch request.values {
    case .magnitude:
      var result = [Double](repeating: 0, count: bins.count)
      var span = result.mutableSpan
      try engine.copyMagnitudes(bins, to: &span)
      self = .magnitudes(result)
    case .complex:
      var result = [SIMD2<Double>](repeating: SIMD2(), count: bins.count)
      var span = result.mutableSpan
      try engine.copyComplexBins(bins, of: grid, to: &span)
      self = .numbers(result)
    }
  }
}
