// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum
import WavTransforms

/// The totals of the fine bands, and of all bins below and above them, also if the engine reduced to finer runs.
struct ReducedTotals {
  private let totals: BandTotals
  private let division: BandDivision?

  /// The totals of a finished transform.
  init(_ preparation: Preparation) {
    totals = preparation.engine.totals
    division = preparation.shape.division
    bandCount = preparation.bands.count + 2
  }

  /// Number of bands; the first and the last hold the bins outside.
  let bandCount: Int

  private func runs(of band: Int) -> Range<Int> {
    division?.runs(ofFineBand: band) ?? band..<band + 1
  }

  /// The run with the greatest magnitude of a band, the lowest if there are several; nil for a band without bins.
  private func strongestRun(of band: Int) -> Int? {
    // Of several that are equal `max` returns the first.
    runs(of: band).max {
      totals.greatestMagnitude($0) < totals.greatestMagnitude($1)
    }
  }

  /// Greatest magnitude in a band, -1 for a band without bins; see `BandTotals`.
  func greatestMagnitude(_ band: Int) -> Double {
    strongestRun(of: band).map { totals.greatestMagnitude($0) } ?? -1
  }

  /// The bin with that magnitude.
  func strongestBin(_ band: Int) -> Int {
    strongestRun(of: band).map { totals.strongestBin($0) } ?? .max
  }

  /// Sum of |F_p|^2 over the bins of a band.
  func squareSum(_ band: Int) -> Double {
    runs(of: band).reduce(0) { $0 + totals.squareSum($1) }
  }
}

/// The powers of the proportional bands; nil if none are wanted.
func bandLevels(_ preparation: Preparation, _ request: AnalysisRequest) -> BandLevels? {
  let shape = preparation.shape
  guard let division = shape.division, let scheme = request.bandScheme else { return nil }
  let totals = preparation.engine.totals
  return BandLevels(
    scheme, division, sums: (0..<division.partition.count).map { totals.squareSum($0) },
    shape.scaling, shape.grid)
}
