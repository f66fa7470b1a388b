// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Notices workers that make no progress: those that hold a block and get no processor time.
///
/// A block may take long, so that time alone says nothing; but a process that was stopped, or sleeps
/// in the kernel for ever, gets no processor time.
struct StallWatch {
  private let timeout: Double
  private var lastLook = monotonicSeconds()
  private var cpuTime: [pid_t: Int] = [:]
  private var idle: [pid_t: Double] = [:]

  /// Watches for `timeout` > 0 seconds without progress.
  init(timeout: Double) { self.timeout = timeout }

  /// Looks at the workers, and answers those that have stalled; at most a few times a second.
  mutating func stalled(among workers: [pid_t]) -> [pid_t] {
    let now = monotonicSeconds()
    let interval = min(1, timeout / 4)
    guard now - lastLook >= interval else { return [] }
    // If this process was stopped along with the workers, the time in between does not count.
    let elapsed = min(now - lastLook, 2 * interval)
    lastLook = now
    var stopped: [pid_t] = []
    var late: [pid_t] = []
    for worker in workers where worker > 0 {
      guard let (state, time) = Self.status(of: worker) else { continue }
      idle[worker] = time == cpuTime[worker] ? idle[worker, default: 0] + elapsed : 0
      cpuTime[worker] = time
      guard idle[worker, default: 0] >= timeout else { continue }
      if state == "T" || state == "t" { stopped.append(worker) } else { late.append(worker) }
    }
    // Others may only wait for a stopped one that holds the lock.
    let found = stopped.isEmpty ? late : stopped
    if !stopped.isEmpty { for worker in late { idle[worker] = 0 } }
    return found
  }

  /// State and processor time, in ticks, of a process: fields 3, 14 and 15 of /proc/PID/stat.
  private static func status(of process: pid_t) -> (state: Substring, time: Int)? {
    let descriptor = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = read(descriptor, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    // The name, field 2, is in parentheses and may hold anything.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
      return nil
    }
    return (fields[0], user + system)
  }
}
