// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// A mapped file, unmapped with its owner.
public struct Mapping: ~Copyable {
  /// The purpose of a mapping.
  public enum Access: Sendable {
    /// For reading; changes that others make to the file may become visible.
    case reading
    /// For writing, also by all processes that inherit the mapping.
    case writing
  }

  /// The first byte; page-aligned.
  public let base: UnsafeMutableRawPointer
  /// Number of bytes mapped.
  public let byteCount: Int

  /// Maps the first bytes of an open file; the file may then be closed.
  public init(_ file: FileDescriptor, byteCount: Int, for access: Access) throws(Errno) {
    let protection = access == .reading ? PROT_READ : PROT_READ | PROT_WRITE
    let base = mmap(nil, byteCount, protection, MAP_SHARED, file.rawValue, 0)
    guard let base, base != MAP_FAILED else { throw .last }
    self.base = base
    self.byteCount = byteCount
  }

  deinit { munmap(base, byteCount) }
}
