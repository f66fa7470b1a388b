// SPDX-License-Identifier: GPL-2.0-or-later

/// A recording on an index page, or one of its channels.
public struct IndexEntry: Sendable {
  /// What it is called on the page.
  public var name: String
  /// How its analysis ended: `ok`, `partial` or `error`.
  public var status: String
  /// Its page, as a relative reference that is percent-encoded; nil if it has none.
  public var page: String?
  /// Why it failed.
  public var error: String?
  /// The channel: `mix`, or a number.
  public var channel: String?
  /// Length in seconds.
  public var duration: Double?
  /// Frames per second.
  public var sampleRate: Int?
  /// RMS in dBFS; nil for silence.
  public var rms: Double?
  /// Whether no bin is in the band, which then has no level at all.
  public var hasNoBins = false
  /// Mean frequency in Hz; nil for silence.
  public var centroid: Double?
  /// The strongest peak: frequency in Hz, level in dBFS, and note.
  public var peak: (frequency: Double, level: Double, note: String?)?
  /// The level of each band in dBFS, nil for silence; bands that the recording does not have are missing.
  public var bands: [String: Double?] = [:]
  /// Its curve.
  public var thumbnail: Thumbnail?

  /// An entry without results.
  public init(name: String, status: String) {
    self.name = name
    self.status = status
  }
}

/// What is in the index page of many recordings.
public struct IndexContents: Sendable {
  /// The headline.
  public var title: String
  /// The line below it.
  public var subtitle: String
  /// Sentences on the whole.
  public var remarks: [String] = []
  /// What was computed, in words.
  public var options: String
  /// The colours that it opens with.
  public var theme = FigureTheme.auto
  /// The program with its version.
  public var program: String
  /// Names of the bands that have columns.
  public var bands: [String] = []
  /// The recordings, in their order.
  public var entries: [IndexEntry]

  /// Bytes that a page should not exceed.
  private static let suitableByteCount = 8_000_000
  /// Columns that the curves of a page may have; with fewer than twelve they would show nothing.
  private static let columnCounts = [1, 2, 4, 8].map { Thumbnail.columnCount / $0 }
  /// Bytes of the description that name the array of the curves, at most.
  private static let bytesOfArrayEntry = 100

  /// An index with default values for everything else.
  public init(
    title: String, subtitle: String, options: String, program: String, entries: [IndexEntry]
  ) {
    self.title = title
    self.subtitle = subtitle
    self.options = options
    self.program = program
    self.entries = entries
  }

  /// The page: its curves have as many columns as fit into 8 MB; if no number of them fits, there are none.
  ///
  /// - Throws: What encoding the description throws.
  public func document() throws -> PageDocument {
    var description = IndexDescription(self)
    guard entries.contains(where: { $0.thumbnail != nil }) else {
      return try PageDocument(description, [])
    }
    description.thumbnails = IndexDescription.Thumbnails(
      columns: Thumbnail.columnCount, lowHz: entries.map(\.thumbnail?.lowHz),
      highHz: entries.map(\.thumbnail?.highHz), array: 0)
    let room =
      Self.suitableByteCount - Self.bytesOfArrayEntry
      - (try PageDocument(description, []).byteCount)
    guard
      let columns = Self.columnCounts.first(where: { columns in
        PageDocument.byteCount(ofArray: columns * entries.count) <= room
      })
    else {
      description.thumbnails = nil
      return try PageDocument(description, [])
    }
    description.thumbnails?.columns = columns
    let none = [UInt8](repeating: Thumbnail.noBin, count: columns)
    let levels = entries.flatMap { $0.thumbnail?.levels(count: columns) ?? none }
    return try PageDocument(description, [PageArray(levels)])
  }
}
