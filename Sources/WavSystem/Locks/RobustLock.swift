// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// A lock in shared memory that survives the death of the process that holds it.
///
/// A POSIX mutex with the attributes *process-shared* and *robust*. Swift's own `Mutex` will not do:
/// its futex is private to one process.
public struct RobustLock: @unchecked Sendable {
  /// What the taker of the lock finds.
  public enum State {
    /// The protected data is as the last owner left it.
    case consistent
    /// The last owner died while holding the lock: the protected data may be half-written and must
    /// be rebuilt before it is used.
    case ownerDied
  }

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// Bytes the lock takes in its region; 64-byte aligned so that it has a cache line to itself.
  public static let byteCount = 64

  /// Makes a new, free lock in place; `address` must stay mapped in every process that uses it.
  public init(initializingAt address: UnsafeMutableRawPointer) throws(SystemError) {
    mutex = address.bindMemory(to: pthread_mutex_t.self, capacity: 1)
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    defer { pthread_mutexattr_destroy(&attributes) }
    pthread_mutexattr_setpshared(&attributes, Int32(PTHREAD_PROCESS_SHARED))
    pthread_mutexattr_setrobust(&attributes, Int32(PTHREAD_MUTEX_ROBUST))
    let code = pthread_mutex_init(mutex, &attributes)
    guard code == 0 else { throw SystemError(Errno(rawValue: code), purpose: "make a shared lock") }
  }

  /// Runs `body` while holding the lock.
  ///
  /// After an owner's death `body` is told so, must repair the data, and the lock is usable again.
  @available(*, noasync)
  public func withLock<Result>(_ body: (State) throws -> Result) rethrows -> Result {
    let code = pthread_mutex_lock(mutex)
    precondition(code == 0 || code == EOWNERDEAD, "a shared lock cannot be taken: error \(code)")
    return try perform(body, code)
  }

  /// The same if nobody alive holds the lock; does nothing otherwise.
  @available(*, noasync)
  public func withLockIfFree(_ body: (State) throws -> Void) rethrows {
    let code = pthread_mutex_trylock(mutex)
    if code == 0 || code == EOWNERDEAD { try perform(body, code) }
  }

  private func perform<Result>(_ body: (State) throws -> Result, _ code: Int32) rethrows -> Result {
    defer { pthread_mutex_unlock(mutex) }
    if code == EOWNERDEAD {
      let result = try body(.ownerDied)
      pthread_mutex_consistent(mutex)
      return result
    }
    return try body(.consistent)
  }
}
