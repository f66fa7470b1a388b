// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The power of a spectrum in fractions of an octave or in semitones.
public protocol BandResult {
  /// The bands with their powers.
  var levels: BandLevels { get }
  /// The figure: a bar for each band.
  func figure() -> Scene
  /// The report as a JSON document; its member `proportional_bands` has the bands.
  func report() throws -> String
}

/// The table of the bands of a result.
struct BandTable {
  /// Names of the columns, all of them numbers.
  let columns: [String]
  /// The numbers of each band.
  let rows: [[Double]]

  /// Powers and levels; with a weighting also the weighted ones.
  init(_ levels: BandLevels) {
    let isWeighted = levels.weighting != .z
    let name = levels.weighting.rawValue.lowercased()
    columns =
      ["frequency_hz", "level_dbfs", "low_hz", "high_hz", "power", "bins"]
      + (isWeighted ? ["\(name)_weighted_level_db", "\(name)_weighted_power"] : [])
    rows = levels.entries.map { entry in
      [
        entry.band.midband, entry.level, entry.band.lowEdge, entry.band.highEdge, entry.power,
        entry.binCount,
      ] + (isWeighted ? [entry.weightedLevel, entry.weightedPower] : [])
    }
  }
}
