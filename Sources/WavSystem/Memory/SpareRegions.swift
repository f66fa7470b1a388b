// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Synchronization
import SystemPackage

/// Memory of closed regions that this process keeps for reuse.
///
/// The kernel clears new pages and maps them one by one. For a process that analyses many short
/// recordings this takes longer than many of its transforms.
public enum SpareRegions {
  /// Memory of a closed region.
  struct Spare: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let capacity: Int
    let descriptor: FileDescriptor
    let backing: MemoryBacking
  }

  private struct State {
    var limit = 0
    var spares: [Spare] = []
  }

  private static let state = Mutex(State())

  /// From now on keeps up to `byteCount` bytes of the regions that this process closes.
  ///
  /// Only for a process without children, which might still use the memory.
  public static func keep(upTo byteCount: Int) {
    state.withLock { $0.limit = byteCount }
  }

  /// Zero-filled memory for a region; nil if there is no spare of about its size.
  static func take(_ byteCount: Int) -> Spare? {
    let found = state.withLock { state -> Spare? in
      let fitting = state.spares.indices.filter {
        let capacity = state.spares[$0].capacity
        return capacity >= byteCount && capacity <= 4 * byteCount + 65536
      }
      let best = fitting.min { state.spares[$0].capacity < state.spares[$1].capacity }
      return best.map { state.spares.remove(at: $0) }
    }
    if let found { memset(found.base, 0, byteCount) }
    return found
  }

  /// Takes over the memory of a closed region; false if it is not kept.
  static func give(_ spare: Spare) -> Bool {
    let released = state.withLock { state -> [Spare]? in
      guard spare.capacity <= state.limit / 2 else { return nil }
      state.spares.append(spare)
      // The oldest are released first.
      var released: [Spare] = []
      var total = state.spares.reduce(0) { $0 + $1.capacity }
      while total > state.limit {
        released.append(state.spares.removeFirst())
        total -= released[released.count - 1].capacity
      }
      return released
    }
    for spare in released ?? [] { SharedRegion.release(spare) }
    return released != nil
  }
}
