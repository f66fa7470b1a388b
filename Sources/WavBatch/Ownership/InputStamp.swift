// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// What tells whether an input is still the file that was analysed: its size, the time of its last
/// modification in nanoseconds, and its inode.
///
/// The time alone would not do: `cp -p` and `mv` bring along that of another file.
struct InputStamp: Equatable {
  /// Size in bytes.
  let bytes: Int
  /// Time of the last modification, ISO 8601 in UTC with nine decimals.
  let modified: String
  /// Number of the inode.
  let inode: UInt64

  /// The stamp of the file at a path; nil if there is none.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    bytes = Int(status.st_size)
    inode = UInt64(status.st_ino)
    var seconds = status.st_mtim.tv_sec
    var date = tm()
    guard gmtime_r(&seconds, &date) != nil else { return nil }
    func padded(_ number: Int, _ count: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
    modified =
      "\(padded(Int(date.tm_year) + 1900, 4))-\(padded(Int(date.tm_mon) + 1, 2))"
      + "-\(padded(Int(date.tm_mday), 2))T\(padded(Int(date.tm_hour), 2))"
      + ":\(padded(Int(date.tm_min), 2)):\(padded(Int(date.tm_sec), 2))"
      + ".\(padded(Int(status.st_mtim.tv_nsec), 9))Z"
  }

  /// The stamp in a record, if it has one.
  init?(_ record: FileRecord) {
    guard let bytes = record.inputBytes, let modified = record.inputModified,
      let inode = record.inputInode
    else { return nil }
    self.bytes = bytes
    self.modified = modified
    self.inode = inode
  }
}
