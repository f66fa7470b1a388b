// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum

/// The plot at the end of a report for a terminal; nothing for silence.
func plotSection(_ analysis: Analysis, _ plot: TerminalPlot) -> [String] {
  let (heading, lines) = headingAndPlot(analysis, plot)
  return lines.isEmpty ? [] : [heading] + lines
}

private func headingAndPlot(_ analysis: Analysis, _ plot: TerminalPlot) -> (String, [String]) {
  let spectrum = analysis.spectrum
  if let grid = analysis.levelGrid {
    let what = grid.reduction == .maximum ? "greatest level" : "mean power"
    let spacing = (analysis.request.spectrogram ?? SpectrogramChoice()).spacing
    return ("Spectrogram, the \(what) of each cell", plot.shades(grid, spacing: spacing))
  }
  if let levels = analysis.bandLevels {
    guard let first = levels.entries.first?.band, let last = levels.entries.last?.band else {
      return ("", [])
    }
    let unit = levels.weighting == .z ? "dBFS" : "dB(\(levels.weighting.rawValue))"
    let rows = levels.entries.map {
      LevelRow(
        frequency: $0.band.midband, level: $0.weightedLevel,
        edges: $0.band.lowEdge...$0.band.highEdge)
    }
    return (
      "\(levels.scheme.title), the level of each",
      plot.levels(rows, over: first.lowEdge...last.highEdge, unit: unit, areBars: true)
    )
  }
  let average = analysis.density == nil ? "" : " averaged over segments"
  let rows = spectrum.rows.map { LevelRow($0, limit: spectrum.grid.limit) }
  return (
    "Spectrum\(average), the strongest bin of each column",
    plot.levels(rows, over: spectrum.range, unit: "dBFS")
  )
}
