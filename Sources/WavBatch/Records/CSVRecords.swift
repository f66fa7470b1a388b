// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials
import WavExport
import WavSystem

/// Records as comma-separated values after RFC 4180, one per line; lines end with `\n`.
///
/// A list is one field, with semicolons between its items: peaks as `HZ DBFS NOTE`, sizes and
/// digests as `EXTENSION VALUE`. The strongest peak and the bands also have columns of their own.
/// Columns that not all summaries have are left out if no record needs them.
/// The last field of a line is the digest of the other fields, so that the summary alone shows
/// whether it was changed.
enum CSVRecords {
  /// The columns that not all summaries have.
  struct OptionalColumns {
    /// Names of bands.
    var bands: [String] = []
    /// The time of the inputs' last status change, which earlier versions did not write.
    var hasChanges = true
    /// The curve for an index page.
    var hasThumbnails = false
  }

  private static func columns(_ optional: OptionalColumns) -> [String] {
    let results = [
      "path", "status", "error", "channel", "duration_s", "sample_rate_hz", "channels", "frames",
      "transform_length", "rms_dbfs", "centroid_hz", "peak_hz", "peak_dbfs", "peak_note",
    ]
    var files = [
      "peaks", "loss_share", "energy_above_limit", "seconds", "output", "output_bytes",
      "output_digests", "input_bytes", "input_modified", "input_inode",
    ]
    if optional.hasChanges { files.append(changes) }
    if optional.hasThumbnails { files.append(thumbnail) }
    return results + optional.bands.map(column) + files + [
      "options_hash", "options", "line_digest",
    ]
  }

  /// The column that summaries of earlier versions do not have.
  private static let changes = "input_changed"
  /// The column of batches that write pages.
  private static let thumbnail = "thumbnail"

  /// The column of a band: `band_63_dbfs`, `band_250-500_dbfs`.
  private static func column(_ band: String) -> String {
    "band_\(band.replacing(":", with: "-"))_dbfs"
  }

  /// The names of the bands that have columns in a header.
  private static func bands(in header: [String]) -> [String] {
    header.filter { $0.hasPrefix("band_") && $0.hasSuffix("_dbfs") }.map {
      String($0.dropFirst(5).dropLast(5)).replacing("-", with: ":")
    }
  }

  /// The header and the records.
  ///
  /// - Parameters:
  ///   - records: The records, in order.
  ///   - bands: Names of the bands that have columns.
  ///   - hasChanges: Whether there is a column for the time of the inputs' last status change.
  /// - Returns: The whole text of the summary.
  static func text(
    _ records: [FileRecord], bands: [String] = [], hasChanges: Bool = true
  ) -> String {
    let optional = OptionalColumns(
      bands: bands, hasChanges: hasChanges,
      hasThumbnails: records.contains { $0.thumbnail != nil })
    return self.text(records, optional)
  }

  private static func text(_ records: [FileRecord], _ optional: OptionalColumns) -> String {
    var text = columns(optional).joined(separator: ",") + "\n"
    for record in records {
      // Some programs take semicolons and tabs for commas.
      let line = CSV.line(fields(of: record, optional), separators: ",;\t")
      text += "\(line),\(ContentDigest.of(line))\n"
    }
    return text
  }

  /// Whether a text is an unchanged result of ``text(_:bands:)``.
  static func isWhole(_ text: String) -> Bool {
    let header = CSV.fields(of: String(text.prefix { $0 != "\n" })).first ?? []
    let optional = OptionalColumns(
      bands: bands(in: header), hasChanges: header.contains(changes),
      hasThumbnails: header.contains(thumbnail))
    return Self.text(records(in: text), optional).utf8.elementsEqual(text.utf8)
  }

  /// Reads the result of ``text(_:)``; lines that cannot be read are skipped.
  static func records(in text: String) -> [FileRecord] {
    let lines = CSV.fields(of: text)
    guard let header = lines.first else { return [] }
    return lines.dropFirst().compactMap { line in
      guard line.count == header.count else { return nil }
      return record(
        Dictionary(zip(header, line), uniquingKeysWith: { first, _ in first }), bands(in: header))
    }
  }

