// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Structured NumPy arrays with the column names of the CSV, readable by `numpy.load`.
///
/// The format is version 1.0 of NumPy's NEP 1: a magic string, a Python dictionary that describes the
/// array, padded to a multiple of 64 bytes, and the rows, little-endian and without gaps.
public enum NPY {
  /// The beginning of an array of bands; all columns are doubles.
  public static func bandHeader(count: Int) -> [UInt8] {
    header(
      ["frequency_hz", "magnitude", "level_dbfs", "low_hz", "high_hz", "power"].map { ($0, "<f8") },
      count: count)
  }

  /// The beginning of an array with every bin; magnitude and level have the precision in which they
  /// were computed.
  public static func binHeader(count: Int, isSingle: Bool) -> [UInt8] {
    let type = isSingle ? "<f4" : "<f8"
    return header(
      [("frequency_hz", "<f8"), ("magnitude", type), ("level_dbfs", type)], count: count)
  }

  /// Bytes of one row of an array with every bin.
  public static func binRowBytes(isSingle: Bool) -> Int { isSingle ? 16 : 24 }

  /// Appends one band.
  public static func append(_ row: BandRow, to buffer: inout TextBuffer) {
    for value in [
      row.frequency, row.magnitude, row.level, row.lowEdge, row.highEdge, row.power,
    ] {
      buffer.appendBytes(of: value)
    }
  }

  /// Writes the row of one bin in single precision, or in double, to memory.
  @inline(__always)
  public static func write<Scalar: BinaryFloatingPoint & BitwiseCopyable>(
    _ frequency: Double, _ magnitude: Scalar, _ level: Scalar, to row: UnsafeMutableRawPointer
  ) {
    row.storeBytes(of: frequency, as: Double.self)
    row.storeBytes(of: magnitude, toByteOffset: 8, as: Scalar.self)
    row.storeBytes(of: level, toByteOffset: 8 &+ MemoryLayout<Scalar>.size, as: Scalar.self)
  }

  private static func header(_ columns: [(name: String, type: String)], count: Int) -> [UInt8] {
    let description = columns.map { "('\($0.name)', '\($0.type)')" }.joined(separator: ", ")
    var text = "{'descr': [\(description)], 'fortran_order': False, 'shape': (\(count),), }"
    // Magic, version and length take 10 bytes; a line feed ends the text.
    let padding = 63 - (10 + text.utf8.count) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
      + Array(text.utf8)
  }
}
