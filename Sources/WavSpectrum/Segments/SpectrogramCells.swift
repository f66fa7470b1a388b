// SPDX-License-Identifier: GPL-2.0-or-later

/// The cells of a spectrogram: columns of equally many segments, and rows of neighbouring bins.
public struct SpectrogramCells: Sendable, Equatable {
  /// How the powers of a cell become one.
  public enum Reduction: String, Sendable, Codable, CaseIterable {
    /// The strongest: nothing short or narrow is lost.
    case maximum = "max"
    /// Their mean.
    case mean
  }

  /// Segments of a column; the last column may have fewer.
  public let segmentsPerColumn: Int
  /// Number of columns.
  public let columnCount: Int
  /// Edges of the rows in Hz, one more than rows, rising.
  public let edges: [Double]
  /// Whether rows are equally high in octaves; otherwise in Hz.
  public let isLogarithmic: Bool
  /// How powers are reduced.
  public let reduction: Reduction
  private let rowBins: [Range<Int>]

  /// Divides segments and bins into at most `columns` and `rows`, both at least 1.
  ///
  /// A row that is too low to have a bin has the bin nearest to its middle. A linear axis has no more rows than bins.
  public init(
    _ layout: SegmentLayout, _ grid: BinGrid, _ band: FrequencyBand, columns: Int, rows: Int,
    isLogarithmic: Bool, reduction: Reduction
  ) {
    segmentsPerColumn = (layout.count + columns - 1) / columns
    columnCount = (layout.count + segmentsPerColumn - 1) / segmentsPerColumn
    self.reduction = reduction
    self.isLogarithmic = isLogarithmic
    let kept = grid.bins(in: band)
    if isLogarithmic {
      let limit = min(LogBands(band, of: grid, count: 1).edges[1], grid.recordingLimit)
      let bands = LogBands(Self.below(limit, band), of: grid, count: rows)
      edges = bands.edges
    } else {
      let ends = Self.ends(of: band, grid)
      let count = max(1, min(rows, kept.count))
      edges = (0...count).map { ends.0 + (ends.1 - ends.0) * Double($0) / Double(count) }
    }
    let last = max(kept.lowerBound, kept.upperBound - 1)
    rowBins = zip(edges, edges.dropFirst()).map { low, high in
      let first = min(max(grid.firstBin(atOrAbove: low), kept.lowerBound), last)
      let end = min(grid.firstBin(atOrAbove: high), kept.upperBound)
      if first < end { return first..<end }
      let middle = Int(((low + high) / 2 / grid.spacing).rounded())
      let nearest = min(max(middle, kept.lowerBound), last)
      return nearest..<nearest + 1
    }
  }

  /// The band as far as the recording reaches.
  private static func below(_ limit: Double, _ band: FrequencyBand) -> FrequencyBand {
    switch band {
    case .full: .full
    case .between(let low, let high): low < limit ? .between(low: low, high: min(high, limit)) : band
    }
  }

  private static func ends(of band: FrequencyBand, _ grid: BinGrid) -> (Double, Double) {
    switch band {
    case .full: (0, grid.recordingLimit)
    case .between(let low, let high):
      (low, low < grid.recordingLimit ? min(high, grid.recordingLimit) : high)
    }
  }

  /// Number of rows.
  public var rowCount: Int { rowBins.count }

  /// The bins of a row, from low to high rows; at least one.
  public func bins(of row: Int) -> Range<Int> { rowBins[row] }
}
