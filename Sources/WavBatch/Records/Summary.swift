// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavExport
import WavSystem

/// Formats of a summary.
public enum SummaryFormat: String, CaseIterable, Sendable {
  /// A table with a header.
  case csv
  /// One JSON object a line.
  case ndjson
}

/// The files in a folder of outputs that the program keeps accounts in.
///
/// `summary.csv` is that of the whole batch, `summary.2-of-4.csv` that of a shard. A journal is hidden,
/// ends in `.journal`, and stays until the batch is complete; a list of outputs, which ends in
/// `.outputs`, tells of those that no summary names any more. These names and no others are reserved.
struct SummaryFolder {
  let path: String

  func summaryPath(_ shard: Shard?, _ format: SummaryFormat) -> String {
    "\(path)/summary\(shard?.suffix ?? "").\(format.rawValue)"
  }

  func journalPath(_ shard: Shard?) -> String {
    "\(path)/.summary\(shard?.suffix ?? "").journal"
  }

  func outputsPath(_ shard: Shard?) -> String {
    "\(path)/.summary\(shard?.suffix ?? "").outputs"
  }

  /// What a reserved name is for.
  enum Kind: Equatable {
    case summary(SummaryFormat)
    case journal
    case outputs
  }

  /// An account of the folder.
  struct Account {
    let name: String
    let kind: Kind
    let shard: Shard?
    /// Whether the program wrote it, and nobody has changed it since.
    let isOwn: Bool
    /// Time of its last change, in seconds and nanoseconds.
    let changed: (Int, Int)
    /// What was done, in a journal by the last of several batches.
    let records: [FileRecord]
    /// What was about to get its names when a batch was killed, or has got them.
    let naming: [FileRecord]
    /// What was written.
    let ledger: OutputLedger
  }

  /// What a name is reserved for, and for which shard; nil if it is free for outputs.
  static func reservation(_ name: String) -> (kind: Kind, shard: Shard?)? {
    let isHidden = name.utf8.first == UInt8(ascii: ".")
    let visible = isHidden ? String(Substring(name.utf8.dropFirst())) : name
    let kind: Kind
    switch (isHidden, fileExtension(of: visible)) {
    case (true, "journal"): kind = .journal
    case (true, "outputs"): kind = .outputs
    case (false, let ending):
      guard let format = SummaryFormat(rawValue: ending) else { return nil }
      kind = .summary(format)
    default: return nil
    }
    let stem = withoutExtension(visible)
    let shard = Self.shard(ofSummary: stem)
    guard stem == "summary" || shard != nil,
      // The extension as it is written.
      visible == "\(stem).\(fileExtension(of: visible))"
    else { return nil }
    return (kind, shard)
  }

  /// The shard whose summary has this name, without its extension: `summary.2-of-4`.
  static func shard(ofSummary stem: String) -> Shard? {
    let parts = stem.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "summary" else { return nil }
    let numbers = parts[1].split(separator: "-")
    guard numbers.count == 3, numbers[1] == "of", let number = Int(numbers[0]),
      let count = Int(numbers[2]), let shard = Shard(number, of: count),
      // As it is written: `02-of-4` is another name.
      stem == "summary\(shard.suffix)"
    else { return nil }
    return shard
  }

  /// Whether a batch is running, or was stopped before its end.
  func hasJournal(_ shard: Shard?) -> Bool { exists(journalPath(shard)) }

  /// Whether another batch is running than shards of this number.
  func hasOtherShards(than shard: Shard) -> Bool {
    ((try? entries(of: FilePath(spelled: path))) ?? []).contains { entry in
      guard let (kind, other) = Self.reservation(entry.name), kind == .journal else { return false }
      return other?.count != shard.count && FolderLock.isLocked("\(path)/\(entry.name)")
    }
  }

  /// Writes records as a summary, sorted; it appears complete or not at all.
  ///
  /// - Parameters:
  ///   - records: The records.
  ///   - shard: Whose they are.
  ///   - format: How to write them.
  ///   - bands: Names of bands that have a column.
  ///   - isForcing: Whether a file that the program did not write is replaced.
  /// - Throws: `WorkerFailure` when such a file is in the way, `SystemError` when it cannot be written.
  func write(
    _ records: [FileRecord], _ shard: Shard?, _ format: SummaryFormat, bands: [String],
    isForcing: Bool
  ) throws {
    let path = summaryPath(shard, format)
    guard isForcing || isFreeOrOwn(lastComponent(of: path)) else {
      throw occupied([path], in: self.path)
    }
    let file = try OutputFile(path: path)
    switch format {
    case .csv: try file.write(CSVRecords.text(records, bands: bands))
    case .ndjson: try file.write(JSONRecords.sealedText(records))
    }
    try OutputFile.commit([file])
  }

  /// Writes down outputs that no summary names, or removes the list if there are none.
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

  /// All accounts, the one changed last comes last.
  func accounts() -> [Account] {
    var accounts: [Account] = []
    // Another shard may remove what it has taken over meanwhile; then it is to be found there.
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

  /// Whether a reserved name is free, or what has it is the program's own.
  func isFreeOrOwn(_ name: String) -> Bool {
    isFree("\(path)/\(name)") || account(name)?.isOwn ?? false
  }

  /// The account of a reserved name; nil if there is none.
  private func account(_ name: String) -> Account? {
    guard let (kind, shard) = Self.reservation(name),
      let status = try? status(of: "\(path)/\(name)", ofLink: true)
    else { return nil }
    let isFile = status.type == .regular
    let bytes = isFile ? try? contents(of: FilePath(spelled: "\(path)/\(name)")) : nil
    // Gone just now.
    if isFile, bytes == nil, !exists("\(path)/\(name)") { return nil }
    var (records, ledger, isOwn) = ([FileRecord](), OutputLedger(), false)
    var naming: [PathKey: [FileRecord]] = [:]
    if let bytes {
      switch kind {
      case .summary(let format):
        let text = String(decoding: bytes, as: UTF8.self)
        isOwn = format == .csv ? CSVRecords.isWhole(text) : JSONRecords.isSealed(text)
        if isOwn { records = Self.records(in: text, format) }
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

  /// Whether a batch, or a shard, takes over an account: summaries, journals and lists of earlier
  /// batches, but not those of other shards of the same one, which may be at work.
  static func takesOver(_ account: Account, _ shard: Shard?) -> Bool {
    guard let shard, let owner = account.shard, owner.count == shard.count else { return true }
    return owner == shard
  }

  /// Removes accounts that were taken over.
  func remove(_ accounts: [Account]) {
    for account in accounts where account.isOwn { removeFile("\(path)/\(account.name)") }
  }

  /// The shards that have a summary here, with its format.
  func shards() -> [(shard: Shard, format: SummaryFormat)] {
    ((try? entries(of: FilePath(spelled: path))) ?? []).compactMap { entry in
      guard let (kind, shard) = Self.reservation(entry.name), case .summary(let format) = kind,
        let shard
      else { return nil }
      return (shard, format)
    }
  }

  /// The records of a summary, or nil if it is not as it was written.
  func wholeRecords(_ shard: Shard, _ format: SummaryFormat) -> [FileRecord]? {
    account(lastComponent(of: summaryPath(shard, format))).flatMap { $0.isOwn ? $0.records : nil }
  }
}
