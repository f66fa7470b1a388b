// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import Glibc
import WavAnalysis
import WavExport
import WavSystem

/// Options that decide the outputs.
struct OutputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the spectrum to a file; its extension chooses the format: "
        + Exporter.ofLines.map { ".\($0.fileExtension)" }.joined(separator: ", ")
        + ". Can be given more than once. \"-\" with --format writes to stdout instead of the report.",
      valueName: "path"), completion: .outputs)
  var out: [String] = []

  @Option(help: ArgumentHelp("Format of --out -.", valueName: "format"))
  var format: Exporter?

  @OptionGroup var tables: TableOptions
  @OptionGroup var page: PageOptions

  @Option(help: ArgumentHelp("What stdout gets: text, json or none.", valueName: "kind"))
  var report = ReportOption.text

  @Option(
    help: ArgumentHelp(
      "A small plot at the end of the text report: auto (on a terminal), always or never.",
      valueName: "when"))
  var plot = PlotOption.auto

  @Flag(help: "Add the seconds spent in each phase to the report.")
  var timings = false

  @Option(
    help: ArgumentHelp(
      "A progress bar on stderr: auto (on a terminal, for long work), always or never.",
      valueName: "when"))
  var progress = ProgressOption.auto

  func validate() throws {
    _ = try pageSize()
    try tables.require(try out.map { try format(of: $0) })
    if tables.header == .sidecar, out.contains("-") {
      throw ValidationError(
        "--header sidecar writes a file beside a table, and --out - has none; name a file.")
    }
    if format != nil, !out.contains("-") {
      throw ValidationError("--format goes with --out -; a file's extension says its format.")
    }
    if plot == .always, !isReportInText {
      throw ValidationError(
        "--plot always is for the text report, and there is none; leave one of the options out.")
    }
    if timings, report == .none || out.contains("-") {
      throw ValidationError("--timings is for reports, and there is none; leave it out.")
    }
    if out.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("--out - can be given only once.")
    }
  }

  /// The size of pages; nil if no output is one.
  func pageSize() throws -> PageSize? { try page.size(for: formats) }

  /// The formats of the outputs.
  var formats: [Exporter] {
    get throws { try out.map { try format(of: $0) } }
  }

  /// Whether a report may end with a plot: there is a text report, at least on a terminal.
  var canPlot: Bool { isReportInText && plot != .never }

  private var isReportInText: Bool { report == .text && !out.contains("-") }

  /// The plot at the end of reports; nil for none.
  var terminalPlot: TerminalPlot? {
    switch plot {
    case .never: nil
    case .always: TerminalPlot(width: terminalWidth(), characters: terminalCharacters())
    case .auto:
      isatty(STDOUT_FILENO) == 1 && terminalWidth() >= TerminalPlot.widths.lowerBound
        ? TerminalPlot(width: terminalWidth(), characters: terminalCharacters()) : nil
    }
  }

  /// The format of an output.
  func format(of path: String) throws -> Exporter {
    if path == "-" {
      guard let format else {
        throw ValidationError("--out - needs --format \(Self.formatList).")
      }
      return format
    }
    guard let format = Exporter(extension: fileExtension(of: path)) else {
      throw ValidationError(
        "--out \(path) has no known extension\(nearestExtension(path, Exporter.ofLines.map(\.fileExtension))); choose "
          + "\(Self.extensionList).")
    }
    return format
  }

  private static var formatList: String { alternatives(Exporter.ofLines.map(\.name)) }
  private static var extensionList: String { alternatives(Exporter.ofLines.map(\.fileExtension)) }
}
