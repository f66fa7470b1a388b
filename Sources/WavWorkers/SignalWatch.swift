// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc

/// The signals that the coordinator waits for, instead of being interrupted: the death of a worker,
/// and requests to end the program.
struct SignalWatch {
  /// The signal mask from before.
  let previousMask: sigset_t
  private let watched: sigset_t

  /// Blocks the signals.
  init() {
    var watched = sigset_t()
    var previous = sigset_t()
    sigemptyset(&watched)
    sigaddset(&watched, SIGCHLD)
    // A blocked signal is delivered even if it is ignored, and `nohup` and `&` rely on ignoring it.
    for signal in [SIGINT, SIGTERM, SIGHUP] where shim_is_ignored(signal) == 0 {
      sigaddset(&watched, signal)
    }
    sigprocmask(SIG_BLOCK, &watched, &previous)
    // With an inherited "ignore" the kernel would reap the workers before we read their statuses.
    signal(SIGCHLD, SIG_DFL)
    self.watched = watched
    previousMask = previous
  }

  /// Sleeps until a worker ends or the time is over.
  ///
  /// - Throws: ``Interruption`` when a signal asks the program to end; a second signal then ends it
  ///   at
  ///   once.
  func wait(seconds: Double) throws {
    var watched = watched
    var limit = timespec(
      tv_sec: Int(seconds), tv_nsec: Int(seconds.truncatingRemainder(dividingBy: 1) * 1e9))
    let number = sigtimedwait(&watched, nil, &limit)
    guard number > 0, number != SIGCHLD else { return }
    end()
    throw Interruption(signal: number)
  }

  /// Restores the signal mask.
  func end() {
    var mask = previousMask
    sigprocmask(SIG_SETMASK, &mask, nil)
  }
}
