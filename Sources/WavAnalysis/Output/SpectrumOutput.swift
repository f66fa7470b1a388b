// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavSystem

/// Kinds of file that a spectrum can be written as.
public enum SpectrumFormat: String, CaseIterable, Sendable {
  /// Comma-separated values.
  case csv
  /// The report with the rows of the spectrum.
  case json
  /// A structured NumPy array.
  case npy
  /// A figure.
  case svg
  /// The figure as pixels.
  case png
  /// The figure as a page.
  case pdf

  /// Whether there is a row for every bin when that is asked for.
  var canHoldEveryBin: Bool { figure == nil }

  /// How many rows a file may have; nil for any number.
  var mostRows: Int? { self == .json ? JSONRows.most : nil }

  /// How a figure is written; nil for tables.
  public var figure: FigureFormat? { FigureFormat(rawValue: rawValue) }
}

/// An output that is wanted: a file, not yet visible, and what to write to it.
public struct SpectrumOutput {
  /// The kind of file.
  public let format: SpectrumFormat
  /// Where to write.
  public let file: OutputFile

  /// Describes an output.
  public init(format: SpectrumFormat, file: OutputFile) {
    self.format = format
    self.file = file
  }

  /// Writes the bands of a finished analysis.
  func writeBands(of analysis: Analysis) throws {
    let isSingle = analysis.precision == .single
    switch format {
    case .csv:
      try file.write(CSV.bandHeader)
      var buffer = TextBuffer(capacity: CSV.longestBandLine * analysis.rows.count)
      CSV.append(analysis.rows, isSingle: isSingle, to: &buffer)
      try file.write(buffer.bytes)
    case .npy:
      try file.write(NPY.bandHeader(count: analysis.rows.count))
      var buffer = TextBuffer(capacity: 48 * analysis.rows.count)
      for row in analysis.rows { NPY.append(row, to: &buffer) }
      try file.write(buffer.bytes)
    case .json:
      var document = ReportDocument(analysis, withTimings: false, ofFile: true)
      document.spectrum = analysis.rows.map(ReportDocument.Row.init)
      try file.write(document.json())
    case .svg, .png, .pdf:
      // As many columns as rows were asked for.
      let figure = SpectrumFigure(
        analysis.spectrum.with(rows: analysis.rows), peaks: analysis.peaks, loss: analysis.loss,
        text: figureText(analysis), a4: analysis.request.a4)
      guard let format = format.figure else { return }
      // A worker ends with its work, and what it draws with ends with it.
      try write(
        figure.document(), as: format, to: file, isContained: analysis.request.workers > 0)
    }
  }
}

private func figureText(_ analysis: Analysis) -> FigureText {
  let name = lastComponent(of: analysis.file.path)
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
  if let emptiness = analysis.emptinessInWords { description += emptiness + ". " }
  for remark in analysis.figureRemarks { description += sentence(remark) }
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
    description: description, emptiness: analysis.emptinessInWords,
    remarks: analysis.figureRemarks)
}

/// A remark as a sentence, with the space behind it.
private func sentence(_ remark: String) -> String {
  remark.prefix(1).uppercased() + remark.dropFirst() + ". "
}
