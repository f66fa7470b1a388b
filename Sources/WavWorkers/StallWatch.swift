// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavSystem

/// Detects workers that make no progress: those that use no processor time while they hold a block,
/// and those that are stopped.
///
/// A block may take long, so its wall time says nothing. But a process that is stopped, or sleeps
/// in the kernel for ever, uses no processor time.
struct StallWatch {
  /// A worker process and its block.
  struct Worker {
    let process: pid_t
    /// The block it holds; nil while it waits for work.
    let block: StagedBlock?
  }

  /// The state of a worker at the last check.
  private struct Record {
    var cpuTime = -1
    var block: StagedBlock?
    var idle = 0.0
    var isKnown = false
  }

  /// State (a letter) and processor time (in ticks) of a process; nil if there is no such process.
  typealias Status = (state: Substring, time: Int)

  private let timeout: Double
  private let status: (pid_t) -> Status?
  private var lastLook: Double
  private var records: [pid_t: Record] = [:]

  /// Limits the time without progress to `timeout` > 0 seconds; tests replace clock and processes.
  init(
    timeout: Double, now: Double = monotonicSeconds(),
    status: @escaping (pid_t) -> Status? = StallWatch.kernelStatus
  ) {
    self.timeout = timeout
    self.status = status
    lastLook = now
  }

  /// Whether the next check is due.
  func isDue(now: Double = monotonicSeconds()) -> Bool { now - lastLook >= interval }

  private var interval: Double { min(1, timeout / 4) }

  /// Checks the workers and returns those that have stalled, each of them once.
  mutating func stalled(
    among workers: [Worker], now: Double = monotonicSeconds()
  ) -> [Worker] {
    // If this process was stopped along with the workers, that time does not count.
    let elapsed = min(now - lastLook, 2 * interval)
    lastLook = now
    var stopped: [Worker] = []
    var late: [Worker] = []
    for worker in workers {
      guard let (state, time) = status(worker.process) else { continue }
      let isStopped = state == "T" || state == "t"
      var record = records[worker.process] ?? Record()
      let isIdle =
        time == record.cpuTime && worker.block == record.block
        && (isStopped || worker.block != nil)
      record.idle = isIdle ? record.idle + elapsed : 0
      (record.cpuTime, record.block) = (time, worker.block)
      records[worker.process] = record
      guard record.idle >= timeout, !record.isKnown else { continue }
      if isStopped { stopped.append(worker) } else { late.append(worker) }
    }
    // The others may be waiting for a stopped one that holds the lock: their time starts anew.
    let found = stopped.isEmpty ? late : stopped
    if !stopped.isEmpty { for worker in late { records[worker.process]?.idle = 0 } }
    for worker in found { records[worker.process]?.isKnown = true }
    return found
  }

  /// What the kernel says: fields 3, 14 and 15 of /proc/PID/stat.
  static func kernelStatus(_ process: pid_t) -> Status? {
    guard let text = textFile(FilePath("/proc/\(process)/stat")) else { return nil }
    // The name, field 2, is in parentheses and may contain any character.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
      return nil
    }
    return (fields[0], user + system)
  }
}
