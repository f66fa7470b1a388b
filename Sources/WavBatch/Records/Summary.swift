// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavFiles
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

  /// All records of the folder by path of the input; of several those of the summary or journal that was
  /// written last.
  func records() -> [PathKey: [FileRecord]] {
    var byPath: [PathKey: [FileRecord]] = [:]
    for name in names() {
      let records = records(in: name)
      for (path, records) in Dictionary(grouping: records, by: { PathKey($0.path) }) {
        byPath[path] = records
      }
    }
    return byPath
  }

  /// Removes what vouches for outputs that are going to be replaced: summaries and journals of earlier
  /// batches, but not those of other shards of the same one, nor its own journal.
  func forget(_ shard: Shard?) {
    for name in names() {
      let owner = Self.shard(ofSummary: Self.summaryStem(name))
      if let shard, let owner, owner.count == shard.count, owner != shard { continue }
      if "\(path)/\(name)" != journalPath(shard) { unlink("\(path)/\(name)") }
    }
  }

  /// The name of a summary, or of that of a journal, without its extension.
  private static func summaryStem(_ name: String) -> String {
    let visible = name.hasPrefix(".") ? String(name.dropFirst()) : name
    return visible.lastIndex(of: ".").map { String(visible[..<$0]) } ?? visible
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

  /// The records of a summary, or nil if it is not as it was written.
  func wholeRecords(_ shard: Shard, _ format: SummaryFormat) -> [FileRecord]? {
    guard let text = contents(of: summaryPath(shard, format)) else { return nil }
    let records = format == .csv ? CSVRecords.records(in: text) : JSONRecords.records(in: text)
    let again = format == .csv ? CSVRecords.text(records) : try? JSONRecords.text(records)
    return again == text ? records : nil
  }

  /// Names of the summaries and journals, the one written last comes last.
  private func names() -> [String] {
    let names = (entries(of: path) ?? []).map(\.name).filter { name in
      let isSummary = SummaryFormat.allCases.contains { name.hasSuffix(".\($0.rawValue)") }
      return (name.hasPrefix("summary.") && isSummary)
        || (name.hasPrefix(".summary") && name.hasSuffix(".journal"))
    }
    // Seconds and nanoseconds of the last change; the name decides between equals.
    let dated = names.map { name -> (Int, Int, String) in
      var status = stat()
      guard stat("\(path)/\(name)", &status) == 0 else { return (0, 0, name) }
      return (status.st_mtim.tv_sec, status.st_mtim.tv_nsec, name)
    }
    return dated.sorted { $0 < $1 }.map(\.2)
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
