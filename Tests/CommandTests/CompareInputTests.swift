// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `wavfft compare` never overwrites its inputs.
struct CompareInputTests {
  private static let table = "hz,db\n100,-20\n200,-30\n300,-40\n"

  /// Folders and files, each of which is an input of some comparison.
  private func withInputs(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      for name in ["build", "references"] {
        try FileManager.default.createDirectory(
          at: folder.appending(path: name), withIntermediateDirectories: true)
      }
      let samples = (0..<4000).map { Int16(8000 * sin(0.1 * Double($0))) }
      for name in ["a.wav", "b.wav", "c.svg", "build/x.wav", "build/more.wav", "references/x.wav"] {
        try wav(pcm16(samples)).write(to: folder.appending(path: name))
      }
      for name in ["r.csv", "m.csv", "references/gone.csv"] {
        try Data(Self.table.utf8).write(to: folder.appending(path: name))
      }
      try Data("{\"a\":1}\n".utf8).write(to: folder.appending(path: "my.json"))
      for (link, file) in [("lk.svg", "a.wav"), ("lk.json", "b.wav")] {
        try FileManager.default.createSymbolicLink(
          atPath: folder.appending(path: link).path, withDestinationPath: file)
      }
      try body(folder)
    }
  }

  /// All files below a folder with their contents.
  private func bytes(_ folder: URL) throws -> [String: Data] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      .reduce(into: [:]) { $0[$1] = try? Data(contentsOf: folder.appending(path: $1)) }
  }

  @Test(arguments: [
    (["a.wav", "b.wav", "--junit", "a.wav"], "--junit a.wav is the input itself"),
    (["a.wav", "b.wav", "--junit", "./b.wav"], "--junit ./b.wav is the input b.wav itself"),
    (["a.wav", "b.wav", "--out", "lk.svg"], "--out lk.svg is the input a.wav itself"),
    (["c.svg", "b.wav", "--out", "c.svg"], "--out c.svg is the input itself"),
    // Even if something else is wrong, too.
    (["a.wav", "my.json", "--junit", "a.wav"], "--junit a.wav is the input itself"),
    (["a.wav", "gone.json", "--junit", "a.wav"], "--junit a.wav is the input itself"),
    (["r.csv", "r.csv", "--mask", "m.csv", "--junit", "m.csv"], "--junit m.csv is the input"),
    (["--batch", "build", "references", "--junit", "build/x.wav"], "--junit build/x.wav is"),
    (["--batch", "build", "references", "--junit", "build/more.wav"], "--junit build/more.wav is"),
    (
      ["--batch", "build", "references", "--junit", "references/x.wav"], "--junit references/x.wav"
    ),
    (["--batch", "build", "references", "--junit", "references/gone.csv"], "--junit references/g"),
    (["a.wav", "b.wav", "lk.json", "--learn"], "the reference lk.json is the input b.wav itself"),
    (["b.wav", "lk.json", "--update"], "the reference lk.json is the input b.wav itself"),
  ])
  func inputsAreNotOutputs(arguments: [String], sentence: String) throws {
    try withInputs { folder in
      let before = try bytes(folder)
      let result = try Program.run(["compare"] + arguments, in: folder)
      #expect(result.status == 73, "\(result.output)\(result.error)")
      #expect(result.error.hasPrefix("wavfft: \(sentence)"), "\(result.error)")
      #expect(result.error.hasSuffix("choose another name\n"))
      try #expect(bytes(folder) == before)
    }
  }

  /// Neither `--update` nor `--learn` replaces a file of another program.
  @Test func otherJSONIsKept() throws {
    try withInputs { folder in
      let before = try bytes(folder)
      for arguments in [
        ["--learn", "a.wav", "b.wav", "my.json"], ["--update", "a.wav", "my.json"],
      ] {
        let result = try Program.run(["compare"] + arguments, in: folder)
        #expect(result.status == 65, "\(result.output)\(result.error)")
        #expect(result.error.hasPrefix("wavfft: my.json is no spectrum that wavfft wrote"))
        try #expect(bytes(folder) == before)
      }
      // Files that the program wrote are replaced.
      for _ in 0..<2 {
        let result = try Program.run(
          ["compare", "--learn", "a.wav", "b.wav", "r.json"], in: folder)
        #expect(result.status == 0, "\(result.error)")
      }
    }
  }

  /// A further file with the stem of a pair is extra.
  @Test func aSecondFormatIsExtra() throws {
    try withFolder { folder in
      for name in ["build/a.csv", "build/a.tsv", "references/a.csv"] {
        let file = folder.appending(path: name)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(Self.table.utf8).write(to: file)
      }
      let result = try Program.run(["compare", "--batch", "build", "references"], in: folder)
      #expect(result.status == 1)
      #expect(result.output.contains("extra: build/a.tsv has no reference"), "\(result.output)")
      #expect(
        result.output.hasSuffix(
          "2 compared: 1 the same, 1 different, missing or extra, 0 not comparable\n"))
    }
  }
}
