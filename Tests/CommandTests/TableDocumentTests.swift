// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Documents beside tables that must neither be lost nor tell what is not true.
@Suite struct TableDocumentTests {
  private let bach = Program.fixture("bach.wav")
  private let sine = Program.fixture("sine-on-bin.wav")

  private func text(_ name: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  /// Writes a table with its document.
  private func write(_ name: String, in folder: URL) throws {
    let result = try Program.run([sine, "--out", name, "--header", "sidecar"], in: folder)
    #expect(result.status == 0, "\(result.error)")
  }

  // MARK: Links

  @Test func linksAreNeitherFollowedNorRemoved() throws {
    try withFolder { folder in
      _ = try Program.shell("mkdir b c; ln -s ../b/x.npy.json c/x.npy.json", in: folder)
      try write("b/x.npy", in: folder)
      let document = try text("b/x.npy.json", in: folder)
      let hann = [sine, "--window", "hann", "--out", "c/x.npy"]
      let refused = try Program.run(hann + ["--header", "sidecar"], in: folder)
      #expect(refused.status == 73)
      #expect(
        refused.error.contains("c/x.npy.json is in the way")
          && refused.error.contains("what is there is a link"), "\(refused.error)")
      #expect(try contents(folder.appending(path: "c")) == ["x.npy.json"])
      let plain = try Program.run(hann, in: folder)
      #expect(plain.status == 0)
      #expect(
        plain.error
          == "wavfft: c/x.npy.json does not belong to the new c/x.npy, and stays because it is a link; remove it "
          + "if it is of no use\n")
      #expect(try text("b/x.npy.json", in: folder) == document)
      let link = folder.appending(path: "c/x.npy.json").path
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../b/x.npy.json")
    }
  }

  // MARK: Changes during a run

  /// What happens beside a table while the program reads.
  struct Change: CustomTestStringConvertible {
    /// A command before the run.
    var before: String
    /// A command during the run.
    var during: String
    /// Why the run ends.
    var reason: String

    var testDescription: String { during }
  }

  @Test(
    arguments: [
      Change(
        before: "true", during: "echo >> t.npy.json", reason: "is not as wavfft wrote it"),
      Change(
        before: "rm t.npy.json", during: "echo mine > t.npy.json",
        reason: "wavfft did not write what is there"),
    ])
  func aDocumentThatChangesDuringTheRunIsKept(change: Change) throws {
    try withFolder { folder in
      try write("t.npy", in: folder)
      // Outputs are open as soon as more was read than a pipe holds.
      let result = try Program.shell(
        """
        cp t.npy old.npy; \(change.before)
        { head -c 1000000 '\(bach)'; \(change.during); cp t.npy.json kept; tail -c +1000001 '\(bach)'; } |
          wavfft - --out t.npy --header sidecar
        """, in: folder)
      #expect(result.status == 73)
      #expect(
        result.error.contains("t.npy.json is in the way") && result.error.contains(change.reason),
        "\(result.error)")
      for (file, copy) in [("t.npy", "old.npy"), ("t.npy.json", "kept")] {
        #expect(
          FileManager.default.contentsEqual(
            atPath: folder.appending(path: file).path, andPath: folder.appending(path: copy).path),
          "\(file)")
      }
    }
  }

  // MARK: Documents that cannot be removed

  @Test func aDocumentThatCannotBeRemovedIsNamed() throws {
    guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
      return
    }
    try withFolder { folder in
      try write("t.npy", in: folder)
      // In such a folder only the owner of a file may remove it.
      let result = try Program.shell(
        """
        chown 64999 t.npy; chmod 1777 .
        setpriv --reuid=64999 --regid=64999 --clear-groups wavfft '\(sine)' --out t.npy
        """, in: folder)
      #expect(result.status == 0)
      #expect(
        result.error
          == "wavfft: t.npy.json does not belong to the new t.npy, and stays because it could not be removed "
          + "(Operation not permitted); remove it if it is of no use\n")
    }
  }

  // MARK: Other commands

  @Test(
    arguments: [
      ["overlay", "x.npy", "SINE", "--out", "x.npy.json"],
      ["compare", "x.npy", "SINE", "--junit", "x.npy.json"],
      ["compare", "SINE", "x.npy", "--junit", "x.npy.json"],
      ["compare", "--batch", ".", ".", "--junit", "x.npy.json"],
    ])
  func documentsOfInputsAreNotReplaced(words: [String]) throws {
    try withFolder { folder in
      try write("x.npy", in: folder)
      let document = try text("x.npy.json", in: folder)
      let result = try Program.run(words.map { $0 == "SINE" ? sine : $0 }, in: folder)
      #expect(result.status == 73)
      #expect(result.error.contains("x.npy.json says how the input "), "\(result.error)")
      #expect(try text("x.npy.json", in: folder) == document)
    }
  }

  @Test func anOverlayRemovesTheDocumentOfAnOldTable() throws {
    try withFolder { folder in
      try write("x.csv", in: folder)
      let result = try Program.run(["overlay", sine, bach, "--out", "x.csv"], in: folder)
      #expect(result.status == 0 && result.error.isEmpty, "\(result.error)")
      #expect(try contents(folder) == ["x.csv"])
    }
  }

  @Test(arguments: ["compare", "overlay"])
  func aChangedDocumentIsUsedAndNamed(command: String) throws {
    try withFolder { folder in
      try write("s.csv", in: folder)
      let document = try text("s.csv.json", in: folder)
      #expect(try Program.run([command, "s.csv", sine], in: folder).error.isEmpty)
      try Data(document.replacing("8000", with: "9000").utf8).write(
        to: folder.appending(path: "s.csv.json"))
      let result = try Program.run([command, "s.csv", sine], in: folder)
      #expect(
        result.error.hasPrefix(
          "wavfft: s.csv.json is used although it is not as wavfft wrote it; if nobody meant to change it, write "
            + "s.csv again with --header sidecar\n"), "\(result.error)")
      #expect(command == "overlay" || result.error.contains("9000 Hz"), "\(result.error)")
    }
  }
}
