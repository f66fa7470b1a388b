// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import WavStages
import WavSystem

/// Worker processes that perform the stages of a run, and the coordinator that watches them.
///
/// The process that calls ``run(_:progress:)`` must have a single thread: a forked child has only
/// the thread that forked, and a lock held by another thread would stay locked in it for ever.
public struct WorkerPool {
  /// Number of worker processes, at least 1.
  public let workerCount: Int
  /// Seconds after which a worker that holds a block and uses no processor time is replaced.
  public var stallTimeout = 60.0
  /// Receives the problems that were repaired.
  public var warn: (PoolWarning) -> Void = { _ in }
  /// Called when a signal killed a worker in a stage; a failure that it returns ends the run.
  ///
  /// Called for each death, and once more, with `isLast`, before a block is given up.
  public var diagnose: (_ stage: String, _ signal: Int32, _ isLast: Bool) -> (any Error)? = {
    _, _, _ in nil
  }

  /// Number of workers that may die in the same block before it is given up.
  public var attemptsPerBlock = 3
  /// Seconds that a worker may spend on one block before it is replaced; nil for no limit.
  public var blockTimeout: Double?
  /// Called once in each worker before its first block, to set limits of the process.
  public var prepareWorker: () -> Void = {}
  /// Called before a block is given up; true continues without the block, false ends the run.
  public var goOnWithout: (GivenUpBlock) throws -> Bool = { _ in false }

  /// Names of stages of the same program that another pool runs: a deliberate fault may be in one of them.
  public var otherStages: [String] = []

  /// A pool of `workerCount` workers; ``run(_:progress:)`` forks the processes.
  public init(workerCount: Int) {
    precondition(workerCount >= 1, "a pool has at least one worker")
    self.workerCount = workerCount
  }

  /// Forks the workers, lets them perform all stages in order, and waits for them.
  ///
  /// The blocks of a worker that dies are put back, and the worker is replaced. A block that kills
  /// ``attemptsPerBlock`` workers ends the run, unless ``goOnWithout`` returns true. SIGINT,
  /// SIGTERM and SIGHUP end the run unless they are ignored.
  ///
  /// - Parameters:
  ///   - stages: The work. Its closures run in the workers; only changes to shared memory come back.
  ///   - progress: Called about ten times a second; may throw to end the run.
  /// - Returns: Seconds each stage took.
  /// - Throws: ``RunFailure``, ``GivenUpBlock``, ``Interruption`` when a signal asked the
  ///   program to end, and what `progress` throws.
  @available(*, noasync)
  public func run(_ stages: [Stage], progress: (PoolStatus) throws -> Void = { _ in })
    throws -> [Double]
  {
    precondition(hasSingleThread, "workers are forked from a process with a single thread")
    let mostBlocks = stages.map(\.blockCount).max() ?? 0
    guard mostBlocks > 0 else { return stages.map { _ in 0 } }
    var crew = Crew(
      table: try makeTable(stages, min(workerCount, mostBlocks)), stages: stages,
      size: min(workerCount, mostBlocks), prepare: prepareWorker,
      fault: try FaultInjection.fromEnvironment(stages, others: otherStages))
    let signals = SignalWatch()
    defer { signals.end() }
    let start = monotonicSeconds()
    defer { crew.end() }
    try crew.hire(signals.previousMask)

    var failedAttempts: [StagedBlock: Int] = [:]
    var ends: [Int: WorkerEnd] = [:]
    var watch = StallWatch(timeout: stallTimeout)
    var clock = BlockClock()
    while !crew.isDone {
      try signals.wait(seconds: 0.1)
      clock.look(at: crew.held)
      try progress(PoolStatus(crew, clock))
      for slot in endStalled(crew, &watch) {
        ends[slot] = .stalled(seconds: stallTimeout)
      }
      if let blockTimeout {
        for slot in clock.overdue(after: blockTimeout) {
          kill(crew.workers[slot], SIGKILL)
          ends[slot] = .overdue(seconds: blockTimeout)
        }
      }
      for (slot, status) in crew.reap() where status != 0 {
        clock.forget(slot)
        let end = ends.removeValue(forKey: slot) ?? WorkerEnd(status: status)
        try handleDeath(of: slot, status & 0x7f, end, crew, &failedAttempts)
      }
      if !crew.isDone { try crew.hire(signals.previousMask) }
    }
    return crew.secondsOfStages(since: start)
  }

  private func makeTable(_ stages: [Stage], _ workers: Int) throws -> BlockTable {
    try failing(as: .system) { () throws(SystemError) in
      try BlockTable(blockCounts: stages.map(\.blockCount), workerCount: workers)
    }
  }

  /// Kills workers that stall in a block; returns their slots, for which the caller handles the
  /// death.
  private func endStalled(_ crew: Crew, _ watch: inout StallWatch) -> [Int] {
    guard watch.isDue() else { return [] }
    return watch.stalled(among: crew.atWork).compactMap { worker in
      warn(
        .replaced(
          process: worker.process, seconds: stallTimeout,
          place: worker.block.map { (crew.stages[$0.stage].name, $0.block) }))
      kill(worker.process, SIGKILL)
      return crew.workers.firstIndex(of: worker.process)
    }
  }

  /// Puts the blocks of a dead worker back, or ends the run if that would not help.
  private func handleDeath(
    of slot: Int, _ signal: Int32, _ end: WorkerEnd, _ crew: Crew,
    _ failedAttempts: inout [StagedBlock: Int]
  ) throws {
    if let failure = crew.table.failure(worker: slot) { throw failure }
    crew.table.recoverFromDeath(crew.stages)
    guard let taken = crew.table.held(by: slot) else { return }
    let stage = crew.stages[taken.stage]
    if let failure = diagnose(stage.name, signal, false) { throw failure }
    failedAttempts[taken, default: 0] += 1
    guard failedAttempts[taken, default: 0] >= attemptsPerBlock else {
      crew.table.putBack(taken)
      return
    }
    if let failure = diagnose(stage.name, signal, true) { throw failure }
    let lost = GivenUpBlock(
      stage: stage.name, block: taken.block, blockCount: stage.blockCount,
      attempts: attemptsPerBlock, end: end)
    guard try goOnWithout(lost) else { throw lost }
    crew.table.abandon(taken, of: crew.stages)
  }

}

/// A signal in words: `signal 11 (Segmentation fault)`.
public func nameOfSignal(_ signal: Int32) -> String {
  strsignal(signal).map { "signal \(signal) (\(String(cString: $0)))" } ?? "signal \(signal)"
}
