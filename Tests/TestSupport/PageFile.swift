// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation

/// A page as a browser reads it: its scripts, its policy, its description and its arrays.
package struct PageFile {
  /// All of its bytes.
  package let bytes: Data
  /// The title, as it is written.
  package let title: String
  /// The content security policy.
  package let policy: String
  /// The texts of all style elements.
  package let styles: [Data]
  /// The texts of all scripts that run.
  package let scripts: [Data]
  /// The text of the description.
  package let json: Data
  /// The description.
  package let description: [String: Any]
  /// The bytes of each array.
  package let arrays: [Data]
  /// Characters of each element of data.
  package let elementLengths: [Int]

  /// A file that is no page.
  package struct NotAPage: Error {
    package let reason: String
  }

  /// Reads a page.
  package init(_ url: URL) throws {
    let file = try Data(contentsOf: url)
    var place = file.startIndex
    var (head, rules) = ("", "")
    var (sheets, programs, data) = ([Data](), [Data](), [Data]())
    var text: Data?
    // As a browser does: nothing in a script or style but its end tag ends it.
    while let start = file[place...].firstIndex(of: UInt8(ascii: "<")) {
      guard let end = file[start...].firstIndex(of: UInt8(ascii: ">")) else { break }
      let tag = String(decoding: file[start...end], as: UTF8.self)
      place = end + 1
      func content(_ name: String) throws -> Data {
        guard let close = file[place...].range(of: Data("</\(name)".utf8)) else {
          throw NotAPage(reason: "\(tag) has no end")
        }
        defer { place = close.upperBound }
        return file[place..<close.lowerBound]
      }
      switch tag {
      case "<title>": head = String(decoding: try content("title"), as: UTF8.self)
      case "<style>": sheets.append(try content("style"))
      case "<script>": programs.append(try content("script"))
      case "<script type=\"application/json\" id=\"description\">": text = try content("script")
      case "<script type=\"text/plain\" class=\"data\">": data.append(try content("script"))
      case let tag where tag.hasPrefix("<script"): throw NotAPage(reason: tag)
      case let tag where tag.hasPrefix("<meta http-equiv=\"Content-Security-Policy\""):
        rules = tag.split(separator: "\"")[3].description
      default: break
      }
    }
    guard let text, let object = try JSONSerialization.jsonObject(with: text) as? [String: Any]
    else { throw NotAPage(reason: "there is no description") }
    (bytes, title, policy, styles) = (file, head, rules, sheets)
    (scripts, json) = (programs, text)
    description = object
    elementLengths = data.map(\.count)

    var elements = try data.map {
      guard let bytes = Data(base64Encoded: $0) else { throw NotAPage(reason: "no base64") }
      return bytes
    }[...]
    let sizes = ["int16": 2, "float64": 8, "uint8": 1]
    arrays = try (object["arrays"] as? [[String: Any]] ?? []).map { entry in
      let count = entry["count"] as? Int ?? -1
      let size = count * (sizes[entry["type"] as? String ?? ""] ?? 0)
      var array = Data()
      while array.count < size, let element = elements.popFirst() { array += element }
      guard array.count == size else { throw NotAPage(reason: "\(array.count) bytes, not \(size)") }
      return array
    }
    guard elements.isEmpty else { throw NotAPage(reason: "data that no array has") }
  }

  /// The levels of an array in dB, or one of `step`; nil for silence.
  package func levels(_ index: Int, oneOf step: Int = 1) -> [Double?] {
    arrays[index].withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count / 2, by: step).map { place in
        let code = Int16(
          littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * place, as: Int16.self))
        return code == .min ? nil : Double(code) / 100
      }
    }
  }

  /// The frequencies of an array.
  package func numbers(_ index: Int) -> [Double] {
    arrays[index].withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map {
        Double(
          bitPattern: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
      }
    }
  }

  /// The curves.
  package var series: [[String: Any]] { description["series"] as? [[String: Any]] ?? [] }

  /// The cells of the first curve.
  package var cells: (first: Int, count: Int, perCell: Int, greatest: [Double?], means: [Double?]?)?
  {
    guard let grid = series.first?["grid"] as? [String: Any],
      let cells = series.first?["cells"] as? [String: Any],
      let first = grid["first_bin"] as? Int, let count = grid["bin_count"] as? Int,
      let perCell = cells["bins_per_cell"] as? Int, let greatest = cells["greatest"] as? Int
    else { return nil }
    return (
      first, count, perCell, levels(greatest), (cells["mean"] as? Int).map { levels($0) }
    )
  }
}
