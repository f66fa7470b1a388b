// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavRendering
import WavSharedMemory

/// Formats of a summary.
public enum SummaryFormat: String, CaseIterable, Sendable {
  /// A table with a header.
  case csv
  /// One JSON object a line.
  case ndjson
}

/// The summaries and journals in a folder of outputs.
///
/// `summary.csv` is that of the whole batch, `summary.2-of-4.csv` that of a shard; a journal is
/// hidden, ends in `.journal`, and stays until the batch is complete.
struct SummaryFolder {
  let path: String

  func summaryPath(_ shard: Shard?, _ format: SummaryFormat) -> String {
    "\(path)/summary\(shard?.suffix ?? "").\(format.rawValue)"
  }

  func journalPath(_ shard: Shard?) -> String {
    "\(path)/.summary\(shard?.suffix ?? "").journal"
  }

  /// Whether a batch is running, or was stopped before its end.
  func hasJournal(_ shard: Shard?) -> Bool { access(journalPath(shard), F_OK) == 0 }

  /// Writes records as a summary, sorted; it appears complete or not at all.
  func write(_ records: [FileRecord], _ shard: Shard?, _ format: SummaryFormat) throws {
    let file = try OutputFile(path: summaryPath(shard, format))
    switch format {
    case .csv: try file.write(CSVRecords.text(records))
    case .ndjson: try file.write(JSONRecords.text(records))
    }
    try OutputFile.commit([file])
  }

  /// All records of the folder by path of the input, the summary of the whole batch first, journals
  /// last: what comes later is newer.
  func records() -> [String: [FileRecord]] {
    var byPath: [String: [FileRecord]] = [:]
    for name in names() {
      for (path, records) in Dictionary(grouping: records(in: name), by: \.path) {
        byPath[path] = records
      }
    }
    return byPath
  }

  /// The shards that have a summary here, with its format.
  func shards() -> [(shard: Shard, format: SummaryFormat)] {
    names().compactMap { name in
      guard let dot = name.lastIndex(of: "."),
        let format = SummaryFormat(rawValue: String(name[name.index(after: dot)...])),
        let shard = Self.shard(ofSummary: String(name[..<dot]))
      else { return nil }
      return (shard, format)
    }
  }

  /// The shard whose summary has this name, without its extension: `summary.2-of-4`.
  static func shard(ofSummary stem: String) -> Shard? {
    let parts = stem.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "summary" else { return nil }
    let numbers = parts[1].split(separator: "-")
    guard numbers.count == 3, numbers[1] == "of", let number = Int(numbers[0]),
      let count = Int(numbers[2])
    else { return nil }
    return Shard(number, of: count)
  }

  /// The records of one summary or journal.
  func records(in name: String) -> [FileRecord] {
    guard let text = contents(of: "\(path)/\(name)") else { return [] }
    return name.hasSuffix(".csv") ? CSVRecords.records(in: text) : JSONRecords.records(in: text)
  }

  /// Names of the summaries, then of the journals.
  private func names() -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      let isSummary = SummaryFormat.allCases.contains { name.hasSuffix(".\($0.rawValue)") }
      if (name.hasPrefix("summary.") && isSummary)
        || (name.hasPrefix(".summary") && name.hasSuffix(".journal"))
      {
        names.append(name)
      }
    }
    func rank(_ name: String) -> Int { name.hasPrefix(".") ? 2 : name.contains("-of-") ? 1 : 0 }
    return names.sorted { (rank($0), $0) < (rank($1), $1) }
  }
}

/// The text of a file, or nil if it cannot be read.
private func contents(of path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return count == 0 ? String(decoding: bytes, as: UTF8.self) : nil }
    bytes += chunk[..<count]
  }
}
