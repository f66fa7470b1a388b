// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavSystem

@testable import WavExport

/// How tables say how they were made.
@Suite struct TableFactsTests {
  private var facts: TableFacts {
    var facts = TableFacts()
    facts["schema"] = .text(DocumentSchema.table)
    facts["input"] = .text("a: b#c, \"d\".wav")
    facts["parts"] = .integer(8)
    facts["limit_hz"] = .number(2756.25)
    facts["tiny"] = .number(1e-300)
    return facts
  }

  private func lines(_ bytes: [UInt8]) -> [Substring] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  @Test func commentsReadBackAsTheSameFacts() {
    #expect(lines(facts.comments)[2] == "# parts: 8")
    #expect(TableFacts(comments: lines(facts.comments)) == facts)
  }

  @Test func commentsAreOneLineEach() {
    var facts = TableFacts()
    facts["input"] = .text("a\n1,2\r# window: hann\u{2028}b")
    let text = String(decoding: facts.comments, as: UTF8.self)
    #expect(text == "# input: a 1,2 # window: hann b\n")
    #expect(TableFacts(comments: lines(facts.comments)).names == ["input"])
  }

  @Test(arguments: ["made by hand", "# no colon", "#", "# two words: 3", "a: b", "# : 3"])
  func otherCommentsAreNoFacts(line: String) {
    #expect(TableFacts(comments: [Substring(line)]) == TableFacts())
  }

  /// Spreadsheets fill short lines up with separators, and put quotation marks around lines with a comma.
  @Test(arguments: ["# parts: 8,,,", "# parts: 8;;\r", "\"# parts: 8\",,"])
  func spreadsheetsKeepFacts(line: String) {
    #expect(TableFacts(comments: [Substring(line)])["parts"] == .integer(8))
  }

  @Test func aKnownFactKeepsItsPlace() {
    var facts = facts
    facts["parts"] = .integer(1)
    #expect(facts.names == self.facts.names && facts.integer("parts") == 1)
    facts["parts"] = nil
    #expect(facts["parts"] == nil && facts.names.count == self.facts.names.count - 1)
  }

  @Test func numbersAreOfTheirKind() {
    #expect(facts.number("parts") == 8 && facts.integer("limit_hz") == nil)
    #expect(facts.number("input") == nil && facts.text("limit_hz") == "2756.25")
    // A number that is none is text.
    #expect(TableFacts(comments: ["# x: inf", "# y: nan"]).number("x") == nil)
  }

  private func sidecar(_ folder: URL, _ text: String) throws -> (String, TableSidecar) {
    let table = folder.appending(path: "t.npy").path
    let file = try OutputFile(path: table)
    try file.write(text)
    let sidecar = try TableSidecar(
      facts, of: file, values: "complex",
      [TableSidecar.Axis("frequency_hz", first: 0.1, step: 0.2, count: 3)])
    try OutputFile.commit([file])
    return (table, sidecar)
  }

