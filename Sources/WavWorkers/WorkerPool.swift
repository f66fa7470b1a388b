// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import WavSharedMemory

/// Forked worker processes that do the stages of a run, and the coordinator that watches them.
///
/// The process that calls ``run(_:progress:)`` must have a single thread: a forked child has only
/// the thread that forked, and locks held by others would stay locked in it for ever.
public struct WorkerPool {
  /// Number of worker processes, at least 1.
  public let workerCount: Int

  /// How many workers in a row may die on the same block before the run is given up.
  private static let attemptsPerBlock = 3
  private static let coordinatorSignals = [SIGCHLD, SIGINT, SIGTERM, SIGHUP]

  /// A pool of `workerCount` workers; the processes are forked by ``run(_:progress:)``.
  public init(workerCount: Int) {
    precondition(workerCount >= 1, "a pool has at least one worker")
    self.workerCount = workerCount
  }

  /// Forks the workers, lets them do all stages in order, and waits for them.
  ///
  /// A worker that dies gives its blocks back and is replaced; a block that kills three workers
  /// ends the run.
  ///
  /// - Parameters:
  ///   - stages: What to do; closures run in the workers and see only shared memory changes.
  ///   - progress: Called about ten times a second with the share of the work done, 0 to 1.
  /// - Returns: Seconds each stage took.
  /// - Throws: ``WorkerFailure``, or ``Interruption`` when a signal asked the program to end.
  @available(*, noasync)
  public func run(_ stages: [Stage], progress: (Double) -> Void = { _ in }) throws -> [Double] {
    precondition(threadCount() == 1, "workers are forked from a process with a single thread")
    let table: BlockTable
    let mostBlocks = stages.map(\.blockCount).max() ?? 0
    guard mostBlocks > 0 else { return stages.map { _ in 0 } }
    let crew = min(workerCount, mostBlocks)
    do {
      table = try BlockTable(blockCounts: stages.map(\.blockCount), workerCount: crew)
    } catch {
      throw WorkerFailure(kind: .system, "\(error)")
    }

    var watched = sigset_t()
    var previous = sigset_t()
    sigemptyset(&watched)
    for signal in Self.coordinatorSignals { sigaddset(&watched, signal) }
    sigprocmask(SIG_BLOCK, &watched, &previous)
    defer { sigprocmask(SIG_SETMASK, &previous, nil) }
    // An inherited "ignore" would make the kernel reap the workers before we can ask about them.
    signal(SIGCHLD, SIG_DFL)

    let start = monotonicSeconds()
    var workers = [pid_t](repeating: 0, count: crew)
    defer { Self.end(workers) }
    try hire(&workers, table, stages, previous)

    var failedAttempts: [Int: Int] = [:]
    while workers.contains(where: { $0 > 0 }) {
      try waitForSignal(watched)
      progress(share(of: stages, in: table))
      for slot in workers.indices where workers[slot] > 0 {
        var status: Int32 = 0
        guard waitpid(workers[slot], &status, WNOHANG) == workers[slot] else { continue }
        workers[slot] = 0
        if status == 0 { continue }
        if let failure = table.failure(worker: slot) { throw failure }
        for (stage, block) in table.release(worker: slot) {
          let key = stage << 32 | block
          failedAttempts[key, default: 0] += 1
          if failedAttempts[key, default: 0] >= Self.attemptsPerBlock {
            throw WorkerFailure(
              kind: .worker,
              "\(Self.attemptsPerBlock) workers ended by \(Self.ending(status)) in block \(block) "
                + "of \(stages[stage].blockCount) of stage \"\(stages[stage].name)\"; "
                + "please report this with the file")
          }
        }
        try hire(&workers, table, stages, previous)
      }
    }
    precondition(
      stages.indices.allSatisfy { table.isComplete(stage: $0) }, "workers left before the end")

    var last = start
    return stages.indices.map { index in
      guard stages[index].blockCount > 0 else { return 0 }
      defer { last = table.completionTime(stage: index) }
      return table.completionTime(stage: index) - last
    }
  }

  /// Forks a worker for every empty slot; goes on with fewer if at least one runs.
  private func hire(
    _ workers: inout [pid_t], _ table: BlockTable, _ stages: [Stage], _ mask: sigset_t
  ) throws {
    let coordinator = getpid()
    fflush(nil)
    for slot in workers.indices where workers[slot] == 0 {
      let child = fork()
      if child == 0 {
        Self.becomeWorker(of: coordinator, mask)
        Self.work(table, stages, worker: slot)
      }
      if child > 0 {
        workers[slot] = child
      } else if !workers.contains(where: { $0 > 0 }) {
        let error = SystemError(
          code: errno, purpose: "start a worker process",
          remedy: "raise the limit on processes (ulimit -u) or memory")
        throw WorkerFailure(kind: .system, "\(error)")
      }
    }
  }

  private static func becomeWorker(of coordinator: pid_t, _ mask: sigset_t) {
    // Ctrl-C reaches the whole process group; the coordinator decides what it means.
    signal(SIGINT, SIG_IGN)
    signal(SIGHUP, SIG_IGN)
    signal(SIGTERM, SIG_DFL)
    var mask = mask
    sigprocmask(SIG_SETMASK, &mask, nil)
    shim_die_with_parent(SIGKILL)
    if getppid() != coordinator { _exit(1) }
  }

  /// The life of a worker: every stage, block after block, and then the end of the process.
  private static func work(
    _ table: BlockTable, _ stages: [Stage], worker: Int
  ) -> Never {
    do {
      for (index, stage) in stages.enumerated() {
        while !table.isComplete(stage: index) {
          let seen = table.changeCount()
          if let block = table.take(stage: index, worker: worker) {
            try stage.perform(block)
            table.complete(stage: index, block: block, of: stage)
          } else if !table.isComplete(stage: index) {
            table.waitForChange(since: seen)
          }
        }
      }
    } catch {
      let failure = error as? WorkerFailure ?? WorkerFailure(kind: .system, "\(error)")
      table.report(failure, worker: worker)
      _exit(1)
    }
    // Not exit: that would flush the coordinator's buffered output a second time.
    _exit(0)
  }

  private func waitForSignal(_ watched: sigset_t) throws {
    var watched = watched
    var limit = timespec(tv_sec: 0, tv_nsec: 100_000_000)
    let signal = sigtimedwait(&watched, nil, &limit)
    if signal > 0, signal != SIGCHLD { throw Interruption(signal: signal) }
  }

  private func share(of stages: [Stage], in table: BlockTable) -> Double {
    var done = 0.0
    var total = 0.0
    for (index, stage) in stages.enumerated() where stage.blockCount > 0 {
      total += stage.weight
      done += stage.weight * Double(table.done(stage: index)) / Double(stage.blockCount)
    }
    return done / total
  }

  private static func ending(_ status: Int32) -> String {
    let signal = status & 0x7f
    if signal == 0 { return "exit status \((status >> 8) & 0xff)" }
    return strsignal(signal).map { "signal \(signal) (\(String(cString: $0)))" }
      ?? "signal \(signal)"
  }

  /// Ends and reaps the workers that still run.
  private static func end(_ workers: [pid_t]) {
    for worker in workers where worker > 0 { kill(worker, SIGKILL) }
    for worker in workers where worker > 0 {
      while waitpid(worker, nil, 0) == -1, errno == EINTR {}
    }
  }

  private func threadCount() -> Int {
    guard let folder = opendir("/proc/self/task") else { return 1 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count - 2
  }
}
