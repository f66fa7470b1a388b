// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// The right to write to a folder of outputs: of one batch alone, or of shards of the same number.
///
/// Where locks are not to be had, as on some network disks, everybody has it.
final class FolderLock {
  private let descriptor: Int32

  /// Locks a folder.
  ///
  /// - Throws: `SystemError` when it cannot be opened, or somebody else has the lock.
  init(_ path: String, isShared: Bool) throws(SystemError) {
    descriptor = try systemCall("open \(path)") { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    do {
      try Self.lock(descriptor, isShared ? LOCK_SH : LOCK_EX, path)
    } catch {
      close(descriptor)
      throw error
    }
  }

  deinit { close(descriptor) }

  /// Locks an open file, which is in a folder of outputs or is that folder.
  static func lock(
    _ descriptor: Int32, _ kind: Int32, _ folder: String
  ) throws(SystemError) {
    guard flock(descriptor, kind | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    throw busy("another one writes to \(folder)")
  }

  /// Whether a process holds the lock of the file at a path.
  static func isLocked(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  static func busy(_ reason: String) -> SystemError {
    SystemError(
      code: EBUSY, purpose: "begin the batch: \(reason)",
      remedy: "wait for it, choose another --out-dir, or divide the work with --shard")
  }
}
