// SPDX-License-Identifier: GPL-2.0-or-later

/// The cells of a spectrogram: columns of equally many segments, and rows of neighbouring bins.
public struct SpectrogramCells: Sendable, Equatable {
  /// Segments of a column; the last column may have fewer.
  public let segmentsPerColumn: Int
  /// Number of columns.
  public let columnCount: Int
  /// Edges of the rows in Hz, one more than rows, rising.
  public let edges: [Double]
  /// How powers are reduced.
  public let reduction: LevelGrid.Reduction
  private let layout: SegmentLayout
  private let rowBins: [Range<Int>]

  /// Divides segments and bins into at most `columns` and `rows`, both at least 1.
  ///
  /// Rows cover the band as far as the recording reaches. A row that is too low to have a bin has the bin nearest to
  /// its middle. A linear axis has no more rows than bins. If the band has no bin, no row has one.
  public init(
    _ layout: SegmentLayout, _ grid: BinGrid, _ band: FrequencyBand, columns: Int, rows: Int,
    _ spacing: FrequencySpacing, _ reduction: LevelGrid.Reduction
  ) {
    self.layout = layout
    segmentsPerColumn = (layout.count + columns - 1) / columns
    columnCount = (layout.count + segmentsPerColumn - 1) / segmentsPerColumn
    self.reduction = reduction
    let kept = grid.bins(in: band)
    let count = spacing == .linear ? max(1, min(rows, kept.count)) : rows
    let range = Self.range(of: band, grid, spacing)
    let fine = spacing.edges(of: range, rowCount: count)
    // The edges of a band of a few rounding units would not rise.
    let rises = zip(fine, fine.dropFirst()).allSatisfy { $0 < $1 }
    edges = rises ? fine : spacing.edges(of: range, rowCount: 1)
    guard let last = kept.last else {
      rowBins = Array(repeating: 0..<0, count: edges.count - 1)
      return
    }
    rowBins = zip(edges, edges.dropFirst()).map { low, high in
      let first = min(max(grid.firstBin(atOrAbove: low), kept.lowerBound), last)
      let end = min(grid.firstBin(atOrAbove: high), kept.upperBound)
      if first < end { return first..<end }
      let middle = Int(((low + high) / 2 / grid.spacing).rounded())
      let nearest = min(max(middle, kept.lowerBound), last)
      return nearest..<nearest + 1
    }
  }

  /// The frequencies of an axis in Hz; a logarithmic one cannot begin at 0, so it begins at the first bin.
  private static func range(
    of band: FrequencyBand, _ grid: BinGrid, _ spacing: FrequencySpacing
  ) -> ClosedRange<Double> {
    var (low, high) = (0.0, grid.recordingLimit)
    if case .between(let bottom, let top) = band {
      low = bottom
      if bottom < high { high = min(top, high) } else { high = top }
    }
    if low == 0, spacing == .logarithmic { low = min(grid.spacing, high / 2) }
    return low...high
  }

  /// Number of rows.
  public var rowCount: Int { rowBins.count }

  /// The bins of a row, from low to high rows; at least one, unless the band has none.
  public func bins(of row: Int) -> Range<Int> { rowBins[row] }

  /// The time that the columns cover, in samples: each segment stands for as much time as lies between two, around its
  /// middle.
  public var samples: ClosedRange<Double> {
    let first = Double(layout.length - layout.hop) / 2
    return first...first + Double(columnCount * segmentsPerColumn * layout.hop)
  }
}
