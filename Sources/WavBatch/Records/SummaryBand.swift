// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAnalysis
import WavExport
import WavSpectrum

/// A frequency band whose level is a column of the summary.
public struct SummaryBand: Sendable, Equatable {
  /// As the user wrote it: `63`, or `250:500`.
  public let name: String
  /// Lower edge in Hz, included.
  public let low: Double
  /// Upper edge in Hz, excluded.
  public let high: Double

  /// Reads a band: the nominal frequency of a third-octave band (`63`, `31.5`), or `LOW:HIGH` in Hz.
  ///
  /// Third-octave bands are those of `BandScheme.thirdOctave`. Nil for anything else.
  public init?(_ text: String) {
    let edges = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    switch edges.count {
    case 1:
      guard let nominal = edges[0], (1...1e6).contains(nominal) else { return nil }
      let band = BandScheme.thirdOctave.band(Int((10 * log10(nominal / 1000)).rounded()))
      guard abs(band.nominal / nominal - 1) < 1e-9 else { return nil }
      (low, high) = (band.lowEdge, band.highEdge)
      name = significant(nominal, 9)
    case 2:
      guard let low = edges[0], let high = edges[1], low >= 0, low < high, high <= 1e12 else {
        return nil
      }
      self.low = low
      self.high = high
      name = "\(significant(low, 9)):\(significant(high, 9))"
    default: return nil
    }
  }

  /// Level of the band in a spectrum, in dBFS like the RMS of the whole: a full-scale sine has 0
  /// dBFS.
  ///
  /// It is the sum of the powers of at least 4096 bands; those at the edges count with the share
  /// that is inside.
  ///
  /// - Returns: The level, negative infinity for silence; nil if the spectrum ends below the band's
  ///   upper
  ///   edge, or no bin is inside the band.
  func level(in spectrum: Spectrum) -> Double? {
    let grid = spectrum.grid
    guard high <= grid.limit,
      grid.firstBin(atOrAbove: low) < min(grid.firstBin(atOrAbove: high), grid.count)
    else { return nil }
    let power = spectrum.rows.reduce(0) { $0 + $1.power * share(of: $1, spacing: grid.spacing) }
    return power > 0 ? 10 * log10(2 * power) : -.infinity
  }

  /// Share of a row that is inside the band, 0 to 1; all or nothing if the row is too narrow for
  /// two bins.
  private func share(of row: BandRow, spacing: Double) -> Double {
    let width = row.highEdge - row.lowEdge
    if width <= spacing { return row.frequency >= low && row.frequency < high ? 1 : 0 }
    return max(0, min(high, row.highEdge) - max(low, row.lowEdge)) / width
  }
}
