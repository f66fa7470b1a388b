// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum

/// The plot at the end of a report for a terminal; nothing for silence.
func plotSection(_ analysis: Analysis, _ plot: TerminalPlot) -> [String] {
  let (heading, lines) = headingAndPlot(analysis, plot)
  return lines.isEmpty ? [] : [heading] + lines
}

private func headingAndPlot(_ analysis: Analysis, _ plot: TerminalPlot) -> (String, [String]) {
  let (spectrum, choice) = (analysis.spectrum, analysis.request.figure)
  let scale = choice.scale == .amplitude ? ", amplitudes (full-scale sine = 1)" : ""
  if let grid = analysis.levelGrid {
    let what = grid.reduction == .maximum ? "greatest level" : "mean power"
    let spacing = (analysis.request.spectrogram ?? SpectrogramChoice()).spacing
    return (
      "Spectrogram, the \(what) of each cell",
      plot.shades(grid, spacing: spacing, levels: choice.levelRange)
    )
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
      "\(levels.scheme.title), the level of each\(scale)",
      plot.levels(
        rows, over: first.lowEdge...last.highEdge, unit: unit, areBars: true, choice: choice)
    )
  }
  let average = analysis.density == nil ? "" : " averaged over segments"
  let rows = spectrum.rows.map { LevelRow($0, limit: spectrum.grid.limit) }
  return (
    "Spectrum\(average), the strongest bin of each column\(scale)",
    plot.levels(rows, over: spectrum.range, unit: "dBFS", choice: choice)
  )
}
