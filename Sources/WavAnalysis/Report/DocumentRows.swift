// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension Analysis {
  /// The rows of the report: bands, or every bin of an average over segments.
  package var documentRows: [ReportDocument.Row] {
    guard let density else { return rows.map { ReportDocument.Row($0) } }
    let grid = spectrum.grid
    guard request.points == .all, let magnitudes = everyBin?.magnitudes else {
      return rows.map {
        ReportDocument.Row($0, density: density.density(of: $0, in: request.band))
      }
    }
    return zip(spectrum.bins, magnitudes).map { bin, magnitude in
      ReportDocument.Row(
        frequency: grid.frequency(of: bin), magnitude: magnitude,
        level: spectrum.level(magnitude: magnitude, bin: bin),
        density: density.density(magnitude: magnitude, bin: bin))
    }
  }
}
