// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// What tells whether a file is still the same one with the same contents.
struct FileIdentity: Equatable {
  /// Size in bytes.
  let byteCount: Int
  private let device: UInt
  private let node: UInt
  private let modified: [Int]

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
  }
}
