// SPDX-License-Identifier: GPL-2.0-or-later

import WavRendering

/// Records as comma-separated values, one line each, after RFC 4180 with ends of line `\n`.
///
/// Lists are in one field, their items separated by semicolons: peaks as `HZ DBFS NOTE`, sizes as
/// `EXTENSION BYTES`.
enum CSVRecords {
  private static let columns = [
    "path", "status", "error", "channel", "duration_s", "sample_rate_hz", "channels", "frames",
    "transform_length", "rms_dbfs", "centroid_hz", "peaks", "loss_share", "energy_above_limit",
    "seconds", "output", "output_bytes", "options_hash", "options",
  ]

  /// The records with a header.
  static func text(_ records: [FileRecord]) -> String {
    var text = columns.joined(separator: ",") + "\n"
    for record in records {
      text += fields(of: record).map(CSV.quoted).joined(separator: ",") + "\n"
    }
    return text
  }

  /// Reads what ``text(_:)`` wrote; lines that cannot be understood are left out.
  static func records(in text: String) -> [FileRecord] {
    let lines = CSV.fields(of: text)
    guard let header = lines.first else { return [] }
    return lines.dropFirst().compactMap { line in
      guard line.count == header.count else { return nil }
      return record(Dictionary(zip(header, line), uniquingKeysWith: { first, _ in first }))
    }
  }

  private static func fields(of record: FileRecord) -> [String] {
    func text(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "" }
    let isDone = record.status != .error
    return [
      record.path, record.status.rawValue, text(record.error), text(record.channel),
      text(record.durationS), text(record.sampleRateHz), text(record.channels),
      text(record.frames), text(record.transformLength),
      // As in a spectrum: the level of silence.
      record.rmsDbfs.map(\.description) ?? (isDone ? "-inf" : ""), text(record.centroidHz),
      (record.peaks ?? []).map(Self.text).joined(separator: "; "), text(record.lossShare),
      text(record.energyAboveLimit), text(record.seconds),
      text(record.output),
      (record.outputBytes ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        .joined(separator: "; "),
      record.optionsHash, record.options,
    ]
  }

  private static func text(_ peak: FileRecord.Peak) -> String {
    ([peak.frequencyHz.description, peak.levelDbfs.description] + (peak.note.map { [$0] } ?? []))
      .joined(separator: " ")
  }

  private static func record(_ fields: [String: String]) -> FileRecord? {
    func text(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
    func number(_ name: String) -> Double? { text(name).flatMap { Double($0) } }
    func integer(_ name: String) -> Int? { text(name).flatMap { Int($0) } }
    guard let path = text("path"), let status = text("status").flatMap(FileRecord.Status.init),
      let hash = text("options_hash"), let options = text("options")
    else { return nil }
    var record = FileRecord(
      path: path, status: status, error: text("error"),
      options: OptionsInWords(text: options, hash: hash))
    guard status != .error else { return record }
    record.channel = text("channel")
    record.durationS = number("duration_s")
    record.sampleRateHz = integer("sample_rate_hz")
    record.channels = integer("channels")
    record.frames = integer("frames")
    record.transformLength = integer("transform_length")
    record.rmsDbfs = number("rms_dbfs").flatMap { $0.isFinite ? $0 : nil }
    record.centroidHz = number("centroid_hz")
    record.peaks = items(fields["peaks"]).compactMap(peak)
    record.lossShare = number("loss_share")
    record.energyAboveLimit = number("energy_above_limit")
    record.seconds = number("seconds")
    record.output = text("output")
    record.outputBytes = Dictionary(
      items(fields["output_bytes"]).compactMap(size), uniquingKeysWith: { first, _ in first })
    return record
  }

  private static func items(_ list: String?) -> [String] {
    (list ?? "").split(separator: ";").map { String($0.drop { $0 == " " }) }
  }

  private static func size(_ item: String) -> (String, Int)? {
    let words = item.split(separator: " ")
    return words.count == 2 ? Int(words[1]).map { (String(words[0]), $0) } : nil
  }

  private static func peak(_ item: String) -> FileRecord.Peak? {
    let words = item.split(separator: " ")
    guard words.count >= 2, let frequency = Double(words[0]), let level = Double(words[1]) else {
      return nil
    }
    return FileRecord.Peak(
      frequencyHz: frequency, levelDbfs: level, note: words.count > 2 ? String(words[2]) : nil)
  }
}
