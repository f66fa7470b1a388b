// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavExport
import WavSystem

@testable import WavBatch

/// Digests of contents.
struct ContentDigestTests {
  /// Values of the reference implementation (`xxhsum -H64`).
  @Test(arguments: [
    ("", "ef46db3751d8e999"), ("a", "d24ec4f1a98c6e5b"), ("abc", "44bc2cf5ad770999"),
    ("0123456789abcdef0123456789abcdef", "642a94958e71e6c5"),
  ])
  func textsHaveTheDigestsOfTheDefinition(text: String, digest: String) {
    #expect(ContentDigest.of(text) == digest)
  }

  /// The digest does not depend on the pieces in which a file is read; longer than the buffer, with
  /// all lengths of the rest.
  @Test func piecesMakeTheSameDigest() {
    let bytes = (0..<600_007).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
    for length in [0, 1, 5, 31, 32, 33, 1 << 18, 1 << 18 + 1, bytes.count] {
      let prints = [1 << 20, 1000, 77].map { piece in
        Fingerprint { (buffer, offset) throws(Never) -> Int in
          let count = min(piece, buffer.count, length - offset)
          if count > 0 { buffer.copyBytes(from: bytes[offset..<offset + count]) }
          return count
        }
      }
      #expect(Set(prints).count == 1, "\(length)")
      #expect(prints[0].bytes == length)
    }
    let whole = (0..<1280).map { UInt8(truncatingIfNeeded: $0) }
    let print = Fingerprint { (buffer, offset) throws(Never) -> Int in
      buffer.copyBytes(from: whole[offset...])
      return whole.count - offset
    }
    #expect(print == Fingerprint(bytes: 1280, digest: "afc184ad7938a354"))
  }
}

/// The files that may be replaced.
struct OutputLedgerTests {
  private func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }

  private func print(_ text: String) -> Fingerprint {
    Fingerprint(bytes: text.utf8.count, digest: ContentDigest.of(text))
  }

  @Test(arguments: [
    // Written before, the new contents, their beginning, or empty: nothing is lost.
    ("old", true), ("the new one", true), ("the new", true), ("", true),
    // As long as the old or the new contents, longer, or shorter.
    ("odd", false), ("the new two", false), ("the new one and more", false), ("thy", false),
  ])
  func onlyWhatIsKnownIsReplaced(text: String, isAllowed: Bool) throws {
    try withFolder { folder in
      let path = "\(folder)/x.csv"
      let file = try OutputFile(path: path)
      try file.write("the new one")
      let new = try Fingerprint(file)
      #expect(new == print("the new one"))
      var ledger = OutputLedger()
      ledger.add("x.csv", print("old"))
      #expect(ledger.mayReplace("x.csv", at: path, by: file, new), "there is nothing")
      #expect(ledger.mayHaveWritten("x.csv", at: path))
      try Data(text.utf8).write(to: URL(filePath: path))
      #expect(ledger.mayReplace("x.csv", at: path, by: file, new) == isAllowed)
      // Under another name it is unknown.
      #expect(
        OutputLedger().mayReplace("y.csv", at: path, by: file, new)
          == (isAllowed && text != "old"))
    }
  }

  @Test func onlyRegularFilesAreReplaced() throws {
    try withFolder { folder in
      let (link, pipe) = ("\(folder)/link", "\(folder)/pipe")
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
      #expect(mkfifo(pipe, 0o600) == 0)
      let file = try OutputFile(path: "\(folder)/x")
      for path in [link, pipe, folder] {
        #expect(!OutputLedger().mayReplace("x", at: path, by: file, print("")))
        #expect(!OutputLedger().mayHaveWritten("x", at: path))
      }
    }
  }

  @Test func orphansAreWhatNoRecordNames() throws {
    try withFolder { folder in
      var ledger = OutputLedger()
      for name in ["kept.csv", "orphan.csv", "gone.csv", "changed.csv"] {
        ledger.add(name, print("1234"))
        if name != "gone.csv" {
          try Data((name == "changed.csv" ? "12345" : "1234").utf8)
            .write(to: URL(filePath: "\(folder)/\(name)"))
        }
      }
      var record = FileRecord(
        path: "kept.wav", status: .ok, options: OptionsInWords(text: "", hash: ""))
      record.output = "kept"
      record.outputBytes = ["csv": 5]
      record.outputDigests = ["csv": "0"]
      #expect(ledger.orphans(of: [record], in: folder).map(\.output) == ["orphan.csv"])
    }
  }

  /// A name that became free is not replaced if another process takes it.
  @Test func aNameThatMustBeNewIsNotReplaced() throws {
    try withFolder { folder in
      let path = "\(folder)/x.csv"
      let file = try OutputFile(path: path)
      try file.write("new")
      file.mustBeNew = true
      try Data("mine".utf8).write(to: URL(filePath: path))
      #expect(throws: (any Error).self) { try OutputFile.commit([file]) }
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("mine".utf8))
    }
  }
}

/// The reserved names.
struct ReservedNamesTests {
  @Test(arguments: [
    "summary.csv", "summary.ndjson", "summary.2-of-4.csv", ".summary.journal",
    ".summary.2-of-4.journal", ".summary.outputs", ".summary.1-of-1.outputs",
    "index.html", "index.2-of-4.html",
  ])
  func namesThatAreWrittenAreReserved(name: String) {
    #expect(SummaryFolder.reservation(name) != nil)
  }

  @Test(arguments: [
    "summary.intro.csv", "summary.json", "summary.svg", "summary", ".summary.csv", "Summary.csv",
    "summary.CSV", "summary.02-of-4.csv", "summary.+2-of-4.csv", "summary.5-of-4.csv",
    "summary.0-of-4.csv", "summary.2-of-4.old.csv", "summary.journal", ".summary.x.journal",
    ".summary.2-of-4", "summary2.csv", "summary..csv", "csv", "", ".", "x/summary.csv",
    "index.htm", "Index.html", "index.HTML", ".index.html", "index.csv", "index", "index.old.html",
    "index.02-of-4.html", "summary.html", "index.journal", ".index.journal", "x/index.html",
  ])
  func otherNamesAreFree(name: String) {
    #expect(SummaryFolder.reservation(name) == nil)
  }
}
