// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials
import Glibc
import SystemPackage
import WavAnalysis
import WavSystem

/// The records of a batch that is running, in the order in which files are finished.
///
/// A hidden file in the folder of outputs. Workers append to it, each entry with a single write, and
/// the coordinator reads what they wrote; should all of them be killed, `--resume` finds there what
/// was done, and every later batch what was written. It goes when the batch is complete.
final class Journal {
  /// A line of a journal.
  enum Entry {
    /// A batch begins: what is above was done by earlier ones.
    case begin
    /// An output that an earlier batch has written.
    case output(OutputLedger.Entry)
    /// The outputs of these records are about to get their names.
    case naming([FileRecord])
    /// These files are done, or have failed.
    case finished([FileRecord])
  }

  let path: String
  private let file: OpenFile
  /// How far the coordinator has read.
  private var position = 0

  private static let remedy = "make room and run again with --resume"

  /// Goes on with a journal, or begins one, and locks it.
  ///
  /// What is in it stays: it tells who wrote the outputs that are there.
  ///
  /// - Throws: `SystemError` when the folder cannot be written to, or another batch writes to it.
  init(path: String, in folder: String) throws(SystemError) {
    self.path = path
    file = try systemCall("write \(path)", remedy: "choose a folder that you may write to") {
      try OpenFile(
        FilePath(spelled: path), .readWrite, options: [.create, .append],
        permissions: FilePermissions(rawValue: 0o666))
    }
    try FolderLock.lock(file.descriptor, LOCK_EX, folder)
  }

  /// Begins a batch.
  ///
  /// - Parameters:
  ///   - ledger: What earlier ones have written.
  ///   - records: What they have done and is still true.
  /// - Throws: `SystemError` when it cannot be written.
  func begin(_ ledger: OutputLedger, _ records: [FileRecord]) throws {
    var lines = try ledger.entries.map { try Self.line("output", $0) }
    lines.insert("{\"\(Self.beginning)\":\"\(programVersion)\"}\n", at: 0)
    if !records.isEmpty { lines.append(try Self.line("finished", records)) }
    // What is no journal would not be here without --force.
    if !Self.isJournal(contents(from: 0)) {
      try systemCall("write \(path)") { try file.descriptor.resize(to: 0) }
    }
    // The last line of a batch that was killed may have no end.
    if let byteCount, byteCount > 0 { lines.insert("\n", at: 0) }
    try append(lines.joined())
    _ = newRecords()
  }

  private static let beginning = "wavfft_batch"

  private static func line(_ kind: String, _ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return "{\"\(kind)\":\(String(decoding: try encoder.encode(value), as: UTF8.self))}\n"
  }

  /// Appends records of files that are done or have failed, from any process that inherited the journal.
  func finish(_ records: [FileRecord]) throws { try append(try Self.line("finished", records)) }

  /// Calls `name`, which gives the outputs of some records their names, and tells before and after.
  ///
  /// Whoever is killed in between leaves outputs that the journal knows.
  func name(_ records: [FileRecord], _ name: () throws -> Void) throws {
    let list = try Self.line("naming", records).dropFirst("{\"naming\"".utf8.count)
    try append("{\"naming\"\(list)")
    try name()
    try append("{\"finished\"\(list)")
  }

  /// Appends lines.
  private func append(_ text: String) throws(SystemError) {
    let bytes = Array(text.utf8)
    let count = try systemCall("write \(path)", remedy: Self.remedy) {
      try bytes.withUnsafeBytes { try file.descriptor.write($0) }
    }
    // A full disk takes what fits. The rest would come after what others append meanwhile.
    guard count == bytes.count else {
      throw SystemError(.noSpace, purpose: "write \(path)", remedy: Self.remedy)
    }
  }

  /// The records of files that were finished since the last call.
  func newRecords() -> [FileRecord] {
    let bytes = contents(from: position)
    // A line that is still being written comes next time.
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    position += end + 1
    return bytes[...end].split(separator: UInt8(ascii: "\n")).flatMap { line -> [FileRecord] in
      // The others are long and many.
      guard line.starts(with: "{\"finished\"".utf8), case .finished(let records) = Self.entry(line)
      else { return [] }
      return records
    }
  }

  /// What the journal knows to be written, by whomever.
  func ledger() -> OutputLedger {
    var ledger = OutputLedger()
    for entry in Self.entries(in: contents(from: 0)) {
      switch entry {
      case .output(let entry): ledger.add(entry)
      case .naming(let records), .finished(let records): ledger.add(records)
      case .begin: break
      }
    }
    return ledger
  }

  private func contents(from start: Int) -> [UInt8] {
    (try? file.descriptor.readToEnd(fromAbsoluteOffset: start)) ?? []
  }

  /// The entries of a journal; lines that cannot be understood, such as one that was cut off, are left
  /// out.
  static func entries(in bytes: some Collection<UInt8>) -> [Entry] {
    Array(bytes).split(separator: UInt8(ascii: "\n")).compactMap { entry($0) }
  }

  /// Whether a file is a journal: empty, or it begins like one.
  static func isJournal(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.isEmpty || bytes.starts(with: "{\"\(beginning)\"".utf8)
  }

  /// The text of a journal that tells of outputs and of nothing else.
  static func text(_ entries: [OutputLedger.Entry]) throws -> String {
    "{\"\(beginning)\":\"\(programVersion)\"}\n"
      + (try entries.map { try line("output", $0) }.joined())
  }

  /// An entry as it is decoded: one of these.
  private struct Line: Decodable {
    var wavfftBatch: String?
    var output: OutputLedger.Entry?
    var naming: [FileRecord]?
    var finished: [FileRecord]?
  }

  private static func entry(_ line: some Collection<UInt8>) -> Entry? {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    guard let line = try? decoder.decode(Line.self, from: Data(line)) else { return nil }
    if line.wavfftBatch != nil { return .begin }
    return line.output.map(Entry.output) ?? line.naming.map(Entry.naming)
      ?? line.finished.map(Entry.finished)
  }

  /// Removes the file; its records are in the summary.
  func remove() { removeFile(path) }

  /// Removes a file that was made only to be locked.
  func removeIfEmpty() {
    if byteCount == 0 { remove() }
  }

  private var byteCount: Int64? { try? file.descriptor.seek(offset: 0, from: .end) }
}
