// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A table of numbers with named columns.
struct NumberTable {
  /// A column.
  struct Column: Equatable {
    /// Its name, which includes the unit.
    var name: String
    /// Whether its numbers were computed in single precision.
    var isSingle = false
  }

  /// The columns.
  var columns: [Column]
  /// The numbers of each row, in the order of the columns.
  var rows: [[Double]]
  /// The name of each row, which only tables of text have; empty for none.
  var rowNames: [String] = []

  /// The bands of lines.
  init(_ result: any LineResult) {
    let isSingle = result.isSingle
    columns = [
      Column(name: "frequency_hz"), Column(name: "magnitude", isSingle: isSingle),
      Column(name: "level_dbfs", isSingle: isSingle), Column(name: "low_hz"),
      Column(name: "high_hz"), Column(name: "power", isSingle: isSingle),
    ]
    rows = result.rows.map {
      [$0.frequency, $0.magnitude, $0.level, $0.lowEdge, $0.highEdge, $0.power]
    }
  }

  /// The rows of a density: every bin, or bands.
  init(_ result: any DensityResult) {
    let table = DensityTable(result)
    columns = zip(table.columns, table.isFrequency).map {
      Column(name: $0, isSingle: result.isSingle && !$1)
    }
    rows = table.rows
  }

  /// Proportional bands.
  init(_ result: any BandResult) {
    let table = BandTable(result.levels)
    columns = table.columns.map { Column(name: $0) }
    rows = table.rows
    rowNames = result.levels.entries.map(\.band.name)
  }

  private init(_ result: ChannelResult) {
    switch result {
    case .lines(let result): self.init(result)
    case .density(let result): self.init(result)
    case .bands(let result): self.init(result)
    }
  }

  /// The channels of a recording beside each other: what they have in common once, and all other columns of each
  /// channel, with its number behind the name.
  ///
  /// - Precondition: There is a channel, and all of them have the same bands.
  init(_ result: any ChannelsResult) {
    let tables = result.channels.map(Self.init)
    let first = tables[0]
    precondition(tables.allSatisfy { $0.rows.count == first.rows.count }, "the same bands")
    // The strongest bins of channels differ, the edges and middles of bands do not.
    let isOfBands = !first.rowNames.isEmpty
    let common = ["low_hz", "high_hz"] + (isOfBands ? ["frequency_hz", "bins"] : [])
    let shared = first.columns.indices.filter { common.contains(first.columns[$0].name) }
    let own = first.columns.indices.filter { !shared.contains($0) }
    columns =
      shared.map { first.columns[$0] }
      + tables.enumerated().flatMap { number, table in
        own.map { index in
          var column = table.columns[index]
          column.name += "_\(number + 1)"
          return column
        }
      }
    rows = first.rows.indices.map { row in
      shared.map { first.rows[row][$0] }
        + tables.flatMap { table in own.map { table.rows[row][$0] } }
    }
    rowNames = first.rowNames
  }
}

extension CSV {
  /// A table of text; the names of rows are its last column, `band`.
  static func bytes(of table: NumberTable) -> [UInt8] {
    let longest = table.rowNames.map { $0.utf8.count + 2 }.max() ?? 0
    let header =
      (table.columns.map(\.name) + (table.rowNames.isEmpty ? [] : ["band"])).joined(separator: ",")
    // A number has at most 24 characters.
    var buffer = RowBuffer(
      capacity: header.utf8.count + 1
        + table.rows.count * (25 * table.columns.count + longest + 1))
    buffer.append(header + "\n")
    for (index, row) in table.rows.enumerated() {
      for (column, value) in zip(table.columns.indices, row) {
        if column > 0 { buffer.append(UInt8(ascii: ",")) }
        append(value, table.columns[column].isSingle, to: &buffer)
      }
      // The sign of a sharp note begins a comment for many readers.
      if !table.rowNames.isEmpty {
        buffer.append("," + quoted(table.rowNames[index], separators: ",#"))
      }
      buffer.append(UInt8(ascii: "\n"))
    }
    return buffer.bytes
  }
}
