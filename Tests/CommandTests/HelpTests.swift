// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

/// What `--help` says.
struct HelpTests {
  static let commands = [
    "analyze", "batch", "batch-merge", "compare", "overlay", "formats", "doctor",
  ]

  private func help(_ command: String) throws -> String {
    let result = try Program.run([command, "--help"], environment: ["COLUMNS": "80"])
    #expect(result.status == 0)
    return result.output
  }

  /// A command that is wrapped cannot be copied.
  @Test(arguments: commands) func examplesAreWholeLines(_ command: String) throws {
    let lines = try help(command).split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(of: "Examples:") else { return }
    let examples = lines[(start + 1)...].prefix { !$0.isEmpty }
    #expect(!examples.isEmpty)
    for line in examples {
      #expect(line.hasPrefix("  wavfft ") || line.hasPrefix("  ffmpeg "), "\(line)")
    }
  }

  /// An option that a command always refuses is none of its options.
  @Test func refusedOptionsAreNotListed() throws {
    let ofRows = ["--values", "--bands", "--weighting", "--columns", "--reduce"]
    for (command, refused) in [
      ("compare", ofRows + ["--peaks", "--reference"]), ("overlay", ofRows),
    ] {
      let help = try help(command)
      for option in refused { #expect(!help.contains("  \(option) <"), "\(command) \(option)") }
    }
    for option in ofRows { #expect(try help("batch").contains("  \(option) <"), "\(option)") }
  }

  /// Nor is a value that a command always refuses one of its values.
  @Test func refusedValuesAreNotOffered() throws {
    func words(_ command: String) throws -> String {
      try help(command).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let whole = try words("batch")
    for (command, refused) in [
      ("compare", ["or spectrogram (", "from 1, or each", "welch, spectrogram"]),
      ("overlay", ["or spectrogram (", "from 1, or each", "welch, spectrogram", "\"all\""]),
    ] {
      let help = try words(command)
      for words in refused {
        let isOffered = help.contains(words)
        #expect(!isOffered, "\(command) \(words)")
        let isOfferedByBatch = whole.contains(words)
        #expect(isOfferedByBatch, "\(words)")
      }
    }
    // They are understood all the same, and refused in words.
    let file = Program.fixture("dc.wav")
    let result = try Program.run(["overlay", file, file, "--method", "spectrogram"])
    #expect(result.error.hasPrefix("wavfft: An overlay has no time; choose --method welch"))
    let wrong = try Program.run(["overlay", file, file, "--method", "welsh"])
    #expect(wrong.error.contains("Choose exact, decimated or welch."), "\(wrong.error)")
  }

  @Test func helpOfAnUnknownCommandIsAnError() throws {
    for (word, sentence) in [
      ("compar", "There is no command compar. Did you mean compare? Choose analyze, batch,"),
      ("nonsense", "There is no command nonsense. Choose analyze, batch,"),
    ] {
      let result = try Program.run(["help", word])
      #expect(result.status == 64)
      #expect(result.output.isEmpty)
      #expect(result.error.hasPrefix("wavfft: \(sentence)"), "\(result.error)")
    }
    let help = try Program.run(["help", "compare"])
    #expect(help.status == 0)
    #expect(try help.output == Program.run(["compare", "--help"]).output)
  }

  @Test func mergesSayHowTheyEnd() throws {
    for status in ["64 bad", "65 a", "66 there", "73 or"] {
      #expect(try help("batch-merge").replacing("\n", with: " ").contains(status))
    }
  }
}
