// SPDX-License-Identifier: GPL-2.0-or-later

import Synchronization

/// The total size of the shared regions of this process.
///
/// Regions are opened before their pages are allocated, so the total is what a run is going to
/// need.
public struct SharedMemoryUse: Sendable, Equatable {
  private var bytes: [SharedRegion.Backing: Int] = [:]

  /// Bytes of all regions together.
  public var byteCount: Int { bytes.values.reduce(0, +) }

  /// The kinds of memory in use, the largest first.
  public var backings: [SharedRegion.Backing] {
    bytes.filter { $0.value > 0 }.sorted {
      ($0.value, $0.key.rawValue) > ($1.value, $1.key.rawValue)
    }
    .map(\.key)
  }

  /// Bytes of the regions of one kind.
  func byteCount(of backing: SharedRegion.Backing) -> Int { bytes[backing] ?? 0 }

  /// The regions that are open now.
  public static var now: SharedMemoryUse { shared.withLock { $0 } }

  /// Records that a region was opened, or closed (with a negative number).
  static func add(_ byteCount: Int, of backing: SharedRegion.Backing) {
    shared.withLock { $0.bytes[backing, default: 0] += byteCount }
  }

  private static let shared = Mutex(SharedMemoryUse())
}
