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

  /// The run with the greatest magnitude of a band, the lowest if there are several.
  private func strongestRun(of band: Int) -> Int {
    let runs = runs(of: band)
    return runs.dropFirst().reduce(runs.lowerBound) {
      totals.greatestMagnitude($1) > totals.greatestMagnitude($0) ? $1 : $0
    }
  }

  /// Greatest magnitude in a band; see `BandTotals`.
  func greatestMagnitude(_ band: Int) -> Double {
    totals.greatestMagnitude(strongestRun(of: band))
  }

  /// The bin with that magnitude.
  func strongestBin(_ band: Int) -> Int { totals.strongestBin(strongestRun(of: band)) }

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
