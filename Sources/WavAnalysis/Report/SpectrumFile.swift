// SPDX-License-Identifier: GPL-2.0-or-later

import WavRendering
import WavSharedMemory
import WavSpectrum

/// Kinds of file that a spectrum can be written as.
public enum SpectrumFormat: String, CaseIterable, Sendable {
  /// Comma-separated values.
  case csv
  /// The report with the rows of the spectrum.
  case json
  /// A figure.
  case svg
}

/// Writes the spectrum of an analysis.
public func write(
  _ analysis: Analysis, as format: SpectrumFormat, to file: OutputFile
) throws {
  switch format {
  case .csv: try writeCSV(analysis, to: file)
  case .json:
    try file.write(ReportDocument(analysis, withTimings: false, withRows: true).json())
  case .svg:
    let figure = SpectrumFigure(
      analysis.spectrum, peaks: analysis.peaks, loss: analysis.loss, text: figureText(analysis))
    try file.write(figure.svg())
  }
}

private func writeCSV(_ analysis: Analysis, to file: OutputFile) throws(SystemError) {
  let isSingle = analysis.precision == .single
  guard analysis.request.points == .all else {
    try file.write(CSV.bandHeader)
    for row in analysis.rows { try file.write(CSV.row(row, isSingle: isSingle)) }
    return
  }
  try file.write(CSV.binHeader)
  let spectrum = analysis.spectrum
  for bin in spectrum.bins {
    let magnitude = analysis.engine.everyMagnitude(bin)
    try file.write(
      CSV.row(
        frequency: spectrum.grid.frequency(of: bin), magnitude: magnitude,
        level: spectrum.level(magnitude: magnitude, bin: bin), isSingle: isSingle))
  }
}

private func figureText(_ analysis: Analysis) -> FigureText {
  let name = analysis.file.path.split(separator: "/").last.map(String.init) ?? analysis.file.path
  let grid = analysis.spectrum.grid
  let title = "Spectrum of \(name)"
  var description =
    "\(title), \(analysis.methodInWords), from \(analysis.bandInWords), levels in dBFS. "
  if let strongest = analysis.peaks.first {
    description +=
      "The strongest peak is at \(significant(strongest.frequency, 6)) Hz"
      + (strongest.note.map { " (\($0.name))" } ?? "")
      + " with \(fixed(strongest.level, 1)) dBFS. "
  }
  if let loss = analysis.loss {
    description +=
      "Decimation loses everything above \(significant(loss.limit, 7)) Hz, "
      + "\(percent(loss.lostShare)) of the band."
  }
  return FigureText(
    title: title,
    subtitle:
      "\(analysis.methodInWords), \(fixed(analysis.seconds, 1)) s at \(grid.sampleRate) Hz, "
      + "\(grouped(analysis.spectrum.bins.count)) bins \(significant(grid.spacing, 3)) Hz apart, "
      + "window \(analysis.spectrum.scaling.windowName)",
    description: description)
}
