// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc

/// Signals that the coordinator waits for instead of being struck by them: the death of a worker, and
/// the wish that the program end.
struct SignalWatch {
  /// The signal mask from before.
  let previousMask: sigset_t
  private let watched: sigset_t

  /// Begins to hold the signals back.
  init() {
    var watched = sigset_t()
    var previous = sigset_t()
    sigemptyset(&watched)
    sigaddset(&watched, SIGCHLD)
    // A blocked signal is delivered even if it is ignored; `nohup` and `&` rely on that it is not.
    for signal in [SIGINT, SIGTERM, SIGHUP] where shim_is_ignored(signal) == 0 {
      sigaddset(&watched, signal)
    }
    sigprocmask(SIG_BLOCK, &watched, &previous)
    // An inherited "ignore" would make the kernel reap the workers before we can ask about them.
    signal(SIGCHLD, SIG_DFL)
    self.watched = watched
    previousMask = previous
  }

  /// Sleeps until a worker ends or the time is over.
  ///
  /// - Throws: ``Interruption`` when a signal asks the program to end. Another one then ends it at
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

  /// Lets signals strike as before.
  func end() {
    var mask = previousMask
    sigprocmask(SIG_SETMASK, &mask, nil)
  }
}
