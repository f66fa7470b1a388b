// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavSystem

/// The description of a plain array of magnitudes, from the command line.
public struct PlainArray: Sendable {
  /// Frames per second, in Hz.
  public var sampleRate: Int
  /// N of one part.
  public var transformLength: Int
  /// Number of parts.
  public var parts: Int
  /// The frequencies kept; the array has either their bins, or all bins.
  public var band: FrequencyBand

  /// Describes an array.
  public init(sampleRate: Int, transformLength: Int, parts: Int, band: FrequencyBand) {
    self.sampleRate = sampleRate
    self.transformLength = transformLength
    self.parts = parts
    self.band = band
  }
}

/// A kind of file with a spectrum: its extensions, and how to read it.
///
/// ``all`` is the only list of them.
public struct SpectrumReader {
  /// Extensions, in lower case and without a dot.
  let extensions: [String]
  /// Reads a file; a plain array of magnitudes needs its description.
  let read: (String, PlainArray?) throws(ComparisonError) -> ComparedSpectrum

  /// Reports, arrays, and text tables.
  static var all: [SpectrumReader] {
    [
      SpectrumReader(extensions: Exporter.json.extensions) { path, _ throws(ComparisonError) in
        try ComparedSpectrum.fromReport(path)
      },
      SpectrumReader(extensions: Exporter.npy.extensions) { path, array throws(ComparisonError) in
        try ComparedSpectrum.fromArray(path, array)
      },
      SpectrumReader(
        extensions: Exporter.csv.extensions + ["tsv", plainText]
      ) { path, _ throws(ComparisonError) in
        try ComparedSpectrum.fromText(path)
      },
    ]
  }

  /// The extensions of all kinds.
  public static var extensions: [String] { all.flatMap(\.extensions) }

  /// The extension of any text file; in folders such files are rarely spectra.
  static let plainText = "txt"

  /// The reader for an extension; nil for all others, such as those of audio files.
  init?(extension fileExtension: String) {
    guard let found = Self.all.first(where: { $0.extensions.contains(fileExtension) }) else {
      return nil
    }
    self = found
  }

  private init(
    extensions: [String],
    read: @escaping (String, PlainArray?) throws(ComparisonError) -> ComparedSpectrum
  ) {
    self.extensions = extensions
    self.read = read
  }
}

extension ComparedSpectrum {
  /// Opens a spectrum by its extension (``SpectrumReader/all``).
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - array: The description of a plain array of magnitudes; nil if there is none.
  /// - Returns: The spectrum; nil for other extensions, such as those of audio files.
  /// - Throws: ``ComparisonError`` when the file contains no spectrum.
  public static func fromFile(
    _ path: String, _ array: PlainArray?
  ) throws(ComparisonError) -> ComparedSpectrum? {
    try SpectrumReader(extension: fileExtension(of: path))?.read(path, array)
  }

  fileprivate static func fromArray(
    _ path: String, _ array: PlainArray?
  ) throws(ComparisonError) -> ComparedSpectrum {
    let table = try NumPyTable(path)
    let sidecar = TableSidecar(besideUnchanged: path)
    if table.columns.count == 1 { return try fromPlainArray(path, table, array, sidecar) }
    if table.index("level_dbfs_1") != nil { throw .channels(path) }
    guard ["frequency_hz", "magnitude", "level_dbfs"].allSatisfy({ table.index($0) != nil }) else {
      throw ComparisonError(
        .unusable, "\(path) lacks one of the columns frequency_hz, magnitude and level_dbfs")
    }
    let facts = try SpectrumFacts(sidecar?.facts ?? TableFacts(), in: .sidecar, of: path)
    guard table.index("low_hz") != nil, table.index("high_hz") != nil else {
      return try ComparedSpectrum(path: path, kind: .bins, facts: facts, rows: table)
    }
    return try ComparedSpectrum(
      path: path, kind: .bands, facts: facts, rows: try StoredRows(table),
      edges: try edges(path, table.column("low_hz"), table.column("high_hz")),
      powers: table.index("power") == nil ? nil : table.column("power"))
  }

  /// Complex numbers whose description tells their frequencies and their window.
  private static func fromPlainArray(
    _ path: String, _ table: NumPyTable, _ known: TableFacts, _ axis: TableSidecar.Axis
  ) throws(ComparisonError) -> ComparedSpectrum {
    let facts = try SpectrumFacts(known, in: .sidecar, of: path)
    guard let first = axis.first, let step = axis.step, let windowSum = known.number("window_sum"),
      let length = facts.transformLength, step > 0, first >= 0, windowSum > 0
    else { throw .impossible(path) }
    let nyquist = (Double(length) / 2 - first / step).rounded()
    table.scale = NumPyTable.Scale(
      first: first, spacing: step, factor: 2 / windowSum,
      nyquist: length % 2 == 0 && nyquist < 1e15 ? Int(nyquist) : nil)
    return try ComparedSpectrum(path: path, kind: .bins, facts: facts, rows: table)
  }

