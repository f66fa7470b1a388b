// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A name in a folder.
public struct FolderEntry: Sendable {
  /// The name; of one that is not UTF-8 something like it.
  public let name: String
  /// Whether the name is UTF-8, so that the file can be opened by it.
  public let isReadable: Bool

  /// Whether the name begins with a dot.
  public var isHidden: Bool { name.utf8.first == UInt8(ascii: ".") }
}

/// What is in a folder, sorted by name, `.` and `..` left out; nil with `errno` if it cannot be read.
public func entries(of folder: String) -> [FolderEntry]? {
  guard let stream = opendir(folder) else { return nil }
  defer { closedir(stream) }
  var entries: [FolderEntry] = []
  while let entry = readdir(stream) {
    let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    let name = String(decoding: bytes, as: UTF8.self)
    guard name != ".", name != ".." else { continue }
    entries.append(FolderEntry(name: name, isReadable: Array(name.utf8) == bytes))
  }
  return entries.sorted { precedes($0.name, $1.name) }
}

/// A folder, whatever path leads to it.
public struct FolderIdentity: Hashable, Sendable {
  private let device: UInt
  private let node: UInt

  /// The folder that `stat` has told of; nil if it is something else.
  public init?(_ status: stat) {
    guard status.st_mode & S_IFMT == S_IFDIR else { return nil }
    device = UInt(status.st_dev)
    node = UInt(status.st_ino)
  }
}
