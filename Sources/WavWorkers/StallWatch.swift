// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavStages
import WavSystem

/// Notices workers that make no progress: those that get no processor time while they hold a block,
/// and those that are stopped.
///
/// A block may take long, so that time alone says nothing; but a process that was stopped, or sleeps
/// in the kernel for ever, gets no processor time.
struct StallWatch {
  /// What a worker does.
  struct Worker {
    let process: pid_t
    /// The block it holds; nil while it waits for work.
    let block: StagedBlock?
  }

  /// What was seen of a worker at the last look.
  private struct Record {
    var cpuTime = -1
    var block: StagedBlock?
    var idle = 0.0
    var isKnown = false
  }

  /// State, a letter, and processor time, in ticks, of a process; nil if it is gone.
  typealias Status = (state: Substring, time: Int)

  private let timeout: Double
  private let status: (pid_t) -> Status?
  private var lastLook: Double
  private var records: [pid_t: Record] = [:]

  /// Watches for `timeout` > 0 seconds without progress; a test brings time and processes of its own.
  init(
    timeout: Double, now: Double = monotonicSeconds(),
    status: @escaping (pid_t) -> Status? = StallWatch.kernelStatus
  ) {
    self.timeout = timeout
    self.status = status
    lastLook = now
  }

  /// Whether it is time for another look.
  func isDue(now: Double = monotonicSeconds()) -> Bool { now - lastLook >= interval }

  private var interval: Double { min(1, timeout / 4) }

  /// Looks at the workers, and answers those that have stalled, each of them once.
  mutating func stalled(
    among workers: [Worker], now: Double = monotonicSeconds()
  ) -> [Worker] {
    // If this process was stopped along with the workers, the time in between does not count.
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
    // Others may only wait for a stopped one that holds the lock: they get their time anew.
    let found = stopped.isEmpty ? late : stopped
    if !stopped.isEmpty { for worker in late { records[worker.process]?.idle = 0 } }
    for worker in found { records[worker.process]?.isKnown = true }
    return found
  }

  /// What the kernel says: fields 3, 14 and 15 of /proc/PID/stat.
  static func kernelStatus(_ process: pid_t) -> Status? {
    guard let text = textFile(FilePath("/proc/\(process)/stat")) else { return nil }
    // The name, field 2, is in parentheses and may hold anything.
    guard let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
      return nil
    }
    return (fields[0], user + system)
  }
}
