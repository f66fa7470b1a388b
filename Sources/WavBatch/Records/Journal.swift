// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSharedMemory

/// The records of a batch that is running, in the order in which files are finished.
///
/// A hidden file in the folder of outputs. Workers append to it, each record with a single write, and
/// the coordinator reads what they wrote; should all of them be killed, `--resume` finds there what
/// was done. It goes when the batch is complete.
final class Journal {
  let path: String
  private let descriptor: Int32
  /// The folder, locked: for a shard together with others.
  private let folder: Int32
  /// How far the coordinator has read.
  private var position = 0

  /// Begins an empty journal and locks it.
  ///
  /// - Throws: `SystemError` when the folder cannot be written to, or another batch writes to it.
  init(path: String, in folderPath: String, isShard: Bool) throws(SystemError) {
    self.path = path
    folder = try Self.lockedFolder(folderPath, isShared: isShard)
    let file = try systemCall(
      "write \(path)", remedy: "choose a folder that you may write to"
    ) { open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666) }
    do {
      try Self.lock(file, LOCK_EX, folderPath)
      try systemCall("write \(path)") { ftruncate(file, 0) }
    } catch {
      close(file)
      close(folder)
      throw error
    }
    descriptor = file
  }

  deinit {
    close(descriptor)
    close(folder)
  }

  private static func lockedFolder(
    _ path: String, isShared: Bool
  ) throws(SystemError) -> Int32 {
    let folder = try systemCall("open \(path)") { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    do {
      try lock(folder, isShared ? LOCK_SH : LOCK_EX, path)
    } catch {
      close(folder)
      throw error
    }
    return folder
  }

  /// Locks a file; where locks are not to be had, as on some network disks, there is none.
  private static func lock(
    _ descriptor: Int32, _ kind: Int32, _ folder: String
  ) throws(SystemError) {
    guard flock(descriptor, kind | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    throw SystemError(
      code: EBUSY, purpose: "begin the batch: another one writes to \(folder)",
      remedy: "wait for it, choose another --out-dir, or divide the work with --shard")
  }

  /// Appends records, from any process that inherited the journal.
  func append(_ records: [FileRecord]) throws {
    try append(Array(try JSONRecords.text(records).utf8))
  }

  /// Appends records that are text already.
  func append(_ bytes: [UInt8]) throws(SystemError) {
    let count = try systemCall("write \(path)", remedy: "make room and run again with --resume") {
      bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
    // A full disk takes what fits. The rest would come after what others append meanwhile.
    guard count == bytes.count else {
      throw SystemError(
        code: ENOSPC, purpose: "write \(path)", remedy: "make room and run again with --resume")
    }
  }

  /// The records that were appended since the last call.
  func newRecords() -> [FileRecord] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &chunk, chunk.count, off_t(position + bytes.count))
      guard count > 0 else { break }
      bytes += chunk[..<count]
    }
    // A line that is still being written comes next time.
    guard let end = bytes.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    position += end + 1
    return JSONRecords.records(in: String(decoding: bytes[...end], as: UTF8.self))
  }

  /// Removes the file; its records are in the summary.
  func remove() { unlink(path) }
}
