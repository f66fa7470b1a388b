// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials

/// Records as JSON objects, one a line (NDJSON), keys in snake case and sorted.
enum JSONRecords {
  /// The records as lines.
  static func text(_ records: [FileRecord]) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try records.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
      .joined()
  }

  /// Reads what ``text(_:)`` wrote; lines that cannot be understood, such as one that was cut off, are
  /// left out.
  static func records(in text: String) -> [FileRecord] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return text.split(separator: "\n").compactMap {
      try? decoder.decode(FileRecord.self, from: Data($0.utf8))
    }
  }
}
