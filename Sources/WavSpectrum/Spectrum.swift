// SPDX-License-Identifier: GPL-2.0-or-later

/// A computed spectrum, reduced to bands, with everything that is needed to interpret its numbers.
public struct Spectrum: Sendable {
  /// The frequencies of the bins.
  public let grid: BinGrid
  /// What turns magnitudes into levels.
  public let scaling: Scaling
  /// The frequencies kept.
  public let band: FrequencyBand
  /// Edges of the whole range of bands in Hz.
  public let range: ClosedRange<Double>
  /// The non-empty bands, from low to high.
  public let rows: [BandRow]

  /// Puts a spectrum together.
  public init(
    grid: BinGrid, scaling: Scaling, band: FrequencyBand, range: ClosedRange<Double>,
    rows: [BandRow]
  ) {
    self.grid = grid
    self.scaling = scaling
    self.band = band
    self.range = range
    self.rows = rows
  }

  /// The bins kept.
  public var bins: Range<Int> { grid.bins(in: band) }

  /// Level in dBFS of a magnitude found in a bin.
  public func level(magnitude: Double, bin: Int) -> Double {
    scaling.level(magnitude: magnitude, isUnpaired: grid.isUnpaired(bin))
  }

  /// The same spectrum with other rows.
  public func with(rows: [BandRow]) -> Spectrum {
    Spectrum(grid: grid, scaling: scaling, band: band, range: range, rows: rows)
  }

  /// Rows merged into wider bands.
  ///
  /// `edges` are their edges in Hz, taken from the edges of the rows; bands without rows are left
  /// out.
  ///
  /// - Complexity: O(R + E) for R rows and E edges.
  public func rows(betweenEdges edges: [Double]) -> [BandRow] {
    var merged: [BandRow] = []
    var next = 0
    for (low, high) in zip(edges, edges.dropFirst()) {
      let first = next
      while next < rows.count, rows[next].lowEdge < high { next += 1 }
      if next > first {
        // If the lowest row contains DC it begins at 0, where a logarithmic axis cannot begin.
        merged.append(
          BandRow(
            merging: rows[first..<next], lowEdge: min(low, rows[first].lowEdge), highEdge: high))
      }
    }
    return merged
  }

  /// The same spectrum in at most `count` bands: neighbours are merged, peaks kept and powers
  /// added.
  ///
  /// - Complexity: O(R) for R rows.
  public func merged(into count: Int) -> Spectrum {
    guard rows.count > count else { return self }
    let merged = (0..<count).map { index in
      let run = rows[index * rows.count / count..<(index + 1) * rows.count / count]
      return BandRow(
        merging: run, lowEdge: run[run.startIndex].lowEdge,
        highEdge: run[run.endIndex - 1].highEdge)
    }
    return with(rows: merged)
  }
}

/// One log-spaced band of a spectrum: its strongest bin and its power.
public struct BandRow: Sendable, Equatable {
  /// The strongest bin; the lowest one if several are equal.
  public let bin: Int
  /// Frequency of the strongest bin in Hz.
  public let frequency: Double
  /// Magnitude of the strongest bin: |X[k]|, or the sum over the parts of |F_p[k]|.
  public let magnitude: Double
  /// Level of the strongest bin in dBFS; minus infinity for silence.
  public let level: Double
  /// Lower edge of the band in Hz.
  public let lowEdge: Double
  /// Upper edge of the band in Hz.
  public let highEdge: Double
  /// Mean-square power of all the bins in the band together, in FS^2.
  public let power: Double

  /// Describes a band.
  public init(
    bin: Int, frequency: Double, magnitude: Double, level: Double, lowEdge: Double,
    highEdge: Double, power: Double
  ) {
    self.bin = bin
    self.frequency = frequency
    self.magnitude = magnitude
    self.level = level
    self.lowEdge = lowEdge
    self.highEdge = highEdge
    self.power = power
  }

  /// The band that covers a non-empty run of neighbouring bands.
  init(merging rows: ArraySlice<BandRow>, lowEdge: Double, highEdge: Double) {
    let first = rows[rows.startIndex]
    let strongest = rows.dropFirst().reduce(first) { $1.magnitude > $0.magnitude ? $1 : $0 }
    self.init(
      bin: strongest.bin, frequency: strongest.frequency, magnitude: strongest.magnitude,
      level: strongest.level, lowEdge: lowEdge, highEdge: highEdge,
      power: rows.reduce(0) { $0 + $1.power })
  }
}
