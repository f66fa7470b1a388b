// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension Exporter {
  /// A structured NumPy array.
  public static let npy = Exporter(
    name: "npy", everyBin: NPY(), lines: NPY.lines, density: NPY.density, bands: NPY.bands,
    levels: NPY.levels, channels: { NPY.doubles(NumberTable($0)) })
}

/// Structured NumPy arrays with the column names of the CSV tables, and plain arrays of complex numbers,
/// readable by `numpy.load`.
///
/// The format is version 1.0 of NumPy's NEP 1: a magic string, a Python dictionary that describes the
/// array, padded to a multiple of 64 bytes, and the rows, little-endian and without gaps.
package struct NPY: BinTable {
  /// An array of bands.
  static func lines(_ result: any LineResult) -> [UInt8] {
    var buffer = RowBuffer(capacity: bandRowByteCount * result.rows.count)
    for row in result.rows { append(row, to: &buffer) }
    return bandHeader(count: result.rows.count) + buffer.bytes
  }

  /// The header of an array of bands; all columns are doubles.
  static func bandHeader(count: Int) -> [UInt8] {
    header(
      ["frequency_hz", "magnitude", "level_dbfs", "low_hz", "high_hz", "power"].map { ($0, "<f8") },
      count: count)
  }

  /// An array of a density; all columns are doubles.
  static func density(_ result: any DensityResult) -> [UInt8] {
    doubles(NumberTable(result))
  }

  /// An array of proportional bands; all columns are doubles.
  static func bands(_ result: any BandResult) -> [UInt8] {
    doubles(NumberTable(result))
  }

  /// An array of all columns of a table.
  static func doubles(_ table: NumberTable) -> [UInt8] {
    var buffer = RowBuffer(capacity: 8 * table.columns.count * max(1, table.rows.count))
    for row in table.rows { for value in row { buffer.appendBytes(of: value) } }
    return header(table.columns.map { ($0.name, "<f8") }, count: table.rows.count) + buffer.bytes
  }

  /// Size of one row of an array of bands, in bytes.
  static let bandRowByteCount = 48

  /// Appends one band.
  static func append(_ row: BandRow, to buffer: inout RowBuffer) {
    for value in [
      row.frequency, row.magnitude, row.level, row.lowEdge, row.highEdge, row.power,
    ] {
      buffer.appendBytes(of: value)
    }
  }

  /// The header of an array with every bin, whose numbers have the precision of the computation.
  ///
  /// Complex numbers are a plain array, as `numpy.fft.rfft` returns it.
  package func header(rowCount: Int, of kind: BinBlock.Kind) -> [UInt8] {
    switch kind.values {
    case .magnitude:
      let type = kind.isSingle ? "<f4" : "<f8"
      return Self.header(
        [("frequency_hz", "<f8"), ("magnitude", type), ("level_dbfs", type)], count: rowCount)
    case .complex:
      return Self.header(kind.isSingle ? "'<c8'" : "'<c16'", shape: [rowCount])
    }
  }

  package func rowByteCount(of kind: BinBlock.Kind) -> Int? {
    switch kind.values {
    case .magnitude: kind.isSingle ? 16 : 24
    case .complex: kind.isSingle ? 8 : 16
    }
  }

  package func append(_ block: BinBlock, to buffer: inout RowBuffer) {
    switch block.values {
    case .single(let magnitudes, let levels): append(block, magnitudes, levels, to: &buffer)
    case .double(let magnitudes, let levels): append(block, magnitudes, levels, to: &buffer)
    case .complexSingle(let numbers): append(UnsafeRawBufferPointer(numbers), to: &buffer)
    case .complexDouble(let numbers): append(UnsafeRawBufferPointer(numbers), to: &buffer)
    }
  }

  @inline(__always)
  private func append<Scalar: BinaryFloatingPoint & BitwiseCopyable>(
    _ block: BinBlock, _ magnitudes: UnsafeBufferPointer<Scalar>,
    _ levels: UnsafeBufferPointer<Scalar>, to buffer: inout RowBuffer
  ) {
    let rowByteCount = 8 + 2 * MemoryLayout<Scalar>.size
    buffer.append(byteCount: block.bins.count * rowByteCount) { memory in
      for index in 0..<block.bins.count {
        let row = memory + index &* rowByteCount
        row.storeBytes(of: block.frequency(index), as: Double.self)
        row.storeBytes(of: magnitudes[index], toByteOffset: 8, as: Scalar.self)
        row.storeBytes(
          of: levels[index], toByteOffset: 8 &+ MemoryLayout<Scalar>.size, as: Scalar.self)
      }
    }
  }

  private func append(_ numbers: UnsafeRawBufferPointer, to buffer: inout RowBuffer) {
    buffer.append(byteCount: numbers.count) {
      UnsafeMutableRawBufferPointer(start: $0, count: numbers.count).copyMemory(from: numbers)
    }
  }

  private static func header(_ columns: [(name: String, type: String)], count: Int) -> [UInt8] {
    let description = columns.map { "('\($0.name)', '\($0.type)')" }.joined(separator: ", ")
    return header(description: "[\(description)]", shape: "\(count),")
  }

  /// The header of an array whose elements have a type, as an expression of Python.
  static func header(description: String, shape: String) -> [UInt8] {
    var text = "{'descr': \(description), 'fortran_order': False, 'shape': (\(shape)), }"
    // Magic string, version and length take 10 bytes; a line feed ends the text.
    let padding = 63 - (10 + text.utf8.count) % 64
    text += String(repeating: " ", count: padding) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)]
      + Array(text.utf8)
  }
}
