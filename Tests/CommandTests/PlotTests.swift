// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// The plot at the end of reports.
@Suite struct PlotTests {
  private let bach = Program.fixture("bach.wav")
  private let utf8 = ["LC_ALL": "C.UTF-8", "COLUMNS": "", "TERM": "xterm"]

  private func isPlot(_ text: String) -> Bool { text.contains("┤") && text.contains("└") }

  @Test func aPipeGetsNone() throws {
    let plain = try Program.run([bach], environment: utf8)
    #expect(plain.status == 0)
    #expect(!isPlot(plain.output))
    let never = try Program.run([bach, "--plot", "never"], environment: utf8)
    #expect(never.output == plain.output)
    // The rest of the report is the same.
    let always = try Program.run([bach, "--plot", "always"], environment: utf8)
    #expect(always.output.hasPrefix(plain.output + "\nSpectrum, "))
    #expect(isPlot(always.output))
  }

  @Test(arguments: [40, 77, 200])
  func aTerminalGetsOneOfItsWidth(columns: Int) throws {
    let result = try Program.run(onTerminal: columns, [bach], environment: utf8)
    #expect(result.status == 0)
    #expect(isPlot(result.output))
    let axis = result.output.split(separator: "\n").first { $0.contains("└") }
    #expect(axis?.count == columns)
  }

  @Test func noneIsShownWhereItDoesNotBelong() throws {
    let narrow = try Program.run(onTerminal: 39, [bach], environment: utf8)
    #expect(narrow.status == 0 && !isPlot(narrow.output))
    let never = try Program.run(onTerminal: 80, [bach, "--plot", "never"], environment: utf8)
    #expect(!isPlot(never.output))
    let json = try Program.run(onTerminal: 80, [bach, "--report", "json"], environment: utf8)
    #expect(json.status == 0 && !isPlot(json.output))
    #expect((try? JSONSerialization.jsonObject(with: Data(json.output.utf8))) != nil)
  }

  @Test func theVariableColumnsDecides() throws {
    let variables = utf8.merging(["COLUMNS": "64"]) { $1 }
    for result in [
      try Program.run(onTerminal: 90, [bach], environment: variables),
      try Program.run([bach, "--plot", "always"], environment: variables),
    ] {
      let axis = result.output.split(separator: "\n").first { $0.contains("└") }
      #expect(axis?.count == 64)
    }
  }

  @Test func withoutUTF8ThePlotIsASCII() throws {
    let variables = utf8.merging(["LC_ALL": "C"]) { $1 }
    let result = try Program.run([bach, "--plot", "always"], environment: variables)
    let plot = result.output.split(separator: "\n").drop { !$0.hasPrefix("Spectrum") }
    #expect(plot.count > 10)
    #expect(plot.joined().utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(arguments: [
    ["--method", "welch"], ["--method", "spectrogram"], ["--bands", "third-octave"],
    ["--bands", "semitone", "--weighting", "A"], ["--parts", "8"], ["--channel", "each"],
  ])
  func everyResultHasOne(options: [String]) throws {
    let result = try Program.run([bach, "--plot", "always"] + options, environment: utf8)
    #expect(result.status == 0)
    #expect(isPlot(result.output))
    if options.contains("each") {
      #expect(result.output.split(separator: "└").count == 3)
    }
  }

  @Test func silenceHasNone() throws {
    let silence = Program.fixture("silence.wav")
    let result = try Program.run([silence, "--plot", "always"], environment: utf8)
    #expect(result.status == 0)
    #expect(!isPlot(result.output) && !result.output.hasSuffix("\n\n"))
  }

  /// The peak of a sine is at its frequency in the plot.
  @Test func aSineIsWhereItIs() throws {
    try withFolder { folder in
      let samples = (0..<8000).map { 0.5 * sin(2 * .pi * 1000 * Double($0) / 8000) }
      try wav(pcmDouble(samples), format: 3, bits: 64).write(to: folder.appending(path: "in.wav"))
      let result = try Program.run(
        ["in.wav", "--plot", "always"], in: folder, environment: utf8)
      let lines = result.output.split(separator: "\n").drop { !$0.hasPrefix("Spectrum") }
      let first = try #require(
        lines.dropFirst(2).first { $0.contains { "\u{2801}"..."\u{28ff}" ~= $0 } })
      let axis = try #require(lines.first { $0.contains("└") })
      let labels = try #require(lines.last)
      let tick = try #require(labels.range(of: "1k"))
      let column = labels.distance(from: labels.startIndex, to: tick.lowerBound)
      #expect(Array(axis)[column] == "┬")
      #expect(first.count == column + 1)
    }
  }
}
