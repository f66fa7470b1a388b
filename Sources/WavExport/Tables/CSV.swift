// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension Exporter {
  /// Comma-separated values.
  public static let csv = Exporter(
    name: "csv", everyBin: CSV(), lines: CSV.lines, density: CSV.density, bands: CSV.bands,
    levels: CSV.levels, channels: { CSV.bytes(of: NumberTable($0)) })
}

/// Comma-separated values: a header line, then one row for each band or bin; lines end with `\n`.
///
/// Numbers have a decimal point in any locale, and enough digits that magnitudes read back as the
/// same value; silence has the level `-inf`.
public struct CSV: BinTable {
  /// The header of a table of bands.
  static let bandHeader = "frequency_hz,magnitude,level_dbfs,low_hz,high_hz,power\n"
  /// Greatest length of the line of a band: six numbers of at most 24 characters.
  static let longestBandLine = 160

  /// A table of bands.
  static func lines(_ result: any LineResult) -> [UInt8] {
    var buffer = RowBuffer(
      capacity: bandHeader.utf8.count + longestBandLine * result.rows.count)
    buffer.append(bandHeader)
    append(result.rows, isSingle: result.isSingle, to: &buffer)
    return buffer.bytes
  }

  /// Appends bands: the strongest bin, the edges in Hz and the mean-square power in FS^2 of each.
  static func append(_ rows: [BandRow], isSingle: Bool, to buffer: inout RowBuffer) {
    for (row, edges) in zip(rows, BandEdgeTexts.shared.texts(of: rows)) {
      append(row, edges, isSingle: isSingle, to: &buffer)
    }
  }

  private static func append(
    _ row: BandRow, _ edges: String, isSingle: Bool, to buffer: inout RowBuffer
  ) {
    let separator = UInt8(ascii: ",")
    buffer.append(row.frequency.description)
    buffer.append(separator)
    append(row.magnitude, isSingle, to: &buffer)
    buffer.append(separator)
    append(row.level, isSingle, to: &buffer)
    buffer.append(separator)
    buffer.append(edges)
    buffer.append(separator)
    append(row.power, isSingle, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
  }

  /// A table of a density.
  static func density(_ result: any DensityResult) -> [UInt8] { bytes(of: NumberTable(result)) }

  /// A table of proportional bands, whose last column has their names.
  static func bands(_ result: any BandResult) -> [UInt8] { bytes(of: NumberTable(result)) }

  static func append(_ value: Double, _ isSingle: Bool, to buffer: inout RowBuffer) {
    buffer.append(isSingle ? Float(value).description : value.description)
  }

  /// The header of a table with every bin.
  public func header(rowCount: Int, of kind: BinBlock.Kind) -> [UInt8] {
    switch kind.values {
    case .magnitude: Array("frequency_hz,magnitude,level_dbfs\n".utf8)
    case .complex: Array("frequency_hz,real,imag\n".utf8)
    }
  }

  /// Nil: lines differ in length.
  public func rowByteCount(of kind: BinBlock.Kind) -> Int? { nil }

  /// Appends a line for each bin; numbers in single precision have only the digits of single
  /// precision.
  public func append(_ block: BinBlock, to buffer: inout RowBuffer) {
    let decimals = block.frequencyDecimals
    switch block.values {
    case .single(let magnitudes, let levels):
      for index in 0..<block.bins.count {
        buffer.append(block.frequency(index), decimals: decimals)
        buffer.append(UInt8(ascii: ","))
        buffer.append(magnitudes[index])
        buffer.append(UInt8(ascii: ","))
        if levels[index].isFinite {
          buffer.append(Double(levels[index]), decimals: 5)
        } else {
          buffer.append(levels[index].description)
        }
        buffer.append(UInt8(ascii: "\n"))
      }
    case .double(let magnitudes, let levels):
      for index in 0..<block.bins.count {
        buffer.append(block.frequency(index), decimals: decimals)
        buffer.append(",\(magnitudes[index]),\(levels[index])\n")
      }
    case .complexSingle(let numbers):
      for index in 0..<block.bins.count {
        buffer.append(block.frequency(index), decimals: decimals)
        buffer.append(UInt8(ascii: ","))
        buffer.append(numbers[index].x)
        buffer.append(UInt8(ascii: ","))
        buffer.append(numbers[index].y)
        buffer.append(UInt8(ascii: "\n"))
      }
    case .complexDouble(let numbers):
      for index in 0..<block.bins.count {
        buffer.append(block.frequency(index), decimals: decimals)
        buffer.append(",\(numbers[index].x),\(numbers[index].y)\n")
      }
    }
  }
}
