// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavAudio
import WavComparison
import WavExport

/// `wavfft formats`: what is read and written.
struct Formats: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the formats that are read and written, and the libraries.",
    usage: "wavfft formats [--json]",
    discussion: """
      Which recordings can be read depends on the installed libsndfile: this asks it.

      Examples:
        wavfft formats
        wavfft formats --json

      Exit status: 0 done, 64 bad usage, 74 the output could not be written.
      """)

  @Flag(help: "The same as JSON.")
  var json = false

  @OptionGroup(title: "General") var general: GeneralOptions

  func run() throws {
    let list = FormatList()
    try printToStandardOutput(json ? try list.json() : Ink.ofReport(general).report(list.text))
  }
}

/// What is read and written, and by which libraries.
struct FormatList: Encodable {
  struct Recording: Encodable {
    let name: String
    let extensions: [String]
  }

  struct Output: Encodable {
    let name: String
    let extensions: [String]
    /// Whether it is a table, a figure or a page.
    let kind: String
    /// The results that it takes: `spectrum`, `density`, `bands`, `spectrogram`.
    let results: [String]
    /// Those that it can have with every bin.
    let everyBin: [String]
  }

  let schema = DocumentSchema.formats
  let version = programVersion
  let recordings = SoundFormat.all.map { Recording(name: $0.name, extensions: $0.extensions) }
  let codings = SoundFormat.codings
  let spectra = SpectrumReader.extensions
  let outputs = Exporter.all.map(Output.init)
  let libraries = LibraryVersion.all

  func json() throws -> String { try jsonText(self) }

  /// The list for people.
  var text: String {
    var lines = ["Recordings, read by wavfft, batch, compare and overlay"]
    lines += table(
      recordings.map { ($0.name, $0.extensions.map { "." + $0 }.joined(separator: " ")) })
    lines += ["", "Codings of their samples"]
    lines += wrapped(codings.joined(separator: ", "), indent: 2)
    lines += ["", "Spectra, read by compare and overlay"]
    lines += ["  " + spectra.map { "." + $0 }.joined(separator: " ")]
    lines += ["", "Outputs"]
    lines += table(
      outputs.map { output in
        (
          output.extensions.map { "." + $0 }.joined(separator: " "),
          "\(output.kind): "
            + output.results.map { $0 + (output.everyBin.contains($0) ? "*" : "") }
            .joined(separator: ", ")
        )
      })
    lines += ["", "  * also every bin (--points all, for pages --page-size all)"]
    lines += ["", "Libraries"]
    lines += table(
      libraries.map { ($0.name, "\($0.version ?? "not installed"), \($0.purpose)") })
    return lines.joined(separator: "\n") + "\n"
  }

  private func table(_ rows: [(String, String)]) -> [String] {
    let width = rows.map { cellCount($0.0) }.max() ?? 0
    return rows.map { labelled("  " + $0.0, $0.1, at: width + 4) }
  }

  /// A text in lines of at most 80 cells.
  private func wrapped(_ text: String, indent: Int) -> [String] {
    var lines = [String(repeating: " ", count: indent - 1)]
    for word in text.split(separator: " ") {
      let last = lines[lines.count - 1]
      if cellCount(last) + 1 + cellCount(String(word)) > 80 {
        lines.append(String(repeating: " ", count: indent - 1) + " " + word)
      } else {
        lines[lines.count - 1] = last + " " + word
      }
    }
    return lines
  }
}

extension FormatList.Output {
  init(_ exporter: Exporter) {
    name = exporter.name
    extensions = exporter.extensions
    kind = exporter.isPage ? "page" : exporter.figure == nil ? "table" : "figure"
    let hasEveryBin = exporter.everyBin != nil || exporter.isPage
    // JSON of a spectrogram is its report and its axes, without levels.
    let takesLevels = exporter.takesLevels && exporter != .json
    let kinds: [(name: String, isTaken: Bool, isWhole: Bool)] = [
      ("spectrum", exporter.takesLines, hasEveryBin),
      ("density", exporter.takesDensity, hasEveryBin),
      ("bands", exporter.takesBands, false),
      ("spectrogram", takesLevels, exporter.takesEverySegment),
    ]
    results = kinds.filter(\.isTaken).map(\.name)
    everyBin = kinds.filter { $0.isTaken && $0.isWhole }.map(\.name)
  }
}
