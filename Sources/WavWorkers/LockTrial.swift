// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavSystem

/// What a trial of the locks that processes share has shown.
public enum LockTrial: Sendable {
  /// A process died with the lock, and the next one found that out.
  case works
  /// No process could be made, for this reason.
  case noProcess(Errno)
  /// The lock did not tell of the death of its owner.
  case isNotRobust
}

/// Lets a process die while it holds a lock in shared memory, and takes the lock afterwards.
///
/// Must be called from a process with a single thread.
///
/// - Parameter region: Where the lock is put.
/// - Returns: What it has shown.
/// - Throws: `SystemError` when no lock can be made.
@available(*, noasync)
public func tryLock(in region: borrowing SharedRegion) throws(SystemError) -> LockTrial {
  let lock = try RobustLock(initializingAt: region.pages.base)
  let outcome = outcomeOfTrial(seconds: 10) {
    lock.withLock { (_) -> [UInt8] in _exit(0) }
  }
  if case .notStarted(let reason) = outcome { return .noProcess(reason) }
  var state: RobustLock.State?
  lock.withLockIfFree { state = $0 }
  return state == .ownerDied ? .works : .isNotRobust
}
