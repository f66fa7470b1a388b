// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials
import WavExport
import WavSystem

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
      let content = String(Substring(line.dropLast(sealLength))) + "}"
      return sealed(content).utf8.elementsEqual(line) && isKnown(content)
    }
  }

  /// Length of the digest with its name and the closing brace, in bytes.
  private static let sealLength = sealed("{}").utf8.count - 1

  private static func sealed(_ line: String) -> String {
    line.dropLast() + ",\"line_digest\":\"\(ContentDigest.of(line))\"}"
  }

  /// Whether a line has the schema of this version, or none, as those of earlier versions.
  private static func isKnown(_ line: String) -> Bool {
    // Inside of texts quotation marks are escaped.
    !line.contains("\"schema\":\"") || line.contains("\"schema\":\"\(DocumentSchema.record)\"")
  }

  /// A record with the name of its schema.
  private struct Line: Encodable {
    let record: FileRecord

    private enum CodingKeys: String, CodingKey {
      case schema
    }

    func encode(to encoder: any Encoder) throws {
      try record.encode(to: encoder)
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(DocumentSchema.record, forKey: .schema)
    }
  }

  private static func lines(_ records: [FileRecord]) throws -> [String] {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try records.map { String(decoding: try encoder.encode(Line(record: $0)), as: UTF8.self) }
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
