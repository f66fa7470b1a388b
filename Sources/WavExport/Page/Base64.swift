// SPDX-License-Identifier: GPL-2.0-or-later

/// Bytes as text in base64 (RFC 4648), three bytes as four characters.
///
/// For hundreds of megabytes: two characters for each look-up.
enum Base64 {
  /// The characters of twelve bits, in memory order.
  private static let pairs: [UInt16] = {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    return (0..<4096).map { bits in
      UInt16(littleEndian: UInt16(letters[bits >> 6]) | UInt16(letters[bits & 63]) << 8)
    }
  }()

  /// Number of characters of some bytes.
  static func length(of byteCount: Int) -> Int { (byteCount + 2) / 3 * 4 }

  /// The text of some bytes.
  static func text(of bytes: some Collection<UInt8>) -> String {
    let bytes = Array(bytes)
    var text = [UInt8](repeating: 0, count: length(of: bytes.count))
    bytes.withUnsafeBytes { bytes in text.withUnsafeMutableBytes { encode(bytes, to: $0) } }
    return String(decoding: text, as: UTF8.self)
  }

  /// Writes the characters of some bytes to the beginning of `text`; a last group that is not whole is padded.
  static func encode(_ bytes: UnsafeRawBufferPointer, to text: UnsafeMutableRawBufferPointer) {
    precondition(text.count >= length(of: bytes.count), "room for the characters")
    let whole = bytes.count / 3
    pairs.withUnsafeBufferPointer { pairs in
      func store(_ bits: Int, at offset: Int) {
        text.storeBytes(of: pairs[bits], toByteOffset: offset, as: UInt16.self)
      }
      for group in 0..<whole {
        let place = 3 &* group
        let bits =
          Int(bytes[place]) << 16 | Int(bytes[place &+ 1]) << 8 | Int(bytes[place &+ 2])
        store(bits >> 12, at: 4 &* group)
        store(bits & 0xfff, at: 4 &* group &+ 2)
      }
      let rest = bytes.count - 3 * whole
      guard rest > 0 else { return }
      let second = rest == 2 ? Int(bytes[3 * whole + 1]) : 0
      let bits = Int(bytes[3 * whole]) << 16 | second << 8
      store(bits >> 12, at: 4 * whole)
      store(bits & 0xfff, at: 4 * whole + 2)
      text[4 * whole + 3] = UInt8(ascii: "=")
      if rest == 1 { text[4 * whole + 2] = UInt8(ascii: "=") }
    }
  }
}
