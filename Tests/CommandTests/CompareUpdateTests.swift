// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `wavfft compare --batch --update`: all references of a folder are written anew.
@Suite struct CompareUpdateTests {
  private let sine = Program.fixture("sine-on-bin.wav")
  private let noise = Program.fixture("noise-16bit.wav")

  /// A folder with renders, and references that two of them had before they were exchanged.
  private func withReferences(_ body: (URL) throws -> Void) throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "references/inner"), withIntermediateDirectories: true)
      try link(sine, "renders/a.wav", in: folder)
      try link(noise, "renders/inner/b.wav", in: folder)
      for (old, reference) in [(noise, "a.json"), (sine, "inner/b.csv")] {
        let made = try Program.run(
          ["compare", old, "references/\(reference)", "--update", "--points", "300"], in: folder)
        try #require(made.status == 0, "\(made.error)")
      }
      try body(folder)
    }
  }

  private func link(_ file: String, _ name: String, in folder: URL) throws {
    let place = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: file, toPath: place.path)
  }

  private func compare(_ options: [String] = [], in folder: URL) throws -> Program.Result {
    try Program.run(["compare", "--batch", "renders", "references"] + options, in: folder)
  }

  @Test func allReferencesAreWrittenAnew() throws {
    try withReferences { folder in
      #expect(try compare(in: folder).status == 2)
      try FileManager.default.copyItem(
        at: folder.appending(path: "references"), to: folder.appending(path: "single"))
      let update = try compare(["--update"], in: folder)
      #expect(update.status == 0, "\(update.error)")
      #expect(update.error.isEmpty)
      let lines = update.output.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[0].hasPrefix("references/a.json is now the spectrum of renders/a.wav: "))
      #expect(
        lines[1].hasPrefix("references/inner/b.csv is now the spectrum of renders/inner/b.wav"))
      #expect(lines[2] == "2 updated, 0 not, 0 without a file, 0 without a reference")
      let after = try compare(in: folder)
      #expect(after.status == 0, "\(after.output)")
      // Each is what the update of the pair alone writes: like the old reference.
      for (render, reference) in [("a.wav", "a.json"), ("inner/b.wav", "inner/b.csv")] {
        let one = try Program.run(
          ["compare", "renders/\(render)", "single/\(reference)", "--update"], in: folder)
        #expect(one.status == 0, "\(one.error)")
        let isSame =
          try Data(contentsOf: folder.appending(path: "single/\(reference)"))
          == Data(contentsOf: folder.appending(path: "references/\(reference)"))
        #expect(isSame, "\(reference)")
      }
      #expect(try compare(["--update", "--report", "none"], in: folder).output.isEmpty)
    }
  }

  /// What wavfft has not written, and what has no counterpart, stays as it is, and does not stop the others.
  @Test func otherFilesStayAsTheyAre() throws {
    try withReferences { folder in
      for name in ["c", "d", "e"] { try link(sine, "renders/\(name).wav", in: folder) }
      try Data(#"{"mine": 1}"#.utf8).write(to: folder.appending(path: "references/c.json"))
      try link(noise, "references/d.wav", in: folder)
      try FileManager.default.copyItem(
        at: folder.appending(path: "references/a.json"),
        to: folder.appending(path: "references/gone.json"))
      let kept = ["references/c.json", "references/d.wav", "references/gone.json"]
      func bytes() throws -> [Data] {
        try kept.map { try Data(contentsOf: folder.appending(path: $0)) }
      }
      let before = try bytes()
      let update = try compare(["--update"], in: folder)
      #expect(update.status == 2)
      #expect(
        update.output.hasSuffix("2 updated, 2 not, 1 without a file, 1 without a reference\n"),
        "\(update.output)")
      let lines = update.error.split(separator: "\n")
      #expect(lines.count == 4, "\(update.error)")
      for words in [
        "references/c.json", "references/d.wav must be .json",
        "references/gone.json has no file in renders, and stays as it is",
        "renders/e.wav has no reference; write one with wavfft compare renders/e.wav REFERENCE",
      ] { #expect(lines.contains { $0.contains(words) }, "\(update.error)") }
      #expect(try bytes() == before)
      // Without the two that cannot be updated.
      for name in kept.prefix(2) {
        try FileManager.default.removeItem(at: folder.appending(path: name))
      }
      #expect(try compare(["--update"], in: folder).status == 1)
    }
  }

  @Test func inputsAreNotReplaced() throws {
    try withReferences { folder in
      let file = folder.appending(path: "references/a.json")
      let before = try Data(contentsOf: file)
      let same = try Program.run(
        ["compare", "--batch", "references", "references", "--update"], in: folder)
      #expect(same.status == 73 && same.error.contains("is the input itself"), "\(same.error)")
      #expect(try Data(contentsOf: file) == before)
      // A link to the file of another pair.
      try FileManager.default.copyItem(at: file, to: folder.appending(path: "renders/z.json"))
      try FileManager.default.removeItem(at: file)
      try FileManager.default.createSymbolicLink(
        atPath: file.path, withDestinationPath: "../renders/z.json")
      try FileManager.default.copyItem(
        at: folder.appending(path: "renders/z.json"),
        to: folder.appending(path: "references/z.json"))
      let linked = try compare(["--update"], in: folder)
      #expect(linked.status == 73, "\(linked.error)")
      #expect(try Data(contentsOf: folder.appending(path: "renders/z.json")) == before)
    }
  }

  @Test(arguments: [["--out", "x.svg"], ["--junit", "x.xml"], ["--report", "json"]])
  func nothingIsCompared(options: [String]) throws {
    try withReferences { folder in
      let result = try compare(["--update"] + options, in: folder)
      #expect(result.status == 64)
      #expect(result.error.contains("leave out"))
    }
  }
}
