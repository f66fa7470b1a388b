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

  @Test func mergesSayHowTheyEnd() throws {
    for status in ["64 bad", "65 a", "66 there", "73 or"] {
      #expect(try help("batch-merge").replacing("\n", with: " ").contains(status))
    }
  }
}
