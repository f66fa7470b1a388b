// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Synchronization
import SystemPackage

/// Memory of closed regions that this process keeps for its next ones.
///
/// Fresh pages are cleared by the kernel and faulted in one by one: for a process that analyses one
/// short recording after the other that takes longer than many of its transforms.
public enum SpareRegions {
  /// Memory that was in use and may be again.
  struct Spare: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let capacity: Int
    let descriptor: FileDescriptor
    let backing: SharedRegion.Backing
  }

  private struct State {
    var limit = 0
    var spares: [Spare] = []
  }

  private static let state = Mutex(State())

  /// From now on keeps up to `byteCount` bytes of what this process closes.
  ///
  /// For a process without children that could be using the memory still.
  public static func keep(upTo byteCount: Int) {
    state.withLock { $0.limit = byteCount }
  }

  /// Memory for a region, zero-filled; nil if there is none of about its size.
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

  /// Takes over the memory of a region that is closed; false if it is not wanted.
  static func give(_ spare: Spare) -> Bool {
    let released = state.withLock { state -> [Spare]? in
      guard spare.capacity <= state.limit / 2 else { return nil }
      state.spares.append(spare)
      // The oldest go first.
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
