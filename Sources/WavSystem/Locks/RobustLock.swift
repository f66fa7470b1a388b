// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// A lock in shared memory that survives the death of the process that holds it.
///
/// A POSIX mutex with the attributes *process-shared* and *robust*. Swift's own `Mutex` cannot be
/// used: its futex is private to one process.
public struct RobustLock: @unchecked Sendable {
  /// The state in which a new owner finds the lock.
  public enum State {
    /// The protected data is as the last owner left it.
    case consistent
    /// The last owner died while holding the lock: the protected data may be half-written and must
    /// be rebuilt before it is used.
    case ownerDied
  }

  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  /// Size of the lock in its region; aligned to 64 bytes, so that it has a cache line of its own.
  public static let byteCount = 64

  /// Creates a free lock in place; `address` must stay mapped in every process that uses the lock.
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
  /// If the last owner died, `body` receives this state and must repair the data; afterwards the
  /// lock is usable again.
  @available(*, noasync)
  public func withLock<Result>(_ body: (State) throws -> Result) rethrows -> Result {
    let code = pthread_mutex_lock(mutex)
    precondition(code == 0 || code == EOWNERDEAD, "a shared lock cannot be taken: error \(code)")
    return try perform(body, code)
  }

  /// The same if no living process holds the lock; otherwise does nothing.
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
