// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Testing

@testable import WavSystem

/// The lock survives its owner.
///
/// A thread that ends with the lock held is like a process that dies.
@Suite struct RobustLockTests {
  /// Runs `body` in a thread of its own, to its end.
  private func inThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, box.toOpaque())
    pthread_join(thread, nil)
  }

  @Test func aLockExcludesOthers() throws {
    let region = try SharedRegion(byteCount: RobustLock.byteCount, purpose: "a test")
    let lock = try RobustLock(initializingAt: region.pages.base)
    nonisolated(unsafe) var wasFree = false
    lock.withLock { state in
      #expect(state == .consistent)
      inThread { lock.withLockIfFree { _ in wasFree = true } }
    }
    #expect(!wasFree)
    inThread { lock.withLockIfFree { _ in wasFree = true } }
    #expect(wasFree)
  }

  @Test func theDeathOfTheOwnerIsReportedOnce() throws {
    let region = try SharedRegion(byteCount: RobustLock.byteCount, purpose: "a test")
    let lock = try RobustLock(initializingAt: region.pages.base)
    let base = UInt(bitPattern: region.pages.base)
    for isTrying in [false, true] {
      inThread {
        // Ends with the lock held.
        let mutex = UnsafeMutableRawPointer(bitPattern: base)?
          .assumingMemoryBound(to: pthread_mutex_t.self)
        if let mutex { pthread_mutex_lock(mutex) }
      }
      var states: [RobustLock.State] = []
      if isTrying {
        lock.withLockIfFree { states.append($0) }
      } else {
        lock.withLock { states.append($0) }
      }
      lock.withLock { states.append($0) }
      #expect(states == [.ownerDied, .consistent])
    }
  }
}
