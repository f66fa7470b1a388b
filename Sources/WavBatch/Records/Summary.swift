// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavExport
import WavSystem

/// Formats of a summary.
public enum SummaryFormat: String, CaseIterable, Sendable {
  /// A table with a header.
  case csv
  /// One JSON object per line.
  case ndjson
}

/// The accounts of an output folder: the files in which the program records what it wrote.
///
/// `summary.csv` is the summary of a whole batch, `summary.2-of-4.csv` that of a shard. `index.html` is
/// the index page of a batch that writes pages, `index.2-of-4.html` that of a shard. A journal is a hidden file with the suffix `.journal`, and exists until the batch is complete. A list with
/// the suffix `.outputs` has the outputs that are in no summary any more. Only these names are
/// reserved.
struct SummaryFolder {
  let path: String

  /// The names of summaries and of indexes, without shard and extension.
  static let summaryName = "summary"
  static let indexName = "index"

  func summaryPath(_ shard: Shard?, _ format: SummaryFormat) -> String {
    "\(path)/\(Self.summaryName)\(shard?.suffix ?? "").\(format.rawValue)"
  }

  func indexPath(_ shard: Shard?) -> String {
    "\(path)/\(Self.indexName)\(shard?.suffix ?? "").\(Exporter.html.fileExtension)"
  }

  func journalPath(_ shard: Shard?) -> String {
    "\(path)/.summary\(shard?.suffix ?? "").journal"
  }

  func outputsPath(_ shard: Shard?) -> String {
    "\(path)/.summary\(shard?.suffix ?? "").outputs"
  }

  /// The purpose of a reserved name.
  enum Kind: Equatable {
    case summary(SummaryFormat)
    case index
    case journal
    case outputs
  }

  /// An account: a summary, an index, a journal or a list of outputs.
  struct Account {
    let name: String
    let kind: Kind
    let shard: Shard?
    /// Whether the program wrote it and nobody has changed it since.
    let isOwn: Bool
    /// Time of its last change, in seconds and nanoseconds.
    let changed: (Int, Int)
    /// The finished records; for a journal, those of its last batch.
    let records: [FileRecord]
    /// Records whose outputs were about to receive their names, or have received them, when a batch
    /// was killed.
    let naming: [FileRecord]
    /// The outputs.
    let ledger: OutputLedger
  }

  /// The purpose of a reserved name, and its shard; nil for a name that outputs may use.
  static func reservation(_ name: String) -> (kind: Kind, shard: Shard?)? {
    let isHidden = name.utf8.first == UInt8(ascii: ".")
    let visible = isHidden ? String(Substring(name.utf8.dropFirst())) : name
    let kind: Kind
    switch (isHidden, fileExtension(of: visible)) {
    case (true, "journal"): kind = .journal
    case (true, "outputs"): kind = .outputs
    case (false, Exporter.html.fileExtension): kind = .index
    case (false, let ending):
      guard let format = SummaryFormat(rawValue: ending) else { return nil }
      kind = .summary(format)
    default: return nil
    }
    let stem = withoutExtension(visible)
    let plain = kind == .index ? indexName : summaryName
    let shard = Self.shard(of: stem, plain)
    guard stem == plain || shard != nil,
      // Only with the extension spelled like this.
      visible == "\(stem).\(fileExtension(of: visible))"
    else { return nil }
    return (kind, shard)
  }

  /// The shard whose account has this name, without extension: `summary.2-of-4` for `summary`.
  static func shard(of stem: String, _ plain: String) -> Shard? {
    let parts = stem.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == plain else { return nil }
    let numbers = parts[1].split(separator: "-")
    guard numbers.count == 3, numbers[1] == "of", let number = Int(numbers[0]),
      let count = Int(numbers[2]), let shard = Shard(number, of: count),
      // Only spelled like this: `02-of-4` is another name.
      stem == "\(plain)\(shard.suffix)"
    else { return nil }
    return shard
  }

  /// Whether a batch is running or was stopped before its end.
  func hasJournal(_ shard: Shard?) -> Bool { exists(journalPath(shard)) }

  /// Whether another batch is running, apart from shards of the same count.
  func hasOtherShards(than shard: Shard) -> Bool {
    ((try? entries(of: FilePath(spelled: path))) ?? []).contains { entry in
      guard let (kind, other) = Self.reservation(entry.name), kind == .journal else { return false }
      return other?.count != shard.count && FolderLock.isLocked("\(path)/\(entry.name)")
    }
  }

  /// Writes records as a summary, and their index; the files appear together and complete, or not at all.
  ///
  /// - Parameters:
  ///   - records: The records.
  ///   - shard: The shard of the records.
  ///   - format: The format of the summary.
  ///   - bands: Names of the bands that have columns.
  ///   - index: The index; nil for none.
  ///   - isForcing: Whether to replace files that the program did not write.
  ///   - isMerging: Whether a merge writes them.
  /// - Throws: `RunFailure` when there is such a file, `SystemError` when one cannot be written.
  func write(
    _ records: [FileRecord], _ shard: Shard?, _ format: SummaryFormat, bands: [String],
    index: FolderIndex?, isForcing: Bool, isMerging: Bool = false
  ) throws {
    let path = summaryPath(shard, format)
    let paths = [path] + (index == nil ? [] : [indexPath(shard)])
    let taken = paths.filter { !isFreeOrOwn(lastComponent(of: $0)) }
    guard isForcing || taken.isEmpty else {
      throw occupied(taken, in: self.path, isMerging: isMerging)
    }
    let file = try OutputFile(path: path)
    switch format {
    case .csv: try file.write(CSVRecords.text(records, bands: bands))
    case .ndjson: try file.write(JSONRecords.sealedText(records))
    }
    try OutputFile.commit([file] + (index.map { [try $0.file(at: indexPath(shard))] } ?? []))
  }

