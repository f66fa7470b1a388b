// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// A one-dimensional NumPy array, plain or structured, read from the mapped file.
///
/// The format is NumPy's NEP 1, versions 1 to 3; numbers are little-endian floats of 4 or 8 bytes. Complex
/// numbers of a plain array are read as their magnitudes.
final class NumPyTable: SpectrumRows {
  struct Column {
    let name: String
    let offset: Int
    let isDouble: Bool
    /// Whether the values are the sizes of complex numbers.
    var isComplex = false

    var byteCount: Int { (isDouble ? 8 : 4) * (isComplex ? 2 : 1) }
  }

  let columns: [Column]
  let count: Int
  /// Converts the rows of a plain array to frequencies and levels.
  var scale: Scale?

  /// Frequencies and levels of an array of magnitudes.
  struct Scale {
    /// Frequency in Hz of the first row.
    let first: Double
    /// Row spacing in Hz.
    let spacing: Double
    /// A magnitude times this is an amplitude.
    let factor: Double
    /// The row of Nyquist; nil if there is none.
    let nyquist: Int?
  }

  private let path: String
  private let file: MappedFile
  private let dataOffset: Int
  private let rowBytes: Int

  init(_ path: String) throws(ComparisonError) {
    self.path = path
    let file = try MappedFile(path)
    self.file = file
    let bytes = file.bytes
    let unusable = ComparisonError(
      .unusable,
      "\(path) is no NumPy array of magnitudes or of wavfft's columns, in one dimension of "
        + "little-endian floats")
    guard bytes.count >= 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
      throw unusable
    }
    let isFirstVersion = bytes[6] == 1
    let lengthBytes = isFirstVersion ? 2 : 4
    let length = (0..<lengthBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
    dataOffset = 8 + lengthBytes + length
    guard dataOffset <= bytes.count else { throw unusable }
    let header = String(
      decoding: UnsafeRawBufferPointer(rebasing: bytes[8 + lengthBytes..<dataOffset]), as: UTF8.self
    )
    guard let columns = Self.columns(header) else { throw unusable }
    self.columns = columns
    rowBytes = columns.reduce(0) { $0 + $1.byteCount }
    guard let shape = header.firstMatch(of: /'shape':\s*\((\d+),?\s*\)/), let count = Int(shape.1),
      count <= (bytes.count - dataOffset) / rowBytes
    else { throw unusable }
    self.count = count
  }

  /// The columns in a header: `'descr': '<f8'` or `'descr': [('name', '<f8'), …]`.
  private static func columns(_ header: String) -> [Column]? {
    func isDouble(_ type: Substring) -> Bool? {
      type == "<f8" ? true : type == "<f4" ? false : nil
    }
    if let plain = header.firstMatch(of: /'descr':\s*'([^']+)'/) {
      let isComplex = plain.1 == "<c8" || plain.1 == "<c16"
      return (isComplex ? plain.1 == "<c16" : isDouble(plain.1)).map {
        [Column(name: "magnitude", offset: 0, isDouble: $0, isComplex: isComplex)]
      }
    }
    // Padding and nested arrays are not supported.
    guard let list = header.firstMatch(of: /'descr':\s*\[(.*?)\]/),
      list.1.replacing(/\('[^']+',\s*'<f[48]'\)/, with: "").allSatisfy({ $0 == "," || $0 == " " })
    else { return nil }
    var columns: [Column] = []
    var offset = 0
    for match in header.matches(of: /\('([^']+)',\s*'([^']+)'\)/) {
      guard let isDouble = isDouble(match.2) else { return nil }
      columns.append(Column(name: String(match.1), offset: offset, isDouble: isDouble))
      offset += isDouble ? 8 : 4
    }
    return columns.isEmpty ? nil : columns
  }

  func index(_ name: String) -> Column? { columns.first { $0.name == name } }

  func copy(_ rows: Range<Int>, to buffer: RowBuffer) {
    if let scale {
      copy(columns[0], rows, to: buffer.magnitude)
      for (index, row) in rows.enumerated() {
        buffer.frequency[index] = scale.first + Double(row) * scale.spacing
        let isUnpaired = buffer.frequency[index] == 0 || row == scale.nyquist
        buffer.level[index] =
          20 * log10(buffer.magnitude[index] * scale.factor * (isUnpaired ? 0.5 : 1))
      }
    } else {
      for (name, target) in [
        ("frequency_hz", buffer.frequency), ("magnitude", buffer.magnitude),
        ("level_dbfs", buffer.level),
      ] {
        if let column = index(name) { copy(column, rows, to: target) }
      }
    }
    file.forget(dataOffset + rows.lowerBound * rowBytes..<dataOffset + rows.upperBound * rowBytes)
  }

  /// All values of a column.
  func column(_ name: String) -> [Double] {
    guard let column = index(name) else { return [] }
    return [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { copy(column, 0..<count, to: base) }
      initialized = count
    }
  }

  private func copy(_ column: Column, _ rows: Range<Int>, to target: UnsafeMutablePointer<Double>) {
    guard let base = file.bytes.baseAddress else { return }
    var place = base + dataOffset + rows.lowerBound * rowBytes + column.offset
    if column.isComplex {
      for index in 0..<rows.count {
        let number =
          column.isDouble
          ? place.loadUnaligned(as: SIMD2<Double>.self)
          : SIMD2<Double>(place.loadUnaligned(as: SIMD2<Float>.self))
        target[index] = hypot(number.x, number.y)
        place += rowBytes
      }
    } else if column.isDouble {
      for index in 0..<rows.count {
        target[index] = place.loadUnaligned(as: Double.self)
        place += rowBytes
      }
    } else {
      for index in 0..<rows.count {
        target[index] = Double(place.loadUnaligned(as: Float.self))
        place += rowBytes
      }
    }
  }
}
