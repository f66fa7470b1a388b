// SPDX-License-Identifier: GPL-2.0-or-later

extension CSV {
  /// Fields as a line (RFC 4180), without the line ending.
  ///
  /// - Parameters:
  ///   - fields: The fields, from left to right.
  ///   - separators: Characters that programs may take for the end of a field.
  /// - Returns: The fields separated by commas, in quotes if they contain such characters.
  public static func line(_ fields: [String], separators: String = ",") -> String {
    fields.map { quoted($0, separators: separators) }.joined(separator: ",")
  }

  /// A field of a line: in quotes if necessary.
  static func quoted(_ field: String, separators: String = ",") -> String {
    let special = Set((separators + "\"\n\r").utf8)
    guard field.utf8.contains(where: special.contains) else { return field }
    return "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  /// The fields of each line of a text, without quotes; empty lines are left out.
  public static func fields(of text: String) -> [[String]] {
    let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
    let (newline, carriage) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    var lines: [[String]] = []
    var line: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    func endField() {
      line.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    func endLine() {
      endField()
      if line != [""] { lines.append(line) }
      line = []
    }
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if isQuoted {
        guard byte == quote else {
          field.append(byte)
          continue
        }
        // Two quotes are an escaped quote.
        isQuoted = index < bytes.count && bytes[index] == quote
        if isQuoted {
          field.append(quote)
          index += 1
        }
      } else if byte == quote, field.isEmpty {
        isQuoted = true
      } else if byte == comma {
        endField()
      } else if byte == newline {
        endLine()
      } else if byte != carriage || (index < bytes.count && bytes[index] != newline) {
        field.append(byte)
      }
    }
    if !field.isEmpty || !line.isEmpty { endLine() }
    return lines
  }
}