  private static func fields(of record: FileRecord, _ optional: OptionalColumns) -> [String] {
    func text(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "" }
    func list(_ values: [String: some CustomStringConvertible]?) -> String {
      (values ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        .joined(separator: "; ")
    }
    // Silence has the same level as in a spectrum.
    func level(_ value: Double?) -> String { value?.description ?? "-inf" }
    let isDone = record.status != .error
    let strongest = record.peaks?.first
    let results = [
      safe(record.path), record.status.rawValue, safe(text(record.error)), text(record.channel),
      text(record.durationS), text(record.sampleRateHz), text(record.channels),
      text(record.frames), text(record.transformLength),
      isDone && record.hasNoBins != true ? level(record.rmsDbfs) : "", text(record.centroidHz),
      text(strongest?.frequencyHz), text(strongest?.levelDbfs), text(strongest?.note),
    ]
    let bands = optional.bands.map { record.bandLevels?[$0].map(level) ?? "" }
    var files = [
      (record.peaks ?? []).map(Self.text).joined(separator: "; "), text(record.lossShare),
      text(record.energyAboveLimit), text(record.seconds), safe(text(record.output)),
      list(record.outputBytes), list(record.outputDigests), text(record.inputBytes),
      text(record.inputModified), text(record.inputInode),
    ]
    if optional.hasChanges { files.append(text(record.inputChanged)) }
    if optional.hasThumbnails { files.append(record.thumbnail.map(Self.text) ?? "") }
    return results + bands + files + [record.optionsHash, safe(record.options)]
  }

  /// The characters with which spreadsheets begin a formula.
  private static let beginnings = Set("=+-@\t\r".utf8)

  /// Whether a text, without leading apostrophes, would be a formula.
  private static func isFormula(_ text: some StringProtocol) -> Bool {
    text.utf8.first { $0 != UInt8(ascii: "'") }.map(beginnings.contains) ?? false
  }

  /// A text that spreadsheets do not take for a formula, because it begins with an apostrophe.
  private static func safe(_ text: String) -> String { isFormula(text) ? "'" + text : text }

  /// The inverse of ``safe(_:)``.
  private static func plain(_ text: String) -> String {
    text.utf8.first == UInt8(ascii: "'") && isFormula(text)
      ? String(Substring(text.utf8.dropFirst())) : text
  }

  private static func text(_ peak: FileRecord.Peak) -> String {
    ([peak.frequencyHz.description, peak.levelDbfs.description] + (peak.note.map { [$0] } ?? []))
      .joined(separator: " ")
  }

  private static func record(_ fields: [String: String], _ bands: [String]) -> FileRecord? {
    func text(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
    func number(_ name: String) -> Double? { text(name).flatMap(finite) }
    func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
    guard let path = text("path").map(plain),
      let status = text("status").flatMap(FileRecord.Status.init),
      let hash = text("options_hash"), let options = text("options").map(plain)
    else { return nil }
    var record = FileRecord(
      path: path, status: status, error: text("error").map(plain),
      options: OptionsInWords(text: options, hash: hash))
    guard status != .error else { return record }
    record.channel = text("channel")
    record.durationS = number("duration_s")
    record.sampleRateHz = integer("sample_rate_hz")
    record.channels = integer("channels")
    record.frames = integer("frames")
    record.transformLength = integer("transform_length")
    record.rmsDbfs = number("rms_dbfs")
    if text("rms_dbfs") == nil { record.hasNoBins = true }
    record.centroidHz = number("centroid_hz")
    if !bands.isEmpty {
      let levels = bands.compactMap { band in
        text(column(band)).map { (band, finite($0)) }
      }
      record.bandLevels = Dictionary(levels, uniquingKeysWith: { first, _ in first })
    }
    record.peaks = items(fields["peaks"]).compactMap(peak)
    record.lossShare = number("loss_share")
    record.energyAboveLimit = number("energy_above_limit")
    record.seconds = number("seconds")
    record.output = text("output").map(plain)
    record.outputBytes = Dictionary(
      items(fields["output_bytes"]).compactMap(pair).compactMap { name, size in
        Int(size).map { (name, $0) }
      }, uniquingKeysWith: { first, _ in first })
    if let digests = text("output_digests") {
      record.outputDigests = Dictionary(
        items(digests).compactMap(pair), uniquingKeysWith: { first, _ in first })
    }
    record.inputBytes = integer("input_bytes")
    record.inputModified = text("input_modified")
    record.inputInode = text("input_inode").flatMap { UInt64($0) }
    record.inputChanged = text(changes)
    record.thumbnail = text(thumbnail).flatMap(curve)
    return record
  }

  /// A curve as `HZ HZ BASE64`: the ends of its axis, and its levels.
  private static func text(_ thumbnail: Thumbnail) -> String {
    "\(thumbnail.lowHz) \(thumbnail.highHz) \(thumbnail.levels.base64EncodedString())"
  }

  private static func curve(_ text: String) -> Thumbnail? {
    let words = text.split(separator: " ")
    guard words.count == 3, let low = finite(words[0]), let high = finite(words[1]),
      let levels = Data(base64Encoded: String(words[2]))
    else { return nil }
    return Thumbnail(lowHz: low, highHz: high, levels: levels)
  }

  /// A number that JSON can have, too; silence is none.
  private static func finite(_ text: some StringProtocol) -> Double? {
    Double(text).flatMap { $0.isFinite ? $0 : nil }
  }

  private static func items(_ list: String?) -> [String] {
    (list ?? "").split(separator: ";").map { String($0.drop { $0 == " " }) }
  }

  private static func pair(_ item: String) -> (String, String)? {
    let words = item.split(separator: " ")
    return words.count == 2 ? (String(words[0]), String(words[1])) : nil
  }

  private static func peak(_ item: String) -> FileRecord.Peak? {
    let words = item.split(separator: " ")
    guard words.count >= 2, let frequency = finite(words[0]), let level = finite(words[1]) else {
      return nil
    }
    return FileRecord.Peak(
      frequencyHz: frequency, levelDbfs: level, note: words.count > 2 ? String(words[2]) : nil)
  }
}
