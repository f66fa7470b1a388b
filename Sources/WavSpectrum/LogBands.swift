// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A division of a frequency range into bands of equal width on a logarithmic axis.
///
/// A bin belongs to the band whose lower edge it reaches; a band narrower than the distance of
/// bins may hold none. DC, if kept, belongs to the lowest band.
public struct LogBands: Sendable, Equatable {
  /// Number of bands.
  public let count: Int
  /// Band edges in Hz, count + 1 of them, rising.
  public let edges: [Double]
  /// First bin of each band, and behind the last one the end of its bins: count + 1 numbers, never
  /// falling.
  public let firstBins: [Int]

  /// Divides what `band` keeps of a bin grid into `count` >= 1 bands.
  ///
  /// The range is the band's own, whatever the grid can show of it, so that spectra of different
  /// methods and lengths have the same bands; for the full band it runs from one bin to half the sampling
  /// rate.
  public init(_ band: FrequencyBand, of grid: BinGrid, count: Int) {
    precondition(count >= 1, "at least one band")
    self.count = count
    let low: Double
    let high: Double
    switch band {
    case .full:
      high = grid.recordingLimit
      low = min(grid.spacing, high / 2)
    case .between(let bottom, let top):
      // A logarithmic axis cannot begin at 0: it begins at the first bin instead.
      low = bottom > 0 ? bottom : min(grid.spacing, top / 2)
      high = top
    }
    let ratio = log(high / low) / Double(count)
    edges = (0...count).map { $0 == count ? high : low * exp(ratio * Double($0)) }
    let kept = grid.bins(in: band)
    var first = edges.map {
      min(max(grid.firstBin(atOrAbove: $0), kept.lowerBound), kept.upperBound)
    }
    first[0] = kept.lowerBound
    first[count] = kept.upperBound
    firstBins = first
  }

  private init(edges: [Double], firstBins: [Int]) {
    count = edges.count - 1
    self.edges = edges
    self.firstBins = firstBins
  }

  /// These bands between two more, of all bins below them and of all above: together every bin of the
  /// grid.
  public func surrounded(in grid: BinGrid) -> LogBands {
    LogBands(
      edges: [0] + edges + [max(grid.limit, edges[count])],
      firstBins: [0] + firstBins + [grid.count])
  }

  /// The bins of one band; may be empty.
  public func bins(of band: Int) -> Range<Int> { firstBins[band]..<firstBins[band + 1] }
}
