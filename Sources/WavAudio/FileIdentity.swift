// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// What tells whether a file is still the same one with the same contents.
///
/// A change of the contents shows in the size or the time of modification, or, if that was set back, in
/// the time of the last change of any kind, unless mode, owner or links have changed, too.
struct FileIdentity: Equatable {
  /// Size in bytes.
  let byteCount: Int
  private let device: UInt
  private let node: UInt
  private let modified: [Int]
  private let changed: [Int]
  private let attributes: [UInt]

  /// The identity of an open file, or nil if it has none.
  init?(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  /// The identity of the file at a path, or nil if there is none.
  init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    byteCount = Int(status.st_size)
    device = UInt(status.st_dev)
    node = UInt(status.st_ino)
    modified = [Int(status.st_mtim.tv_sec), Int(status.st_mtim.tv_nsec)]
    changed = [Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec)]
    attributes = [
      UInt(status.st_mode), UInt(status.st_uid), UInt(status.st_gid), UInt(status.st_nlink),
    ]
  }

  /// Whether size and time of modification of the same file are equal.
  func hasSameContents(as other: FileIdentity) -> Bool {
    byteCount == other.byteCount && device == other.device && node == other.node
      && modified == other.modified
  }

  static func == (first: FileIdentity, second: FileIdentity) -> Bool {
    first.hasSameContents(as: second)
      && (first.changed == second.changed || first.attributes != second.attributes)
  }
}
