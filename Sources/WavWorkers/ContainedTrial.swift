// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc

/// What came of something that was tried in a process of its own.
public enum TrialOutcome {
  /// It returned these bytes.
  case returned([UInt8])
  /// A signal ended it, `SIGALRM` or `SIGPROF` if its time was over.
  case ended(Int32)
}

/// What limits the time of a trial.
public enum TrialClock: Sendable {
  /// The time that passes; its end is `SIGALRM`.
  case wall
  /// The processor time that the trial takes; its end is `SIGPROF`.
  case processor
}

/// Tries something in a process of its own, so that a crash, a hang or a thread there harms nobody.
///
/// Must be called from a process with a single thread.
///
/// - Parameters:
///   - seconds: Time after which the trial is ended, whole seconds.
///   - clock: Which time that is.
///   - body: What to try; nothing but the bytes that it returns comes back.
/// - Returns: What came of it; nil if there is no process for the trial.
@available(*, noasync)
public func outcomeOfTrial(
  seconds: UInt32, of clock: TrialClock = .wall, _ body: () -> [UInt8]
) -> TrialOutcome? {
  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { return nil }
  defer { close(ends[0]) }
  fflush(nil)
  // With an inherited "ignore" the kernel would not tell how the trial ended.
  signal(SIGCHLD, SIG_DFL)
  let coordinator = getpid()
  let child = fork()
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
    writeAll(body(), to: ends[1])
    _exit(0)
  }
  close(ends[1])
  guard child > 0 else { return nil }
  let bytes = readAll(ends[0])
  var status: Int32 = 0
  while waitpid(child, &status, 0) == -1, errno == EINTR {}
  let number = status & 0x7f
  return number == 0 ? .returned(bytes) : .ended(number)
}

private func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
  bytes.withUnsafeBytes { bytes in
    var done = 0
    while done < bytes.count {
      let count = write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      if count > 0 { done += count } else if errno != EINTR { return }
    }
  }
}

private func readAll(_ descriptor: Int32) -> [UInt8] {
  var bytes: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(descriptor, &piece, piece.count)
    if count > 0 { bytes += piece[..<count] } else if count == 0 || errno != EINTR { return bytes }
  }
}
