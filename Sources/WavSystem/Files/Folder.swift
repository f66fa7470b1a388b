// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// An entry of a folder.
public struct FolderEntry: Sendable {
  /// The name, as spelled text.
  public let name: String

  /// Whether the name begins with a dot.
  public var isHidden: Bool { name.utf8.first == UInt8(ascii: ".") }
}

/// The entries of a folder, sorted by name, without `.` and `..`.
///
/// - Throws: Why the folder cannot be read.
/// - Complexity: O(n log n) for n names.
public func entries(of folder: FilePath) throws(Errno) -> [FolderEntry] {
  guard let stream = folder.withPlatformString({ opendir($0) }) else { throw .last }
  defer { closedir(stream) }
  var entries: [(bytes: [UInt8], entry: FolderEntry)] = []
  while let entry = readdir(stream) {
    let bytes = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    guard bytes != [0x2e], bytes != [0x2e, 0x2e] else { continue }
    entries.append((bytes, FolderEntry(name: spelled(bytes))))
  }
  return entries.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }.map(\.entry)
}

/// The status of the file at a spelled path; with `ofLink`, of a symbolic link itself.
public func status(of path: String, ofLink: Bool = false) throws(Errno) -> Stat {
  try systemCall { try FilePath(spelled: path).stat(followTargetSymlink: !ofLink) }
}

/// Whether a spelled path leads to anything, also through a link.
public func exists(_ path: String) -> Bool { (try? status(of: path)) != nil }

/// Whether what is at a spelled path is a symbolic link.
public func isLink(_ path: String) -> Bool {
  (try? status(of: path, ofLink: true))?.type == .symbolicLink
}

/// Removes the file at a spelled path, if possible.
///
/// - Returns: Why it could not be removed; nil if it was.
@discardableResult
public func removeFile(_ path: String) -> Errno? {
  FilePath(spelled: path).withPlatformString { unlink($0) } == 0 ? nil : .last
}

/// A folder, independent of the path that leads to it.
public struct FolderIdentity: Hashable, Sendable {
  private let device: DeviceID
  private let node: Inode

  /// The folder with this status; nil if it is not a folder.
  public init?(_ status: Stat) {
    guard status.type == .directory else { return nil }
    device = status.deviceID
    node = status.inode
  }

  /// The folder at a spelled path; nil if there is none.
  public init?(_ path: String) {
    guard let status = try? WavSystem.status(of: path) else { return nil }
    self.init(status)
  }
}
