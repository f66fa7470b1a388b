// SPDX-License-Identifier: GPL-2.0-or-later

import Synchronization

/// The kind of memory that holds the pages of a region.
public enum MemoryBacking: String, Sendable {
  /// `shm_open`: a tmpfs mounted on `/dev/shm`.
  case posixSharedMemory = "POSIX shared memory"
  /// `memfd_create`: kernel memory without a mount.
  case memoryFile = "memory file"
  /// An unnamed file in the temporary folder.
  case temporaryFile = "temporary file"
  /// Memory that no other process sees.
  case ownMemory = "private memory"
}

/// The size of regions together, by the kind of their memory.
///
/// Regions are opened before their pages are allocated, so it is what a run is going to need.
public struct MemoryUse: Sendable, Equatable {
  private var bytes: [MemoryBacking: Int] = [:]

  /// Bytes of all regions together.
  public var byteCount: Int { bytes.values.reduce(0, +) }

  /// The kinds of memory in use, the largest first.
  public var backings: [MemoryBacking] {
    bytes.filter { $0.value > 0 }.sorted {
      ($0.value, $0.key.rawValue) > ($1.value, $1.key.rawValue)
    }
    .map(\.key)
  }

  /// Bytes of the regions of one kind.
  func byteCount(of backing: MemoryBacking) -> Int { bytes[backing] ?? 0 }

  /// Nothing.
  init() {}

  /// A region of one kind.
  init(_ byteCount: Int, of backing: MemoryBacking) { bytes[backing] = byteCount }

  /// The use of two together.
  public static func + (first: MemoryUse, second: MemoryUse) -> MemoryUse {
    var sum = first
    sum.bytes.merge(second.bytes, uniquingKeysWith: +)
    return sum
  }

  /// The shared regions of this process that are open now.
  static var now: MemoryUse { shared.withLock { $0 } }

  /// Records that a region was opened, or closed (with a negative number).
  static func add(_ byteCount: Int, of backing: MemoryBacking) {
    shared.withLock { $0.bytes[backing, default: 0] += byteCount }
  }

  private static let shared = Mutex(MemoryUse())
}
