// SPDX-License-Identifier: GPL-2.0-or-later

extension Exporter {
  /// The report as a JSON document with the rows of the spectrum.
  ///
  /// Programs read a JSON document as a whole and make objects of it: Python's `json` takes 1.6 GB
  /// of memory for this many rows, which are 330 MB.
  public static let json = Exporter(
    name: "json", mostRows: 1 << 22, everyBin: JSONTable(),
    lines: { Array(try $0.report(withRows: true).utf8) },
    density: { Array(try $0.report(withRows: true).utf8) },
    bands: { Array(try $0.report().utf8) },
    levels: { Array(try $0.report().utf8) },
    channels: { Array(try $0.report().utf8) })
}

/// A spectrum with every bin as a JSON document: the rows come first, one per line, because the
/// rest of the report is known only after the computation.
struct JSONTable: BinTable {
  func header(rowCount: Int, of kind: BinBlock.Kind) -> [UInt8] {
    Array("{\n  \"spectrum\" : [\n".utf8)
  }

  func rowByteCount(of kind: BinBlock.Kind) -> Int? { nil }

  /// Appends an object for each bin; numbers in single precision have only the digits of single
  /// precision.
  func append(_ block: BinBlock, to buffer: inout RowBuffer) {
    let decimals = block.frequencyDecimals
    for index in 0..<block.bins.count {
      let isFirst = block.isFirst && index == 0
      buffer.append(isFirst ? "{\"frequency_hz\":" : ",\n{\"frequency_hz\":")
      buffer.append(block.frequency(index), decimals: decimals)
      switch block.values {
      case .single(let magnitudes, let levels):
        buffer.append(",\"magnitude\":")
        buffer.append(magnitudes[index])
        buffer.append(",\"level_dbfs\":")
        if levels[index].isFinite {
          buffer.append(Double(levels[index]), decimals: 5)
        } else {
          buffer.append("null")
        }
        buffer.append("}")
      case .double(let magnitudes, let levels):
        let level = levels[index].isFinite ? levels[index].description : "null"
        buffer.append(",\"magnitude\":\(magnitudes[index]),\"level_dbfs\":\(level)}")
      case .complexSingle(let numbers):
        buffer.append(",\"real\":")
        buffer.append(numbers[index].x)
        buffer.append(",\"imag\":")
        buffer.append(numbers[index].y)
        buffer.append("}")
      case .complexDouble(let numbers):
        buffer.append(",\"real\":\(numbers[index].x),\"imag\":\(numbers[index].y)}")
      }
    }
  }

  /// Closes the rows, then appends the members of the report.
  func footer(_ result: any LineResult) throws -> [UInt8] {
    Array("\n  ],\(try result.report(withRows: false).dropFirst())".utf8)
  }
}
