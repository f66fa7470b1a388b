// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

@testable import WavComparison

/// Pairs of files in two folders.
struct FolderPairsTests {
  private func pairs(_ own: [String], _ references: [String]) throws -> FolderPairs {
    let files = own.map { "new/\($0)" } + references.map { "ref/\($0)" }
    let empty = Dictionary(uniqueKeysWithValues: (files + ["new/.x", "ref/.x"]).map { ($0, "") })
    return try withSystem(empty) { folder in
      try FolderPairs("\(folder)/new", "\(folder)/ref")
    }
  }

  private func names(_ paths: [String]) -> [String] {
    paths.map { $0.split(separator: "/").suffix(2).joined(separator: "/") }
  }

  @Test func filesArePairedByTheirNames() throws {
    let found = try pairs(["b.wav", "a.csv", "s/c.flac"], ["a.csv", "b.json", "s/c.json"])
    #expect(names(found.pairs.map(\.spectrum)) == ["new/a.csv", "new/b.wav", "s/c.flac"])
    #expect(names(found.pairs.map(\.reference)) == ["ref/a.csv", "ref/b.json", "s/c.json"])
    #expect(found.missing.isEmpty && found.extra.isEmpty && found.ambiguous.isEmpty)
    #expect(found.files.count == 6)
  }

  /// The format of the reference is preferred; without it, there must be only one candidate.
  @Test func theSameFormatIsPreferred() throws {
    let same = try pairs(["a.csv", "a.json", "a.wav"], ["a.json"])
    #expect(names(same.pairs.map(\.spectrum)) == ["new/a.json"])
    #expect(names(same.extra) == ["new/a.csv", "new/a.wav"])
    let other = try pairs(["a.flac", "a.wav"], ["a.json"])
    #expect(other.pairs.isEmpty && other.extra.isEmpty)
    #expect(other.ambiguous.count == 1)
  }

  @Test func filesWithoutCounterpartAreReported() throws {
    let found = try pairs(["a.wav", "x.wav", "notes.md"], ["a.json", "y.json"])
    #expect(names(found.missing) == ["ref/y.json"])
    #expect(names(found.extra) == ["new/x.wav"])
  }

  @Test func summariesOfBatchesAreNoSpectra() throws {
    let found = try withSystem([
      "new/a.wav": "", "ref/a.json": "", "new/summary.csv": "path,status\n",
      "ref/summary.2-of-4.csv": "path,status\n", "ref/summary.x.csv": "path\n",
    ]) { try FolderPairs("\($0)/new", "\($0)/ref") }
    #expect(found.pairs.count == 1)
    #expect(names(found.missing) == ["ref/summary.x.csv"])
  }

  @Test func foldersWithoutReferencesAreRefused() throws {
    let error = #expect(throws: ComparisonError.self) { try pairs(["a.wav"], []) }
    #expect(error?.kind == .noInput)
    let nothing = #expect(throws: ComparisonError.self) { try FolderPairs("/nosuch", "/nosuch") }
    #expect(nothing?.kind == .noInput)
  }
}
