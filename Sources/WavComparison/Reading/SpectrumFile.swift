// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// What the command line says of a plain array of magnitudes.
public struct PlainArray: Sendable {
  /// Frames per second, in Hz.
  public var sampleRate: Int
  /// N of one part.
  public var transformLength: Int
  /// Number of parts.
  public var parts: Int
  /// The frequencies kept; the array holds their bins, or all bins.
  public var band: FrequencyBand

  /// Describes an array.
  public init(sampleRate: Int, transformLength: Int, parts: Int, band: FrequencyBand) {
    self.sampleRate = sampleRate
    self.transformLength = transformLength
    self.parts = parts
    self.band = band
  }
}

extension ComparedSpectrum {
  /// Opens a spectrum by its extension: `.json`, `.npy`, or a table in text, `.csv`, `.tsv`, `.txt`.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - array: What a plain array of magnitudes is; nil if the command line does not say.
  /// - Returns: The spectrum, or nil for any other extension, such as that of an audio file.
  /// - Throws: ``ComparisonError`` when the file holds no spectrum.
  public static func fromFile(
    _ path: String, _ array: PlainArray?
  ) throws(ComparisonError) -> ComparedSpectrum? {
    switch path.split(separator: ".").last.map({ $0.lowercased() }) {
    case "json": try fromReport(path)
    case "npy": try fromArray(path, array)
    case "csv", "tsv", "txt": try fromText(path)
    default: nil
    }
  }

  private static func fromArray(
    _ path: String, _ array: PlainArray?
  ) throws(ComparisonError) -> ComparedSpectrum {
    let table = try NumPyTable(path)
    if table.columns.count == 1 { return try fromPlainArray(path, table, array) }
    guard ["frequency_hz", "magnitude", "level_dbfs"].allSatisfy({ table.index($0) != nil }) else {
      throw ComparisonError(
        .unusable, "\(path) lacks one of the columns frequency_hz, magnitude and level_dbfs")
    }
    guard table.index("low_hz") != nil, table.index("high_hz") != nil else {
      return ComparedSpectrum(path: path, kind: .bins, facts: SpectrumFacts(), rows: table)
    }
    return ComparedSpectrum(
      path: path, kind: .bands, facts: SpectrumFacts(), rows: try StoredRows(table),
      edges: edges(table.column("low_hz"), table.column("high_hz")))
  }

  private static func fromPlainArray(
    _ path: String, _ table: NumPyTable, _ array: PlainArray?
  ) throws(ComparisonError) -> ComparedSpectrum {
    guard let array else {
      throw ComparisonError(
        .request,
        "\(path) holds magnitudes alone; say what they are with --rate HZ and --length N (and "
          + "--parts, --band)")
    }
    let grid = BinGrid(
      sampleRate: array.sampleRate, transformLength: array.transformLength, parts: array.parts)
    let kept = grid.bins(in: array.band)
    guard table.count == grid.count || table.count == kept.count else {
      throw ComparisonError(
        .incomparable,
        "\(path) has \(table.count) magnitudes; a transform of \(array.transformLength) has "
          + "\(grid.count) bins, \(kept.count) of them in the band")
    }
    let first = table.count == grid.count ? 0 : kept.lowerBound
    let total = Double(grid.transformLength * grid.parts)
    let hasNyquist = grid.transformLength % 2 == 0
    table.scale = NumPyTable.Scale(
      first: grid.frequency(of: first), spacing: grid.spacing, factor: 2 / total,
      nyquist: hasNyquist ? grid.transformLength / 2 - first : nil)
    var facts = SpectrumFacts()
    facts.sampleRate = array.sampleRate
    facts.transformLength = array.transformLength
    facts.parts = array.parts
    return ComparedSpectrum(path: path, kind: .bins, facts: facts, rows: table)
  }

  private static func fromText(_ path: String) throws(ComparisonError) -> ComparedSpectrum {
    let table = try TextTable(path)
    guard table.columnCount >= 2, table.count > 0 else {
      throw ComparisonError(
        .unusable, "\(path) is no table of frequencies and levels: it has fewer than two columns")
    }
    func column(_ names: String...) -> Int? {
      table.names.firstIndex { name in names.contains { name.hasPrefix($0) } }
    }
    if table.names.isEmpty {
      // Levels of a recording are below zero somewhere; magnitudes never are.
      let isLevel = try table.column(1).contains { $0 < 0 }
      table.columns = TextTable.Columns(
        frequency: 0, magnitude: isLevel ? nil : 1, level: isLevel ? 1 : nil)
    } else {
      guard let frequency = column("freq", "hz") else {
        throw ComparisonError(
          .unusable,
          "\(path) has no column of frequencies; call it frequency_hz, its columns are "
            + table.names.joined(separator: ", "))
      }
      let magnitude = column("magn", "ampl")
      let level = column("level", "db")
      guard magnitude != nil || level != nil else {
        throw ComparisonError(
          .unusable,
          "\(path) has no column of levels or magnitudes; call it level_dbfs or magnitude, its "
            + "columns are \(table.names.joined(separator: ", "))")
      }
      table.columns = TextTable.Columns(frequency: frequency, magnitude: magnitude, level: level)
    }
    let hasMagnitudes = table.columns.magnitude != nil
    if table.names == ["frequency_hz", "magnitude", "level_dbfs"] {
      return ComparedSpectrum(path: path, kind: .bins, facts: SpectrumFacts(), rows: table)
    }
    if let low = column("low_hz"), let high = column("high_hz") {
      return ComparedSpectrum(
        path: path, kind: .bands, facts: SpectrumFacts(), rows: try StoredRows(table),
        edges: edges(try table.column(low), try table.column(high)))
    }
    return ComparedSpectrum(
      path: path, kind: .points, facts: SpectrumFacts(), hasMagnitudes: hasMagnitudes,
      rows: try StoredRows(table))
  }

  private static func edges(_ low: [Double], _ high: [Double]) -> [ClosedRange<Double>] {
    zip(low, high).map { min($0, $1)...max($0, $1) }
  }
}
