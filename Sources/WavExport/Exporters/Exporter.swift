// SPDX-License-Identifier: GPL-2.0-or-later

/// A file format for results: its name, the results it takes, and how it encodes them.
///
/// ``all`` is the only list of formats. The command line (with help and errors), the batch and the
/// comparison derive their lists from it.
///
/// A format takes the results for which it has a function: ``lines`` for lines over frequency, ``density`` for
/// power density, ``bands`` for powers of proportional bands, ``levels`` for levels over time and frequency,
/// ``channels`` for several of the former. A further kind of result becomes a further function, nil for formats that
/// do not take it. A page takes all of them but channels, with every bin (``isPage``), and has no functions: it is
/// written piece by piece.
public struct Exporter: Sendable {
  /// The name on the command line.
  public let name: String
  /// The extensions of its files, in lower case and without a dot; the program uses the first for
  /// files that it names itself.
  public let extensions: [String]
  /// Encodes lines over frequency, in bands, as the bytes of a file; nil if it does not take them.
  public let lines: (@Sendable (any LineResult) throws -> [UInt8])?
  /// Encodes power density over frequency, in bands or every bin; nil if it does not take them.
  public let density: (@Sendable (any DensityResult) throws -> [UInt8])?
  /// Encodes proportional bands; nil if it does not take them.
  public let bands: (@Sendable (any BandResult) throws -> [UInt8])?
  /// Encodes levels over time and frequency; nil if it does not take them.
  public let levels: (@Sendable (any LevelResult) throws -> [UInt8])?
  /// Encodes the channels of a recording together; nil if it does not take them.
  public let channels: (@Sendable (any ChannelsResult) throws -> [UInt8])?
  /// Writes a row for every bin of lines, block by block; nil if it cannot hold that many rows.
  public let everyBin: (any BinTable)?
  /// Greatest number of rows in a file; nil for no limit.
  public let mostRows: Int?
  /// Draws its images; nil for tables.
  public let figure: FigureRenderer?

  /// Whether it is a page (``PageDocument``), whose cells are reduced from every bin.
  public let isPage: Bool

  /// Every format, in the order of all lists.
  public static let all: [Exporter] =
    [.csv, .json, .npy] + FigureRenderer.all.map(Exporter.init(figure:)) + [.html]

  /// The formats of lines over frequency.
  public static var ofLines: [Exporter] { all.filter(\.takesLines) }

  /// Whether it takes lines over frequency.
  public var takesLines: Bool { isPage || lines != nil }
  /// Whether it takes power density over frequency.
  public var takesDensity: Bool { isPage || density != nil }
  /// Whether it takes proportional bands.
  public var takesBands: Bool { isPage || bands != nil }
  /// Whether it takes levels over time and frequency.
  public var takesLevels: Bool { isPage || levels != nil }
  /// Whether it can have every bin of every segment of a spectrogram.
  public var takesEverySegment: Bool { self == .npy }

  /// A format of tables.
  public init(
    name: String, extensions: [String]? = nil, mostRows: Int? = nil,
    everyBin: (any BinTable)? = nil,
    lines: (@Sendable (any LineResult) throws -> [UInt8])? = nil,
    density: (@Sendable (any DensityResult) throws -> [UInt8])? = nil,
    bands: (@Sendable (any BandResult) throws -> [UInt8])? = nil,
    levels: (@Sendable (any LevelResult) throws -> [UInt8])? = nil,
    channels: (@Sendable (any ChannelsResult) throws -> [UInt8])? = nil
  ) {
    self.name = name
    self.extensions = extensions ?? [name]
    self.mostRows = mostRows
    self.everyBin = everyBin
    self.lines = lines
    self.density = density
    self.bands = bands
    self.levels = levels
    self.channels = channels
    figure = nil
    isPage = false
  }

  /// A format of images, which shows the figure of a result.
  public init(figure renderer: FigureRenderer) {
    name = renderer.name
    extensions = [renderer.name]
    lines = { try renderer.bytes(of: $0.figure()) }
    density = { try renderer.bytes(of: $0.figure()) }
    bands = { try renderer.bytes(of: $0.figure()) }
    levels = { try renderer.bytes(of: $0.figure()) }
    channels = { try renderer.bytes(of: $0.figure()) }
    everyBin = nil
    mostRows = nil
    figure = renderer
    isPage = false
  }

  /// The format of pages.
  private init(page extensions: [String]) {
    name = extensions[0]
    self.extensions = extensions
    (lines, density, bands, levels, channels) = (nil, nil, nil, nil, nil)
    everyBin = nil
    mostRows = nil
    figure = nil
    isPage = true
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

  /// The extension of files that the program names itself.
  public var fileExtension: String { extensions[0] }

  /// Lines over frequency as a figure: the document that images are drawn from.
  public static let svg = Exporter(figure: .svg)
  /// A page to open in a browser.
  public static let html = Exporter(page: ["html", "htm"])
}

/// Formats are equal if their names are.
extension Exporter: Hashable {
  /// Whether two formats have the same name.
  public static func == (first: Exporter, second: Exporter) -> Bool { first.name == second.name }

  /// Feeds the name to a hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
