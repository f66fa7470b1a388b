// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A division of a frequency range into bands of equal width on a logarithmic axis.
///
/// A bin at an edge belongs to the band above the edge. A band narrower than the bin spacing may
/// hold no bin. DC, if kept, belongs to the lowest band.
public struct LogBands: Sendable, Equatable {
  /// Number of bands.
  public let count: Int
  /// Band edges in Hz, count + 1 of them, rising.
  public let edges: [Double]
  /// First bin of each band, then the end of the last band's bins: count + 1 numbers, never
  /// falling.
  public let firstBins: [Int]

  /// Divides the part of a bin grid that `band` keeps into `count` >= 1 bands.
  ///
  /// The bands cover the whole of `band`, even where the grid shows less, so that spectra of
  /// different methods and lengths have the same bands. For the full band they run from one bin
  /// spacing to half the sampling rate.
  ///
  /// - Complexity: O(`count`).
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
      // A logarithmic axis cannot begin at 0, so it begins at the first bin.
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

  /// These bands and two more, one for all bins below them and one for all bins above.
  ///
  /// Together they hold every bin of the grid.
  public func surrounded(in grid: BinGrid) -> LogBands {
    LogBands(
      edges: [0] + edges + [max(grid.limit, edges[count])],
      firstBins: [0] + firstBins + [grid.count])
  }

  /// The runs of bins that are the bands.
  public var partition: BinPartition { BinPartition(firstBins: firstBins) }

  /// The bins of one band; may be empty.
  public func bins(of band: Int) -> Range<Int> { firstBins[band]..<firstBins[band + 1] }
}
