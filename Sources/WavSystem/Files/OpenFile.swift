// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage

/// An open file, closed when its owner goes; programs that are started do not inherit it.
public struct OpenFile: ~Copyable {
  /// The file, to be used while the owner lives.
  public let descriptor: FileDescriptor

  /// Takes over an open file.
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

  /// Opens a new file that has no name, for reading and writing.
  public init(unnamedIn folder: FilePath, permissions: FilePermissions) throws(Errno) {
    let number = folder.withPlatformString { shim_open_unnamed($0, permissions.rawValue) }
    guard number >= 0 else { throw .last }
    descriptor = FileDescriptor(rawValue: number)
  }

  /// Opens a new file in memory.
  public init(inMemoryAs name: String) throws(Errno) {
    let number = shim_memfd_create(name)
    guard number >= 0 else { throw .last }
    descriptor = FileDescriptor(rawValue: number)
  }

  /// Opens a file that is open already once more, with a file offset of its own.
  public init(reopening descriptor: FileDescriptor) throws(Errno) {
    try self.init(FilePath("/proc/self/fd/\(descriptor.rawValue)"), .readOnly)
  }

  deinit { try? descriptor.close() }

  /// Hands the file over to the caller, who closes it.
  public consuming func release() -> FileDescriptor {
    let descriptor = descriptor
    discard self
    return descriptor
  }
}
