// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc

/// Tries something in a process of its own, so that a crash or a hang there harms nobody.
///
/// Must be called from a process with a single thread.
///
/// - Parameters:
///   - seconds: Time after which the trial is ended, whole seconds.
///   - body: What to try; nothing but its ending comes back.
/// - Returns: Nil if `body` returned, else the signal that ended it, `SIGALRM` if the time was over.
///   Nil too if there is no process for the trial.
@available(*, noasync)
public func failureOfTrial(seconds: UInt32, _ body: () -> Void) -> Int32? {
  fflush(nil)
  // With an inherited "ignore" the kernel would not tell how the trial ended.
  signal(SIGCHLD, SIG_DFL)
  let coordinator = getpid()
  let child = fork()
  if child == 0 {
    shim_leave_signals_to_parent()
    shim_die_with_parent(SIGKILL)
    if getppid() != coordinator { _exit(1) }
    var alarms = sigset_t()
    sigemptyset(&alarms)
    sigaddset(&alarms, SIGALRM)
    sigprocmask(SIG_UNBLOCK, &alarms, nil)
    signal(SIGALRM, SIG_DFL)
    alarm(seconds)
    body()
    _exit(0)
  }
  guard child > 0 else { return nil }
  var status: Int32 = 0
  while waitpid(child, &status, 0) == -1, errno == EINTR {}
  let number = status & 0x7f
  return number == 0 ? nil : number
}