  private static func fromPlainArray(
    _ path: String, _ table: NumPyTable, _ array: PlainArray?, _ sidecar: TableSidecar?
  ) throws(ComparisonError) -> ComparedSpectrum {
    if array == nil, let sidecar, let axis = sidecar.axisOfBins, axis.count == table.count {
      return try fromPlainArray(path, table, sidecar.facts, axis)
    }
    guard let array else {
      throw ComparisonError(
        .request,
        "\(path) holds values without frequencies; say what they are with \(.rate) HZ and \(.length) N (and "
          + "\(.parts), \(.band))")
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
    facts.method = MethodDescription.decimated(parts: array.parts).withoutSinglePart
    return try ComparedSpectrum(path: path, kind: .bins, facts: facts, rows: table)
  }

  fileprivate static func fromText(_ path: String) throws(ComparisonError) -> ComparedSpectrum {
    let table = try TextTable(path)
    guard table.count > 0 else {
      throw ComparisonError(.unusable, "\(path) has no rows below its first line")
    }
    guard table.columnCount >= 2 else {
      throw ComparisonError(
        .unusable,
        "\(path) is no table of frequencies and levels: its first line has one column; separate "
          + "columns by tabs, semicolons, commas or blanks")
    }
    if table.names.first == "time_s" {
      throw ComparisonError(
        .unusable,
        "\(path) holds levels over time, and spectra are compared; average them with \(.method) welch"
      )
    }
    if table.names.contains("level_dbfs_1") { throw .channels(path) }
    if table.names.contains("bins"), table.names.last == "band" { throw .bands(path) }
    table.columns = try columns(of: table, path)
    var (known, header) = (table.facts, TableHeader.comments)
    if known.names.isEmpty, let sidecar = TableSidecar(besideUnchanged: path) {
      (known, header) = (sidecar.facts, .sidecar)
    }
    let facts = try SpectrumFacts(known, in: header, of: path)
    let hasMagnitudes = table.columns.magnitude != nil
    let isBins = table.names.starts(with: ["frequency_hz", "magnitude", "level_dbfs"])
    if isBins, !table.names.contains("low_hz") {
      return try ComparedSpectrum(path: path, kind: .bins, facts: facts, rows: table)
    }
    if let low = table.names.firstIndex(of: "low_hz"),
      let high = table.names.firstIndex(of: "high_hz")
    {
      var powers: [Double]?
      if let power = table.names.firstIndex(of: "power") { powers = try table.column(power) }
      return try ComparedSpectrum(
        path: path, kind: .bands, facts: facts, rows: try StoredRows(table),
        edges: try edges(path, try table.column(low), try table.column(high)),
        powers: powers)
    }
    return try ComparedSpectrum(
      path: path, kind: .points, facts: facts, hasMagnitudes: hasMagnitudes,
      rows: try StoredRows(table))
  }

  /// Finds the columns of a text table by their names.
  private static func columns(
    of table: TextTable, _ path: String
  ) throws(ComparisonError) -> TextTable.Columns {
    if table.names.isEmpty {
      // Levels of a recording are negative somewhere, magnitudes nowhere; nothing else
      // distinguishes them.
      guard try table.column(1).contains(where: { $0 < 0 }) else {
        throw ComparisonError(
          .unusable,
          "\(path) does not say whether its values are levels or magnitudes; give it a first line, "
            + "frequency_hz,level_dbfs or frequency_hz,magnitude")
      }
      return TextTable.Columns(frequency: 0, magnitude: nil, level: 1)
    }
    func column(where isWanted: (String) -> Bool) -> Int? {
      table.names.firstIndex(where: isWanted)
    }
    func isLevel(_ name: String) -> Bool { name.hasPrefix("level") || name.contains("db") }
    guard let frequency = column(where: { $0.hasPrefix("freq") || $0.hasPrefix("hz") }) else {
      throw ComparisonError(
        .unusable,
        "\(path) has no column of frequencies; call it frequency_hz, its columns are "
          + "\(table.names.joined(separator: ", "))")
    }
    let level = column(where: isLevel)
    // "Magnitude (dB)" is a level.
    let magnitude = column {
      ($0.hasPrefix("magn") || $0.hasPrefix("ampl")) && !isLevel($0)
    }
    guard magnitude != nil || level != nil else {
      if table.names == ["frequency_hz", "real", "imag"] {
        throw ComparisonError(
          .unusable,
          "\(path) holds complex numbers, and spectra are compared by magnitudes; make it again without "
            + "\(.complexValues)")
      }
      throw ComparisonError(
        .unusable,
        "\(path) has no column of levels or magnitudes; call it level_dbfs or magnitude, its "
          + "columns are \(table.names.joined(separator: ", "))")
    }
    return TextTable.Columns(frequency: frequency, magnitude: magnitude, level: level)
  }

  private static func edges(
    _ path: String, _ low: [Double], _ high: [Double]
  ) throws(ComparisonError) -> [ClosedRange<Double>] {
    guard zip(low, high).allSatisfy({ $0 <= $1 }) else {
      throw ComparisonError(
        .unusable, "\(path) has bands whose edges are not numbers of at least 0 that rise")
    }
    return zip(low, high).map { $0...$1 }
  }
}

extension ComparisonError {
  /// The channels of a recording beside each other.
  static func channels(_ path: String) -> ComparisonError {
    ComparisonError(
      .unusable,
      "\(path) holds the spectra of several channels; make it again with one of them (\(.channel))")
  }

  /// Powers of octaves, their fractions or semitones.
  static func bands(_ path: String) -> ComparisonError {
    ComparisonError(
      .unusable,
      "\(path) holds the powers of proportional bands, and spectra are compared; make it again with \(.points)"
    )
  }
}
