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

  /// Tables of other programs, which can be read, and files that only mention a column.
  @Test(arguments: [
    ("a.csv", "# calibration of my microphone\nHz,dB\n20,-1\n1000,0\n20000,-3\n"),
    ("a.csv", "100,-3\n200,-6\n"),
    ("a.csv", "frequency_hz,level_dbfs,comment\n100,-3,mine\n"),
    ("a.csv", "frequency_hz,level_dbfs\n100,-3\n200,-6\n"),
    ("a.json", #"{"todo": "ask Ana what frequency_hz means"}"#),
    ("a.npy", ""),
  ])
  func foreignTablesAreNotReplaced(name: String, text: String) throws {
    try withFolder { folder in
      try link(sine, "renders/a.wav", in: folder)
      let own = folder.appending(path: "references/\(name)")
      try put(text, "references/\(name)", in: folder)
      if name.hasSuffix(".npy") {
        let dictionary =
          "{'descr': [('frequency_hz', '<f8'), ('level_dbfs', '<f8')], "
          + "'fortran_order': False, 'shape': (1,), }"
        var bytes = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0, 117, 0])
        bytes += Data(dictionary.utf8) + Data(repeating: 32, count: 116 - dictionary.utf8.count)
        bytes += Data("\n".utf8) + Data(repeating: 0, count: 16)
        try bytes.write(to: own)
      }
      let before = try Data(contentsOf: own)
      for (words, status) in [
        (["--batch", "renders", "references"], 2 as Int32),
        (["renders/a.wav", "references/\(name)"], 65),
      ] {
        let result = try Program.run(["compare", "--update"] + words, in: folder)
        #expect(result.status == status, "\(result.output) \(result.error)")
        #expect(result.error.hasPrefix("wavfft: references/\(name)"), "\(result.error)")
        #expect(try Data(contentsOf: own) == before)
      }
    }
  }

  /// By a link, a reference may be another file of the two folders.
  @Test(arguments: ["../renders/c.wav", "d.csv", "a.json"])
  func referencesThatAreOtherFilesAreRefused(target: String) throws {
    try withReferences { folder in
      try link(noise, "renders/c.wav", in: folder)
      try link(noise, "renders/d.wav", in: folder)
      try FileManager.default.copyItem(
        at: folder.appending(path: "references/inner/b.csv"),
        to: folder.appending(path: "references/d.csv"))
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "references/c.csv").path, withDestinationPath: target)
      let before = try Data(contentsOf: folder.appending(path: "references/c.csv"))
      let result = try compare(["--update"], in: folder)
      #expect(result.status == 73, "\(result.output)")
      #expect(result.error.contains("are one file; give the reference a file of its own"))
      #expect(try Data(contentsOf: folder.appending(path: "references/c.csv")) == before)
    }
  }

  /// A table that a later version wrote, with comments or a document.
  @Test(arguments: ["comments", "sidecar"]) func laterVersionsAreNotReplaced(header: String) throws
  {
    try withFolder { folder in
      try link(sine, "renders/a.wav", in: folder)
      let made = try Program.run(
        ["renders/a.wav", "--out", "a.csv", "--header", header, "--report", "none"], in: folder)
      try #require(made.status == 0)
      let place = folder.appending(path: header == "sidecar" ? "a.csv.json" : "a.csv")
      let text = try String(contentsOf: place, encoding: .utf8)
        .replacing("wavfft-table/1", with: "wavfft-table/2")
      try Data(text.utf8).write(to: place)
      let before = try Data(contentsOf: folder.appending(path: "a.csv"))
      let result = try Program.run(["compare", "renders/a.wav", "a.csv", "--update"], in: folder)
      #expect(result.status == 65, "\(result.output)")
      #expect(result.error.contains("wavfft-table/2"))
      #expect(try Data(contentsOf: folder.appending(path: "a.csv")) == before)
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
