// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials
import Glibc
import SystemPackage
import WavAnalysis
import WavSystem

/// The records of a running batch, in the order in which files are finished.
///
/// A hidden file in the output folder. Workers append to it, each entry with a single write, and
/// the coordinator reads their entries. If all processes are killed, `--resume` reads in it what
/// was done, and every later batch what was written. It is removed when the batch is complete.
final class Journal {
  /// A line of a journal.
  enum Entry {
    /// A batch begins: entries before this one are from earlier batches.
    case begin
    /// An output of an earlier batch.
    case output(OutputLedger.Entry)
    /// The outputs of these records are about to receive their names.
    case naming([FileRecord])
    /// These files are done or have failed.
    case finished([FileRecord])
  }

  let path: String
  private let file: OpenFile
  /// Offset up to which the coordinator has read.
  private var position = 0

  private static let remedy: Sentence = "make room and run again with \(.resumption)"

  /// Opens an existing journal, or creates one, and locks it.
  ///
  /// Existing entries are kept: they tell which outputs the program wrote.
  ///
  /// - Throws: `SystemError` when the folder cannot be written to, or another batch is writing to
  ///   it.
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
  ///   - ledger: Outputs of earlier batches.
  ///   - records: Records of earlier batches that are still valid.
  /// - Throws: `SystemError` when the journal cannot be written.
  func begin(_ ledger: OutputLedger, _ records: [FileRecord]) throws {
    var lines = try ledger.entries.map { try Self.line("output", $0) }
    lines.insert("{\"\(Self.beginning)\":\"\(programVersion)\"}\n", at: 0)
    if !records.isEmpty { lines.append(try Self.line("finished", records)) }
    // A file that is not a journal gets here only with --force.
    if !Self.isJournal(contents(from: 0)) {
      try systemCall("write \(path)") { try file.descriptor.resize(to: 0) }
    }
    // A batch that was killed may have left its last line without an end.
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

  /// Appends records of files that are done or have failed; any process that inherited the journal
  /// may call it.
  func finish(_ records: [FileRecord]) throws { try append(try Self.line("finished", records)) }

  /// Calls `name`, which gives the outputs of some records their names, with an entry before and
  /// after.
  ///
  /// If the process is killed in between, the journal knows the outputs.
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
    // A full disk takes a part. Other processes may have appended since, so the rest must not
    // follow.
    guard count == bytes.count else {
      throw SystemError(.noSpace, purpose: "write \(path)", remedy: Self.remedy)
    }
  }

  /// The records of files that were finished since the last call.
  func newRecords() -> [FileRecord] {
    let bytes = contents(from: position)
    // An incomplete last line is read by the next call.
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    position += end + 1
    return bytes[...end].split(separator: UInt8(ascii: "\n")).flatMap { line -> [FileRecord] in
      // Decoding other entries would be slow: they are long and many.
      guard line.starts(with: "{\"finished\"".utf8), case .finished(let records) = Self.entry(line)
      else { return [] }
      return records
    }
  }

  /// All outputs in the journal.
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

  /// The entries of a journal; lines that cannot be read, such as incomplete ones, are skipped.
  static func entries(in bytes: some Collection<UInt8>) -> [Entry] {
    Array(bytes).split(separator: UInt8(ascii: "\n")).compactMap { entry($0) }
  }

  /// Whether a file is a journal: it is empty, or begins like one.
  static func isJournal(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.isEmpty || bytes.starts(with: "{\"\(beginning)\"".utf8)
  }

  /// The text of a journal that has only outputs.
  static func text(_ entries: [OutputLedger.Entry]) throws -> String {
    "{\"\(beginning)\":\"\(programVersion)\"}\n"
      + (try entries.map { try line("output", $0) }.joined())
  }

  /// The coding of an entry: one of these is set.
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

  /// Removes a file that was created only for its lock.
  func removeIfEmpty() {
    if byteCount == 0 { remove() }
  }

  private var byteCount: Int64? { try? file.descriptor.seek(offset: 0, from: .end) }
}
