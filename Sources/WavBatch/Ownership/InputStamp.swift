// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// Tells whether an input is still the file that was analysed.
///
/// It has the size, the time of the last modification in nanoseconds, the inode, and the time of
/// the last status change.
///
/// The modification time alone is not enough: `cp -p` and `mv` keep the time of the file that they
/// copy or move, and `cp -p` keeps the inode of the file that it overwrites. The time of the last
/// status change cannot be set.
struct InputStamp {
  /// Size in bytes.
  let bytes: Int
  /// Time of the last modification, as ISO 8601 in UTC with nine decimals.
  let modified: String
  /// Inode number.
  let inode: UInt64
  /// Time of the last status change, like ``modified``; nil in records of earlier versions.
  let changed: String?

  /// The stamp of the file at a path; nil if there is none.
  init?(path: String) {
    guard let status = try? status(of: path) else { return nil }
    bytes = Int(status.size)
    inode = UInt64(status.inode.rawValue)
    guard let modified = Self.text(status.st_mtim) else { return nil }
    self.modified = modified
    changed = Self.text(status.st_ctim)
  }

  /// A time, as ISO 8601 in UTC with nine decimals.
  private static func text(_ time: timespec) -> String? {
    var seconds = time.tv_sec
    var date = tm()
    guard gmtime_r(&seconds, &date) != nil else { return nil }
    func padded(_ number: Int, _ count: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    return
      "\(padded(Int(date.tm_year) + 1900, 4))-\(padded(Int(date.tm_mon) + 1, 2))"
      + "-\(padded(Int(date.tm_mday), 2))T\(padded(Int(date.tm_hour), 2))"
      + ":\(padded(Int(date.tm_min), 2)):\(padded(Int(date.tm_sec), 2))"
      + ".\(padded(Int(time.tv_nsec), 9))Z"
  }

  /// The stamp in a record; nil if it has none.
  init?(_ record: FileRecord) {
    guard let bytes = record.inputBytes, let modified = record.inputModified,
      let inode = record.inputInode
    else { return nil }
    self.bytes = bytes
    self.modified = modified
    self.inode = inode
    changed = record.inputChanged
  }

  /// Whether a record agrees with this stamp, as far as it has these fields.
  func agrees(with record: FileRecord) -> Bool {
    guard let recorded = InputStamp(record) else { return false }
    return bytes == recorded.bytes && modified == recorded.modified && inode == recorded.inode
      && (recorded.changed == nil || changed == recorded.changed)
  }
}
