// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import SystemPackage
import WavSystem

/// The outcome of a trial in a process of its own.
public enum TrialOutcome {
  /// It returned these bytes.
  case returned([UInt8])
  /// A signal ended it: `SIGALRM` or `SIGPROF` if the time was over.
  case ended(Int32)
  /// No process could be made, for this reason.
  case notStarted(Errno)
}

/// The time that limits a trial.
public enum TrialClock: Sendable {
  /// Wall time; the trial ends with `SIGALRM`.
  case wall
  /// Processor time of the trial; it ends with `SIGPROF`.
  case processor
}

/// Runs a closure in a process of its own, so that a crash, a hang or a thread there does no harm.
///
/// Must be called from a process with a single thread.
///
/// - Parameters:
///   - seconds: Limit of the time, in whole seconds.
///   - clock: The time to limit.
///   - body: What to run; only the bytes that it returns come back.
/// - Returns: The outcome.
@available(*, noasync)
public func outcomeOfTrial(
  seconds: UInt32, of clock: TrialClock = .wall, _ body: () -> [UInt8]
) -> TrialOutcome {
  let ends: (readEnd: FileDescriptor, writeEnd: FileDescriptor)
  do throws(Errno) {
    ends = try systemCall { try FileDescriptor.pipe() }
  } catch {
    return .notStarted(error)
  }
  let output = OpenFile(owning: ends.readEnd)
  fflush(nil)
  // With an inherited "ignore" the kernel would not report how the trial ended.
  signal(SIGCHLD, SIG_DFL)
  let coordinator = getpid()
  let child = fork()
  let reason = Errno.last
  if child == 0 {
    shim_leave_signals_to_parent()
    shim_die_with_parent(SIGKILL)
    if getppid() != coordinator { _exit(1) }
    let alarm = clock == .wall ? SIGALRM : SIGPROF
    var alarms = sigset_t()
    sigemptyset(&alarms)
    sigaddset(&alarms, alarm)
    sigprocmask(SIG_UNBLOCK, &alarms, nil)
    signal(alarm, SIG_DFL)
    var timer = itimerval()
    timer.it_value.tv_sec = Int(seconds)
    setitimer(Int32((clock == .wall ? ITIMER_REAL : ITIMER_PROF).rawValue), &timer, nil)
    _ = try? ends.writeEnd.writeAll(body())
    _exit(0)
  }
  try? ends.writeEnd.close()
  guard child > 0 else { return .notStarted(reason) }
  let bytes = (try? output.descriptor.readToEnd()) ?? []
  var status: Int32 = 0
  while waitpid(child, &status, 0) == -1, errno == EINTR {}
  let number = status & 0x7f
  return number == 0 ? .returned(bytes) : .ended(number)
}
