// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials

/// Records as JSON objects, one per line (NDJSON), with sorted keys in snake case.
enum JSONRecords {
  /// The records as lines.
  static func text(_ records: [FileRecord]) throws -> String {
    try lines(records).map { $0 + "\n" }.joined()
  }

  /// The records as lines, each with its own digest at the end, so that the summary alone shows
  /// whether it was changed.
  static func sealedText(_ records: [FileRecord]) throws -> String {
    try lines(records).map { sealed($0) + "\n" }.joined()
  }

  /// Whether a text is an unchanged result of ``sealedText(_:)``.
  static func isSealed(_ text: String) -> Bool {
    guard text.isEmpty || text.utf8.last == UInt8(ascii: "\n") else { return false }
    let lines = text.utf8.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
    ).dropLast()
    return lines.allSatisfy { line in
      sealed(String(Substring(line.dropLast(sealLength))) + "}").utf8.elementsEqual(line)
    }
  }

  /// Length of the digest with its name and the closing brace, in bytes.
  private static let sealLength = sealed("{}").utf8.count - 1

  private static func sealed(_ line: String) -> String {
    line.dropLast() + ",\"line_digest\":\"\(ContentDigest.of(line))\"}"
  }

  private static func lines(_ records: [FileRecord]) throws -> [String] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try records.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
  }

  /// Reads the result of ``text(_:)``; lines that cannot be read, such as incomplete ones, are
  /// skipped.
  static func records(in text: String) -> [FileRecord] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return text.split(separator: "\n").compactMap {
      try? decoder.decode(FileRecord.self, from: Data($0.utf8))
    }
  }
}
