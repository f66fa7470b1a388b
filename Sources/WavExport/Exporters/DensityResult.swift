// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Power density over frequency: lines whose powers were averaged over segments, so that they also read as density.
public protocol DensityResult: LineResult {
  /// How powers read as a density.
  var density: PowerDensity { get }
  /// The frequencies kept.
  var band: FrequencyBand { get }
  /// The magnitude of every bin in the band, if they are the rows of tables; nil if bands are.
  var everyBin: [Double]? { get }
}

/// The table of a density: its columns, and its rows from low to high frequency.
struct DensityTable {
  /// Names of the columns.
  let columns: [String]
  /// The numbers of each row, in the order of the columns.
  let rows: [[Double]]

  /// Which columns are frequencies: exact, whatever the precision of the powers.
  var isFrequency: [Bool] { columns.map { ["frequency_hz", "low_hz", "high_hz"].contains($0) } }

  /// The rows of a result: every bin, or bands.
  init(_ result: any DensityResult) {
    let density = result.density
    func columns(_ values: [String]) -> [String] {
      ["frequency_hz", "magnitude", "level_dbfs"] + values + ["density_fs2_per_hz", "density_db"]
    }
    guard let magnitudes = result.everyBin else {
      self.columns = columns(["low_hz", "high_hz", "power"])
      rows = result.rows.map { row in
        let mean = density.density(of: row, in: result.band)
        return [
          row.frequency, row.magnitude, row.level, row.lowEdge, row.highEdge, row.power, mean,
          PowerDensity.decibels(mean),
        ]
      }
      return
    }
    self.columns = columns([])
    let grid = density.grid
    rows = zip(grid.bins(in: result.band), magnitudes).map { bin, magnitude in
      let value = density.density(magnitude: magnitude, bin: bin)
      return [
        grid.frequency(of: bin), magnitude,
        density.scaling.level(magnitude: magnitude, isUnpaired: grid.isUnpaired(bin)), value,
        PowerDensity.decibels(value),
      ]
    }
  }
}
