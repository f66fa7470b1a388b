// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// A NumPy file of real numbers, read without the program's own reader.
struct Array2D {
  let type: String
  let shape: [Int]
  let numbers: [Double]

  init(_ file: URL) throws {
    let data = try Data(contentsOf: file)
    try #require(data.count > 10 && data[0] == 0x93)
    let end = 10 + Int(data[8]) + 256 * Int(data[9])
    let header = String(decoding: data[10..<end], as: UTF8.self)
    try #require(header.contains("'fortran_order': False"))
    let quoted = header.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    type = try #require(quoted.first { $0.hasPrefix("<") })
    let sizes = try #require(header.split(separator: "(").last?.split(separator: ")").first)
    shape = sizes.split(separator: ",").compactMap { Int($0.filter(\.isNumber)) }
    let isSingle = type == "<f4"
    numbers = data[end...].withUnsafeBytes { bytes in
      (0..<bytes.count / (isSingle ? 4 : 8)).map {
        isSingle
          ? Double(bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self))
          : bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self)
      }
    }
    try #require(numbers.count == shape.reduce(1, *))
  }

  /// A row of an array of two dimensions.
  func row(_ index: Int) -> ArraySlice<Double> {
    numbers[index * shape[1]..<(index + 1) * shape[1]]
  }
}

/// A report in JSON.
struct Report {
  let document: [String: Any]

  init(_ text: String) throws {
    document = try #require(
      JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  func value(_ path: [String]) throws -> Any {
    var value: Any = document
    for key in path { value = try #require((value as? [String: Any])?[key], "\(path)") }
    return value
  }

  func number(_ path: String...) throws -> Double { try #require(value(path) as? Double) }
  func text(_ path: String...) throws -> String { try #require(value(path) as? String) }
}
