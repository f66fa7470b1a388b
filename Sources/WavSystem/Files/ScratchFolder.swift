// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// The folder of a scratch file.
public struct ScratchFolder: Sendable, Equatable {
  /// Its path, spelled.
  public let path: String
  /// A sentence for the user if the folder of `TMPDIR` is not used; else nil.
  public let warning: String?

  /// Chooses a folder: the named one, else `TMPDIR`, else `/var/tmp` or `/tmp`.
  ///
  /// Files on a file system in memory save no memory. Such a folder is refused if it was named, and
  /// skipped with a warning if it is `TMPDIR`.
  ///
  /// - Parameters:
  ///   - byteCount: The room that is needed.
  ///   - named: The folder that the user named for scratch files, spelled; nil if none.
  ///   - temporary: The value of `TMPDIR`, spelled; nil if it is not set.
  ///   - others: Folders to try if there is neither.
  /// - Returns: A folder that can be written to, perhaps without the room that is needed.
  /// - Throws: ``SystemError`` if there is no such folder.
  public static func choose(
    for byteCount: Int, named: String? = nil, temporary: String? = temporaryFolderOfUser(),
    others: [String] = ["/var/tmp", "/tmp"]
  ) throws(SystemError) -> ScratchFolder {
    let purpose = "keep \(readableBytes(byteCount)) on a disk"
    if let named {
      try requireUse(of: named, purpose)
      if !isMemory(named) { return ScratchFolder(path: named, warning: nil) }
      throw SystemError(
        .noSpace, purpose: purpose,
        remedy: "\(named) is memory, too; choose a folder on a disk (\(.scratchFolder))")
    }
    if let temporary {
      try requireUse(of: temporary, purpose)
      if !isMemory(temporary) { return ScratchFolder(path: temporary, warning: nil) }
    }
    // Asked once: the room changes all the time.
    let disks = others.filter { obstacle(in: $0) == nil && !isMemory($0) }
      .map { (path: $0, free: freeBytes(in: $0)) }
    let chosen = disks.first { $0.free >= byteCount } ?? disks.max { $0.free < $1.free }
    guard let path = chosen?.path else {
      let tried = [temporary].compactMap { $0 } + others
      throw SystemError(
        .noSpace, purpose: purpose,
        remedy:
          "\(tried.joined(separator: " and ")) are memory, or not to be written to; set TMPDIR "
          + "to a folder on a disk, or name one with \(.scratchFolder)")
    }
    let warning = temporary.map { "TMPDIR is \($0), which is memory; \(path) is used instead" }
    return ScratchFolder(path: path, warning: warning)
  }

  /// Throws an error if a folder cannot be written to.
  private static func requireUse(of folder: String, _ purpose: String) throws(SystemError) {
    guard let obstacle = obstacle(in: folder) else { return }
    throw SystemError(
      obstacle, purpose: "\(purpose) in \(folder)",
      remedy: "set TMPDIR to a folder that you may write to, or name one with \(.scratchFolder)")
  }

  /// The error that writing to a folder meets; nil if it can be written to.
  public static func obstacle(in folder: String) -> Errno? {
    let path = FilePath(spelled: folder).appending(".")
    return path.withPlatformString { access($0, W_OK | X_OK) == 0 ? nil : .last }
  }
}

/// The value of `TMPDIR`, spelled; nil if it is not set or empty.
public func temporaryFolderOfUser() -> String? {
  environmentVariable("TMPDIR").flatMap { $0.isEmpty ? nil : $0 }
}
