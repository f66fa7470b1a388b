// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Colours: on terminals alone, and never where they are not wanted.
struct ColorTests {
  private static let file = Program.fixture("dc.wav")
  private static let coloured = ["NO_COLOR": "", "TERM": "xterm"]

  private func onTerminal(
    _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> String {
    try Program.run(
      onTerminal: 100, arguments, environment: Self.coloured.merging(environment) { $1 }
    ).output
  }

  @Test func headingsAreBoldOnTerminals() throws {
    let text = try onTerminal([Self.file, "--plot", "never"])
    #expect(text.hasPrefix("\u{1b}[1m\(Self.file)\u{1b}[0m\n"))
    #expect(text.contains("\n\u{1b}[1mSignal\u{1b}[0m\n"))
    #expect(text.contains("\n\u{1b}[1mMethod\u{1b}[0m       exact"))
    // Without the sequences it is the usual report.
    let plain = try Program.run([Self.file], environment: Self.coloured).output
    #expect(text.replacing(/\u{1b}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func environmentDecides() throws {
    #expect(!(try onTerminal([Self.file], ["NO_COLOR": "1"])).contains("\u{1b}"))
    #expect(!(try onTerminal([Self.file], ["TERM": "dumb"])).contains("\u{1b}"))
    #expect(!(try onTerminal([Self.file, "--color", "never"])).contains("\u{1b}"))
    #expect(try onTerminal([Self.file, "--color", "always"], ["NO_COLOR": "1"]).contains("\u{1b}"))
    #expect(
      !(try onTerminal([Self.file], ["NO_COLOR": "1", "CLICOLOR_FORCE": "1"])).contains("\u{1b}"))
  }

  @Test func pipesHaveNone() throws {
    func output(_ options: [String], _ environment: [String: String] = [:]) throws -> String {
      try Program.run(
        [Self.file] + options, environment: Self.coloured.merging(environment) { $1 }
      ).output
    }
    #expect(!(try output([])).contains("\u{1b}"))
    #expect(!(try output([], ["CLICOLOR_FORCE": "0"])).contains("\u{1b}"))
    #expect(try output([], ["CLICOLOR_FORCE": "1"]).contains("\u{1b}[1m"))
    #expect(try output(["--color", "always"]).contains("\u{1b}[1m"))
    // Nothing that programs read.
    #expect(!(try output(["--color", "always", "--report", "json"])).contains("\u{1b}"))
    #expect(
      !(try output(["--color", "always", "--out", "-", "--format", "csv"])).contains("\u{1b}"))
  }

  @Test func verdictsHaveColours() throws {
    let same = try onTerminal(["compare", Self.file, Self.file])
    #expect(same.hasPrefix("\u{1b}[32msame\u{1b}[0m: "))
    let sine = Program.fixture("sine-on-bin.wav")
    let between = Program.fixture("sine-between-bins.wav")
    let different = try onTerminal(["compare", between, sine])
    #expect(different.hasPrefix("\u{1b}[31mdifferent\u{1b}[0m: "), "\(different)")
  }

  @Test func errorsHaveColours() throws {
    func errors(_ arguments: [String], _ environment: [String: String] = [:]) throws -> String {
      try Program.run(arguments, environment: Self.coloured.merging(environment) { $1 }).error
    }
    let forced = ["CLICOLOR_FORCE": "1"]
    #expect(try errors(["nowhere.wav"], forced).hasPrefix("\u{1b}[31mwavfft:\u{1b}[0m nowhere.wav"))
    #expect(try errors(["nowhere.wav"]).hasPrefix("wavfft: nowhere.wav"))
    #expect(try errors(["nowhere.wav", "--color=never"], forced).hasPrefix("wavfft: nowhere.wav"))
    #expect(try errors(["--color", "always", "--metod"]).hasPrefix("\u{1b}[31mwavfft:"))
  }
}