  /// Writes the list of outputs that are in no summary; removes it if there are none.
  func writeOutputs(
    _ entries: [OutputLedger.Entry], _ shard: Shard?, isForcing: Bool = false
  ) throws {
    let path = outputsPath(shard)
    guard !entries.isEmpty else {
      if isForcing || account(lastComponent(of: path))?.isOwn == true { removeFile(path) }
      return
    }
    let file = try OutputFile(path: path)
    try file.write(try Journal.text(entries))
    try OutputFile.commit([file], isLast: false)
  }

  /// All accounts, in the order of their last change.
  func accounts() -> [Account] {
    var accounts: [Account] = []
    // Another shard may remove an account whose contents it has taken over; these are then in its
    // own.
    for _ in 0..<3 {
      let names = ((try? entries(of: FilePath(spelled: path))) ?? []).map(\.name).filter {
        Self.reservation($0) != nil
      }
      let found = names.map(account)
      accounts = found.compactMap { $0 }
      if accounts.count == names.count { break }
    }
    return accounts.sorted {
      ($0.changed.0, $0.changed.1, $0.name) < ($1.changed.0, $1.changed.1, $1.name)
    }
  }

  /// Whether a reserved name is free, or the program wrote its file.
  func isFreeOrOwn(_ name: String) -> Bool {
    isFree("\(path)/\(name)") || account(name)?.isOwn ?? false
  }

  /// The account of a reserved name; nil if there is no such file.
  private func account(_ name: String) -> Account? {
    guard let (kind, shard) = Self.reservation(name),
      let status = try? status(of: "\(path)/\(name)", ofLink: true)
    else { return nil }
    let isFile = status.type == .regular
    let bytes = isFile ? try? contents(of: FilePath(spelled: "\(path)/\(name)")) : nil
    // The file was removed in the meantime.
    if isFile, bytes == nil, !exists("\(path)/\(name)") { return nil }
    var (records, ledger, isOwn) = ([FileRecord](), OutputLedger(), false)
    var naming: [PathKey: [FileRecord]] = [:]
    if let bytes {
      switch kind {
      case .summary(let format):
        let text = String(decoding: bytes, as: UTF8.self)
        isOwn = format == .csv ? CSVRecords.isWhole(text) : JSONRecords.isSealed(text)
        if isOwn { records = Self.records(in: text, format) }
      case .index: isOwn = FolderIndex.isWhole(bytes)
      case .journal, .outputs:
        isOwn = Journal.isJournal(bytes)
        for entry in isOwn ? Journal.entries(in: bytes) : [] {
          switch entry {
          case .begin: (records, naming) = ([], [:])
          case .output(let entry): ledger.add(entry)
          case .naming(let list):
            if let first = list.first { naming[PathKey(first.path)] = list }
            ledger.add(list)
          case .finished(let list):
            for record in list { naming[PathKey(record.path)] = nil }
            records += list
            ledger.add(list)
          }
        }
      }
    }
    ledger.add(records)
    return Account(
      name: name, kind: kind, shard: shard, isOwn: isOwn,
      changed: (Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)), records: records,
      naming: naming.values.flatMap { $0 }, ledger: ledger)
  }

  private static func records(in text: String, _ format: SummaryFormat) -> [FileRecord] {
    format == .csv ? CSVRecords.records(in: text) : JSONRecords.records(in: text)
  }

  /// Whether a batch or shard takes over an account: it does with those of earlier batches, but not
  /// with those of other shards of the same batch, which may be running.
  static func takesOver(_ account: Account, _ shard: Shard?) -> Bool {
    guard let shard, let owner = account.shard, owner.count == shard.count else { return true }
    return owner == shard
  }

  /// Removes accounts that were taken over.
  func remove(_ accounts: [Account]) {
    for account in accounts where account.isOwn { removeFile("\(path)/\(account.name)") }
  }

  /// The shards that have a summary here, with the format.
  func shards() -> [(shard: Shard, format: SummaryFormat)] {
    ((try? entries(of: FilePath(spelled: path))) ?? []).compactMap { entry in
      guard let (kind, shard) = Self.reservation(entry.name), case .summary(let format) = kind,
        let shard
      else { return nil }
      return (shard, format)
    }
  }

  /// The records of a summary; nil if it was changed, or names outputs that lie elsewhere.
  func wholeRecords(_ shard: Shard, _ format: SummaryFormat) -> [FileRecord]? {
    guard let account = account(lastComponent(of: summaryPath(shard, format))), account.isOwn,
      account.records.allSatisfy(\.hasOutputsBelowFolder)
    else { return nil }
    return account.records
  }
}
