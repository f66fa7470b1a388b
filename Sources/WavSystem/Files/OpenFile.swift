// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage

/// An open file, closed with its owner; programs that this process starts do not inherit it.
public struct OpenFile: ~Copyable, Sendable {
  /// The descriptor; valid as long as the owner lives.
  public let descriptor: FileDescriptor

  /// Takes ownership of an open file.
  public init(owning descriptor: FileDescriptor) { self.descriptor = descriptor }

  /// Opens the file at a path.
  public init(
    _ path: FilePath, _ mode: FileDescriptor.AccessMode,
    options: FileDescriptor.OpenOptions = [], permissions: FilePermissions? = nil
  ) throws(Errno) {
    descriptor = try systemCall {
      try .open(path, mode, options: options.union(.closeOnExec), permissions: permissions)
    }
  }

  /// Opens a new unnamed file for reading and writing.
  public init(unnamedIn folder: FilePath, permissions: FilePermissions) throws(Errno) {
    let number = folder.withPlatformString { shim_open_unnamed($0, permissions.rawValue) }
    guard number >= 0 else { throw .last }
    descriptor = FileDescriptor(rawValue: number)
  }

  /// Opens a new memory file.
  public init(inMemoryAs name: String) throws(Errno) {
    let number = shim_memfd_create(name)
    guard number >= 0 else { throw .last }
    descriptor = FileDescriptor(rawValue: number)
  }

  /// Opens a file that is already open again, with a file offset of its own.
  public init(reopening descriptor: FileDescriptor) throws(Errno) {
    try self.init(FilePath("/proc/self/fd/\(descriptor.rawValue)"), .readOnly)
  }

  deinit { try? descriptor.close() }

  /// Gives the descriptor to the caller, who closes it.
  public consuming func release() -> FileDescriptor {
    let descriptor = descriptor
    discard self
    return descriptor
  }
}
