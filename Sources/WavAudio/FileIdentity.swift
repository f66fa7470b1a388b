// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavSystem

/// Tells whether a file is still the same file with the same contents.
///
/// A change of the contents changes the size or the time of modification. If a program has set that
/// time back, the time of the last status change differs. It counts only if mode, owner and links
/// are unchanged, because changing those changes it, too.
struct FileIdentity: Equatable {
  /// Size in bytes.
  let byteCount: Int
  private let device: DeviceID
  private let node: Inode
  private let modified: [Int]
  private let changed: [Int]
  private let attributes: [UInt]

  /// The identity of an open file.
  init(_ descriptor: FileDescriptor) throws(Errno) {
    self.init(try systemCall { try descriptor.stat() })
  }

  /// The identity of the file at a path.
  init(_ path: FilePath) throws(Errno) { self.init(try systemCall { try path.stat() }) }

  private init(_ status: Stat) {
    byteCount = Int(status.size)
    device = status.deviceID
    node = status.inode
    modified = [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
    changed = [Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec)]
    attributes = [
      UInt(status.mode.rawValue), UInt(status.userID.rawValue), UInt(status.groupID.rawValue),
      UInt(status.linkCount),
    ]
  }

  /// Whether this is the same file with equal size and time of modification.
  func hasSameContents(as other: FileIdentity) -> Bool {
    byteCount == other.byteCount && device == other.device && node == other.node
      && modified == other.modified
  }

  static func == (first: FileIdentity, second: FileIdentity) -> Bool {
    first.hasSameContents(as: second)
      && (first.changed == second.changed || first.attributes != second.attributes)
  }
}
