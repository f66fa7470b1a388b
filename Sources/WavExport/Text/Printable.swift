// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// Text on one line, with each character that acts on a terminal instead of being shown replaced by
/// a space; file names may have such characters.
///
/// Bytes of a name that are not UTF-8 are shown as `\xFF`.
///
/// These are the control characters C0, DEL and C1 (U+009B begins an escape sequence, as ESC [
/// does), the separators of lines and paragraphs, and the characters that change the reading
/// direction (UAX #9): with them a name can look like another one, or change the text beside it.
public func printable(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: { isControl($0) || spelledByte($0) != nil }) else {
    return text
  }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if let byte = spelledByte(scalar) {
      result.append(contentsOf: "\\x\(String(byte, radix: 16, uppercase: true))".unicodeScalars)
    } else {
      result.append(isControl(scalar) ? " " : scalar)
    }
  }
  return String(result)
}

/// JSON with the same characters escaped: its content is the same, and it can be shown on a
/// terminal.
public func printableJSON(_ json: String) -> String {
  // Except for characters that JSON escapes anyway, all of them have such a byte in UTF-8.
  guard json.utf8.contains(where: { $0 >= 0x7f }) else { return json }
  var result = String.UnicodeScalarView()
  for scalar in json.unicodeScalars {
    guard isControl(scalar), scalar != "\n" else {
      result.append(scalar)
      continue
    }
    let digits = String(scalar.value, radix: 16)
    result.append(
      contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
  }
  return String(result)
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x20, 0x7f...0x9f: true
  // Arabic letter mark, left-to-right mark and right-to-left mark.
  case 0x061c, 0x200e, 0x200f: true
  // Separators of lines and paragraphs; embeddings, overrides and isolates of direction.
  case 0x2028...0x202e, 0x2066...0x2069: true
  default: false
  }
}
