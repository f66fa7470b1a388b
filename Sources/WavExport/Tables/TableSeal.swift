// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// The digest of a document within itself: it alone shows whether somebody has changed what the program wrote.
///
/// The digest is XXH64 of the document with zeros in its place.
enum TableSeal {
  /// The member that has it.
  static let member = "document_digest"
  /// What is in its place while the digest is computed.
  static let blank = String(repeating: "0", count: 16)

  /// The member up to its value; within a text quotation marks would have a backslash before them.
  private static let beginning = Array("\"\(member)\" : \"".utf8)

  /// A document with its digest.
  static func sealed(_ text: String) -> String {
    var bytes = Array(text.utf8)
    guard let place = place(in: bytes) else { preconditionFailure("a document has a place for it") }
    bytes.replaceSubrange(place, with: digest(of: bytes).utf8)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a document is as it was sealed.
  static func isWhole(_ document: [UInt8]) -> Bool {
    guard let place = place(in: document) else { return false }
    var bytes = document
    bytes.replaceSubrange(place, with: blank.utf8)
    return document[place].elementsEqual(digest(of: bytes).utf8)
  }

  private static func place(in bytes: [UInt8]) -> Range<Int>? {
    guard let start = bytes.firstRange(of: beginning)?.upperBound,
      start + blank.utf8.count <= bytes.count
    else { return nil }
    return start..<start + blank.utf8.count
  }

  private static func digest(of bytes: [UInt8]) -> String {
    bytes.withUnsafeBytes(ContentDigest.of)
  }
}
