// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavExport
import WavSystem
import WavWorkers

/// The outputs that the program has written to a folder, according to its summaries and journals.
///
/// A file is the program's own if it has the bytes that the program wrote under that name. Name,
/// size and times are not enough, because a user may have replaced the file. Inodes and times are
/// not compared, so that a folder may be copied and synchronised.
struct OutputLedger {
  /// An output that was written.
  struct Entry: Codable, Equatable {
    /// Path below the folder.
    var output: String
    var bytes: Int
    var digest: String
  }

  private struct Known {
    let name: String
    var prints: [Fingerprint]
  }

  private var known: [PathKey: Known] = [:]

  /// All entries, sorted by name.
  var entries: [Entry] {
    known.values.sorted { precedes($0.name, $1.name) }.flatMap { known in
      known.prints.map { Entry(output: known.name, bytes: $0.bytes, digest: $0.digest) }
    }
  }

  /// All fingerprints that were recorded for a name.
  func prints(of name: String) -> [Fingerprint] { known[PathKey(name)]?.prints ?? [] }

  mutating func add(_ name: String, _ print: Fingerprint) {
    let prints = prints(of: name)
    guard !prints.contains(print) else { return }
    known[PathKey(name)] = Known(name: name, prints: prints + [print])
  }

  mutating func add(_ entry: Entry) {
    add(entry.output, Fingerprint(bytes: entry.bytes, digest: entry.digest))
  }

  mutating func add(_ records: some Sequence<FileRecord>) {
    for record in records {
      for (name, print) in record.prints { add(name, print) }
    }
  }

  mutating func add(_ other: OutputLedger) { for entry in other.entries { add(entry) } }

  /// The entries of existing outputs that are in no record.
  func orphans(of records: some Sequence<FileRecord>, in folder: String) -> [Entry] {
    var current = OutputLedger()
    current.add(records)
    return entries.filter { entry in
      current.prints(of: entry.output).isEmpty
        && (try? status(of: "\(folder)/\(entry.output)", ofLink: true).size) == Int64(entry.bytes)
    }
  }

  /// Whether a file may be one of the program's outputs of this name, judged by its size: that of a
  /// recorded output, or less, because a crash of the system leaves outputs short.
  func mayHaveWritten(_ name: String, at path: String) -> Bool {
    guard let status = try? status(of: path) else { return isFree(path) }
    guard status.type == .regular else { return false }
    return prints(of: name).contains { Int(status.size) <= $0.bytes }
  }

  /// Whether replacing a file by a new output loses nothing: the program wrote the file, or the new
  /// output begins with all of its bytes.
  func mayReplace(_ name: String, at path: String, by new: OutputFile, _ print: Fingerprint) -> Bool
  {
    guard let status = try? status(of: path) else { return isFree(path) }
    guard status.type == .regular else { return false }
    let size = Int(status.size)
    if size == print.bytes || prints(of: name).contains(where: { $0.bytes == size }) {
      guard let found = Fingerprint(path: path) else { return false }
      if found == print || prints(of: name).contains(found) { return true }
    }
    return size < print.bytes && isBeginning(path, of: new)
  }

  private func isBeginning(_ path: String, of new: OutputFile) -> Bool {
    guard let file = try? OpenFile(FilePath(spelled: path), .readOnly) else { return false }
    var old = [UInt8](repeating: 0, count: 1 << 16)
    var begun = old
    var done = 0
    while true {
      let count = try? old.withUnsafeMutableBytes {
        try file.descriptor.read(fromAbsoluteOffset: Int64(done), into: $0)
      }
      guard let count, count > 0 else { return count == 0 }
      var matching = 0
      while matching < count {
        let read = begun.withUnsafeMutableBytes { bytes in
          try? new.read(
            into: UnsafeMutableRawBufferPointer(rebasing: bytes[matching..<count]),
            at: done + matching)
        }
        guard let read, read > 0 else { return false }
        matching += read
      }
      guard old[..<count] == begun[..<count] else { return false }
      done += count
    }
  }
}

/// Whether there is nothing at a path, not even a link without a target.
func isFree(_ path: String) -> Bool {
  do throws(Errno) {
    _ = try status(of: path, ofLink: true)
    return false
  } catch {
    return error == .noSuchFileOrDirectory
  }
}

extension FileRecord {
  /// The outputs of the record, by their paths below the output folder.
  var prints: [(name: String, print: Fingerprint)] {
    guard let output, let outputBytes, let outputDigests else { return [] }
    return outputBytes.compactMap { format, bytes in
      outputDigests[format].map { ("\(output).\(format)", Fingerprint(bytes: bytes, digest: $0)) }
    }
  }
}

/// The error for files that the program is not known to have written.
///
/// - Parameters:
///   - paths: The files.
///   - folder: The folder of outputs.
///   - isMerging: Whether a merge would replace them, which can neither choose another folder nor force.
/// - Returns: The error.
func occupied(_ paths: [String], in folder: String, isMerging: Bool = false) -> RunFailure {
  let obstacle = paths.lazy.compactMap {
    Obstacle(String(Substring($0.utf8.dropFirst(folder.utf8.count))), in: folder)
  }.first
  if let obstacle {
    let way: Sentence =
      isMerging
      ? "; move it away"
      : ", which not even \(.force) replaces; move it away, or choose another \(.outputFolder)"
    return RunFailure(
      .cannotCreateOutput, "\(obstacle.path) is in the way and is \(obstacle.kind)\(way)")
  }
  let names = paths.prefix(3).joined(separator: ", ")
  let more = paths.count > 3 ? " and \(grouped(paths.count - 3)) more" : ""
  let (verb, it, they) = paths.count == 1 ? ("is", "it", "it is") : ("are", "them", "they are")
  // A merge and an index have no summary to ask: the file itself shows who wrote it.
  let showItself =
    isMerging
    || paths.contains { SummaryFolder.reservation(lastComponent(of: $0))?.kind == .index }
  let reason =
    showItself
    ? "wavfft did not write \(it) as \(they)"
    : "no summary in \(folder) tells that wavfft wrote \(it) as \(they)"
  let ways: Sentence =
    isMerging
    ? "" : ", choose another \(.outputFolder), or replace \(it) with \(.force)"
  return RunFailure(
    .cannotCreateOutput,
    "\(names)\(more) \(verb) in the way, and \(reason); move \(it) away\(ways)")
}
