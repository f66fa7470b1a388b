// SPDX-License-Identifier: GPL-2.0-or-later

/// How powers of rows read as a density.
extension BinGrid {
  /// Number of the bins of a row within a band, at least 1.
  public func binCount(of row: BandRow, in band: FrequencyBand) -> Int {
    let kept = bins(in: band)
    let first = max(firstBin(atOrAbove: row.lowEdge), kept.lowerBound)
    let end = min(firstBin(atOrAbove: row.highEdge), kept.upperBound)
    // The highest band includes a bin at its upper edge.
    return max(1, max(end, row.bin + 1) - first)
  }

  /// Mean density in FS^2/Hz of the bins of a row, whose power is the sum of their densities times their spacing.
  public func density(of row: BandRow, in band: FrequencyBand) -> Double {
    row.power / (Double(binCount(of: row, in: band)) * spacing)
  }
}
