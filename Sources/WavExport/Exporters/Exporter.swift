// SPDX-License-Identifier: GPL-2.0-or-later

/// A file format of results: its name, which results it takes, and how they become bytes.
///
/// ``all`` is the only list of formats. The command line with its help and its errors, the batch and the
/// comparison derive their lists from it.
///
/// Which results a format takes follows from the functions that it has: ``lines`` for lines over
/// frequency. A further kind of result is a further function beside it, nil for formats that do not
/// take it.
public struct Exporter: Sendable {
  /// The name on the command line.
  public let name: String
  /// The extensions of its files, in lower case and without a dot; files that are named by the
  /// program get the first.
  public let extensions: [String]
  /// Turns lines over frequency, in bands, into the bytes of a file; nil if it does not take them.
  public let lines: (@Sendable (any LineResult) throws -> [UInt8])?
  /// Writes a row for every bin, block by block; nil if it has no rows for so many.
  public let everyBin: (any BinTable)?
  /// Rows that a file may have at most; nil for any number.
  public let mostRows: Int?
  /// What draws its images; nil for tables.
  public let figure: FigureRenderer?

  /// Every format, in the order of all lists.
  public static let all: [Exporter] =
    [.csv, .json, .npy] + FigureRenderer.all.map(Exporter.init(figure:))

  /// The formats of lines over frequency.
  public static var ofLines: [Exporter] { all.filter { $0.lines != nil } }

  /// A format of tables.
  public init(
    name: String, extensions: [String]? = nil, mostRows: Int? = nil,
    everyBin: (any BinTable)? = nil,
    lines: (@Sendable (any LineResult) throws -> [UInt8])? = nil
  ) {
    self.name = name
    self.extensions = extensions ?? [name]
    self.mostRows = mostRows
    self.everyBin = everyBin
    self.lines = lines
    figure = nil
  }

  /// A format of images: the figure of a result, drawn.
  public init(figure renderer: FigureRenderer) {
    name = renderer.name
    extensions = [renderer.name]
    lines = { try renderer.bytes(of: $0.figure()) }
    everyBin = nil
    mostRows = nil
    figure = renderer
  }

  /// The format with a name.
  public init?(named name: String) {
    guard let found = Self.all.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// The format of files with an extension.
  public init?(extension fileExtension: String) {
    guard let found = Self.all.first(where: { $0.extensions.contains(fileExtension) }) else {
      return nil
    }
    self = found
  }

  /// The extension of files that the program names.
  public var fileExtension: String { extensions[0] }

  /// Lines over frequency as a figure: the document that images are drawn from.
  public static let svg = Exporter(figure: .svg)
}

/// Formats are told apart by their names.
extension Exporter: Hashable {
  /// Whether two formats are the same.
  public static func == (first: Exporter, second: Exporter) -> Bool { first.name == second.name }

  /// Feeds the name to a hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
