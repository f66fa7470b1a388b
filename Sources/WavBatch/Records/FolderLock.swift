// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavSystem

/// The right to write to an output folder: for one batch alone, or for all shards of the same
/// count.
///
/// On file systems without locks, such as some network disks, every process has it.
final class FolderLock {
  private let folder: OpenFile

  /// Locks a folder.
  ///
  /// - Throws: `SystemError` when the folder cannot be opened, or another process has the lock.
  init(_ path: String, isShared: Bool) throws(SystemError) {
    folder = try systemCall("open \(path)") {
      try OpenFile(FilePath(spelled: path), .readOnly, options: .directory)
    }
    try Self.lock(folder.descriptor, isShared ? LOCK_SH : LOCK_EX, path)
  }

  /// Locks an open file, which is the output folder or a file in it.
  static func lock(
    _ file: FileDescriptor, _ kind: Int32, _ folder: String
  ) throws(SystemError) {
    guard flock(file.rawValue, kind | LOCK_NB) != 0, Errno.last == .wouldBlock else { return }
    throw busy("another one writes to \(folder)")
  }

  /// Whether a process holds the lock of the file at a path.
  static func isLocked(_ path: String) -> Bool {
    guard let file = try? OpenFile(FilePath(spelled: path), .readOnly) else { return false }
    return flock(file.descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 && Errno.last == .wouldBlock
  }

  static func busy(_ reason: String) -> SystemError {
    SystemError(
      .resourceBusy, purpose: "begin the batch: \(reason)",
      remedy: "wait for it, choose another \(.outputFolder), or divide the work with \(.shards)")
  }
}
