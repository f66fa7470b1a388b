// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension CSV {
  /// A table of levels: a row for each time, in seconds, a column for each frequency, in Hz, whose name is its middle.
  static func levels(_ result: any LevelResult) -> [UInt8] {
    let grid = result.grid
    let frequencies = grid.rowFrequencies.map(\.description)
    var text = "time_s," + frequencies.joined(separator: ",") + "\n"
    for (column, time) in grid.columnTimes.enumerated() {
      text += time.description
      for row in 0..<grid.rowCount { text += "," + grid[column: column, row: row].description }
      text += "\n"
    }
    return Array(text.utf8)
  }
}

extension NPY {
  /// An array of levels in single precision: [time][frequency].
  static func levels(_ result: any LevelResult) -> [UInt8] {
    let grid = result.grid
    var buffer = RowBuffer(capacity: 4 * max(1, grid.levels.count))
    for level in grid.levels { buffer.appendBytes(of: level) }
    return header("'<f4'", shape: [grid.columnCount, grid.rowCount]) + buffer.bytes
  }

  /// The header of a plain array of one type.
  package static func header(_ type: String, shape: [Int]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    return header(description: type, shape: sizes)
  }
}
