// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// A file in memory, unmapped when its owner goes.
public struct Mapping: ~Copyable {
  /// What a mapping is for.
  public enum Access: Sendable {
    /// To be read; who else writes to the file may be seen.
    case reading
    /// To be written to, by all processes that inherit the mapping.
    case writing
  }

  /// The first byte; page-aligned.
  public let base: UnsafeMutableRawPointer
  /// Bytes that are mapped.
  public let byteCount: Int

  /// Maps the first bytes of an open file, which may be closed then.
  public init(_ file: FileDescriptor, byteCount: Int, for access: Access) throws(Errno) {
    let protection = access == .reading ? PROT_READ : PROT_READ | PROT_WRITE
    let base = mmap(nil, byteCount, protection, MAP_SHARED, file.rawValue, 0)
    guard let base, base != MAP_FAILED else { throw .last }
    self.base = base
    self.byteCount = byteCount
  }

  deinit { munmap(base, byteCount) }
}