  @Test func aDocumentReadsBack() throws {
    try withFolder { folder in
      let (table, sidecar) = try sidecar(folder, "numbers")
      let path = TableSidecar.path(of: table)
      #expect(path == table + ".json")
      try sidecar.json().write(toFile: path, atomically: true, encoding: .utf8)
      let found = try #require(TableSidecar(path: path))
      #expect(found.isUnchanged && found.isReplaceable(beside: table))
      #expect(found.table == sidecar.table && found.table.bytes == 7)
      for name in facts.names { #expect(found.facts[name] == facts[name]) }
    }
  }

  @Test func onlyTheDescribedTableIsDescribed() throws {
    try withFolder { folder in
      let (table, sidecar) = try sidecar(folder, "numbers")
      #expect(sidecar.describes(table))
      // The same size.
      try "NUMBERS".write(toFile: table, atomically: true, encoding: .utf8)
      #expect(!sidecar.describes(table))
      try "numbers and more".write(toFile: table, atomically: true, encoding: .utf8)
      #expect(!sidecar.describes(table))
      try FileManager.default.removeItem(atPath: table)
      #expect(!sidecar.describes(table))
    }
  }

  @Test func otherDocumentsAreForeign() throws {
    try withFolder { folder in
      let (table, sidecar) = try sidecar(folder, "numbers")
      let path = TableSidecar.path(of: table)
      let text = try sidecar.json()
      for other in [
        "", "{}", "[1]", text.replacing("wavfft-table/", with: "other-table/"),
        text.replacing("digest", with: "digits"),
      ] {
        try other.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(TableSidecar(path: path) == nil, "\(other)")
      }
      // One of a later version is read.
      try text.replacing("wavfft-table/1", with: "wavfft-table/2").write(
        toFile: path, atomically: true, encoding: .utf8)
      #expect(TableSidecar(path: path) != nil)
    }
  }

  /// A document shows by itself whether somebody has changed it, whatever it says.
  @Test func changedDocumentsAreNotReplaceable() throws {
    try withFolder { folder in
      let (table, sidecar) = try sidecar(folder, "numbers")
      let path = TableSidecar.path(of: table)
      let text = try sidecar.json()
      let digest = try #require(text.firstMatch(of: /"document_digest" : "([0-9a-f]{16})"/))
      for other in [
        text + "\n", " " + text, text.replacing("t.npy", with: "T.npy"),
        text.replacing(digest.1, with: TableSeal.blank),
        text.replacing(digest.1, with: digest.1.uppercased()),
        text.replacing("\"frequency_hz\"", with: "\"time_s\""),
        text.replacing(digest.0 + ",", with: ""),
      ] where other != text {
        try other.write(toFile: path, atomically: true, encoding: .utf8)
        let found = try #require(TableSidecar(path: path), "\(other)")
        #expect(!found.isUnchanged && !found.isReplaceable(beside: table), "\(other)")
        // It still says how the table was made.
        #expect(found.describes(table))
      }
    }
  }

  /// A text that looks like the digest is none.
  @Test func sealsAreNoTexts() throws {
    var facts = facts
    facts["input"] = .text("\"document_digest\" : \"0123456789abcdef\"")
    facts["container"] = .text("document_digest")
    try withFolder { folder in
      let (table, plain) = try sidecar(folder, "numbers")
      var sidecar = plain
      sidecar.facts = facts
      let path = TableSidecar.path(of: table)
      try sidecar.json().write(toFile: path, atomically: true, encoding: .utf8)
      let found = try #require(TableSidecar(path: path))
      #expect(found.isUnchanged && found.facts.text("input") == facts.text("input"))
    }
  }

  /// Renamed together, both belong together; a document of another table does not.
  @Test func namesDoNotMatterWhereDigestsMatch() throws {
    try withFolder { folder in
      let (table, sidecar) = try sidecar(folder, "numbers")
      let path = folder.appending(path: "other.npy").path
      try sidecar.json().write(
        toFile: TableSidecar.path(of: path), atomically: true, encoding: .utf8)
      let found = try #require(TableSidecar(path: TableSidecar.path(of: path)))
      #expect(!found.isReplaceable(beside: path) && found.isReplaceable(beside: table))
      try FileManager.default.moveItem(atPath: table, toPath: path)
      #expect(found.isReplaceable(beside: path))
    }
  }

  /// Names that look the same may be those of different files.
  @Test func namesAreComparedByTheirBytes() throws {
    try withFolder { folder in
      var (_, sidecar) = try sidecar(folder, "numbers")
      sidecar.table.file = "\u{e9}.npy"
      #expect(sidecar.isReplaceable(beside: folder.appending(path: "x").path + "/\u{e9}.npy"))
      #expect(!sidecar.isReplaceable(beside: folder.appending(path: "x").path + "/e\u{301}.npy"))
    }
  }

  @Test func versionsOfASchema() {
    #expect(DocumentSchema.isVersion("wavfft-spectrum/2", of: DocumentSchema.spectrum))
    #expect(!DocumentSchema.isVersion("wavfft-spectrum/1", of: DocumentSchema.spectrum))
    #expect(!DocumentSchema.isVersion("wavfft-overlay/2", of: DocumentSchema.spectrum))
  }
}
