// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSystem

@testable import WavBatch

/// Summaries that someone made up, with digests that are right.
struct MergeTests {
  private var record: FileRecord {
    var record = FileRecord(
      path: "in/a.wav", status: .ok,
      options: OptionsInWords(text: "wavfft 1.0 format=html", hash: "0123456789abcdef"))
    record.channel = "mix"
    record.durationS = 10.5
    record.rmsDbfs = -20
    record.peaks = []
    record.output = "in/a"
    record.outputBytes = ["html": 12]
    return record
  }

  /// A summary with other fields, and new digests of its lines.
  private func forged(_ record: FileRecord, _ old: String = "", _ new: String = "") -> String {
    let lines = CSVRecords.text([record]).split(separator: "\n").map(String.init)
    let line = lines[1].split(separator: ",", omittingEmptySubsequences: false).dropLast()
      .map { $0 == old ? new : String($0) }.joined(separator: ",")
    return "\(lines[0])\n\(line),\(ContentDigest.of(line))\n"
  }

  private func merge(_ summary: String) throws -> SummaryMerge {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "wavfft-merge-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(summary.utf8).write(to: folder.appending(path: "summary.1-of-1.csv"))
    return try SummaryMerge(folders: [folder.path])
  }

  private func requireDamage(_ summary: String) throws {
    let error = try #require(throws: BatchError.self) { _ = try merge(summary) }
    #expect(error.kind == .unusable)
    #expect(error.description.contains("summary.1-of-1.csv is damaged"), "\(error)")
  }

  @Test(arguments: ["in/a", "..wav", "a b/..c", "."])
  func outputsBelowTheFolderAreMerged(output: String) throws {
    var record = record
    record.output = output
    #expect(try merge(forged(record)).indexPath != nil)
  }

  @Test(arguments: [
    "//evil.example/x", "/etc/x", "../x", "in/../../x", "in//x", "./x", "in/",
  ])
  func outputsElsewhereAreDamage(output: String) throws {
    var record = record
    record.output = output
    try requireDamage(forged(record))
  }

  @Test(arguments: [("10.5", "nan"), ("10.5", "inf"), ("-20.0", "nan"), ("-20.0", "inf")])
  func numbersThatAreNoneAreDamage(old: String, new: String) throws {
    try requireDamage(forged(record, old, new))
  }

  @Test func silenceIsMerged() throws {
    #expect(try merge(forged(record, "-20.0", "-inf")).files == 1)
  }
}
