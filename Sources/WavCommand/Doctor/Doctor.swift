// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavExport
import WavSystem

/// `wavfft doctor`: what this machine offers, and what to mend.
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Examine what this machine offers to wavfft, and say what to mend.",
    usage: "wavfft doctor [--json]",
    discussion: """
      Looks at processors, memory, shared memory, scratch disk, limits, libraries, fonts, the terminal and the file of defaults; what can \
      be tried is tried. Each line is ok, a warning (it works, but slower or without something) or trouble.

      Examples:
        wavfft doctor
        wavfft doctor --json

      Exit status: 0 wavfft can work here, 1 there is trouble, 64 bad usage, 74 the output could not be written.
      """)

  @Flag(help: "The same as JSON.")
  var json = false

  @OptionGroup(title: "General") var general: GeneralOptions

  func run() throws {
    let examination = Examination(ignoringDefaults: general.noConfig)
    let document = DoctorDocument(examination)
    try printToStandardOutput(json ? try jsonText(document) : document.text(Ink.ofReport(general)))
    guard examination.works else { throw ExitCode(ExitStatus.answerIsNo.rawValue) }
  }
}

/// The doctor's findings for programs and people.
struct DoctorDocument: Encodable {
  let schema = DocumentSchema.doctor
  let version = programVersion
  let system = systemInWords()
  let works: Bool
  let findings: [Finding]
  let libraries = LibraryVersion.all

  init(_ examination: Examination) {
    works = examination.works
    findings = examination.findings
  }

  /// The findings for people.
  func text(_ ink: Ink) -> String {
    let column = 4 + (Finding.State.allCases.map { $0.rawValue.count }.max() ?? 0)
    let nameWidth = 2 + (findings.map { cellCount($0.name) }.max() ?? 0)
    var lines = ["wavfft \(version) on \(system)", ""]
    for finding in findings {
      let name = padded(finding.name, to: nameWidth)
      // Colours have no width.
      let state = padded(finding.state.rawValue, to: column - 2)
        .replacing(finding.state.rawValue, with: ink(finding.state.look, finding.state.rawValue))
      lines.append("  " + state + name + finding.text)
      if let remedy = finding.remedy {
        lines.append(labelled("", remedy, at: column + nameWidth))
      }
    }
    let warnings = findings.count { $0.state == .warning }
    let words = "\(warnings) warning\(warnings == 1 ? "" : "s")"
    lines += [
      "",
      works
        ? "wavfft can work here" + (warnings == 0 ? "." : "; \(words).")
        : "wavfft cannot work here before the trouble is mended.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Finding.State {
  /// How the word looks.
  fileprivate var look: Ink.Look {
    switch self {
    case .ok: .green
    case .warning: .yellow
    case .trouble: .red
    }
  }
}
