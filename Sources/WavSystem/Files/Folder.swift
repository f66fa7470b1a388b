// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// A name in a folder.
public struct FolderEntry: Sendable {
  /// The name, as the bytes that it is.
  public let component: FilePath.Component

  /// The name as text; of one that is not UTF-8 something like it.
  public var name: String { component.string }

  /// Whether the name is UTF-8, so that text can say it.
  public var isReadable: Bool { String(validating: component) != nil }

  /// Whether the name begins with a dot.
  public var isHidden: Bool { name.utf8.first == UInt8(ascii: ".") }
}

/// What is in a folder, sorted by name, `.` and `..` left out.
///
/// - Throws: Why the folder cannot be read.
/// - Complexity: O(n log n) for n names.
public func entries(of folder: FilePath) throws(Errno) -> [FolderEntry] {
  guard let stream = folder.withPlatformString({ opendir($0) }) else { throw .last }
  defer { closedir(stream) }
  var entries: [(bytes: [UInt8], entry: FolderEntry)] = []
  while let entry = readdir(stream) {
    let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    guard let component = FilePath.Component(bytes: bytes), component.kind == .regular else {
      continue
    }
    entries.append((bytes, FolderEntry(component: component)))
  }
  return entries.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }.map(\.entry)
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
