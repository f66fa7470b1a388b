// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import WavStages
import WavSystem

/// Forked worker processes that do the stages of a run, and the coordinator that watches them.
///
/// The process that calls ``run(_:progress:)`` must have a single thread: a forked child has only
/// the thread that forked, and locks held by others would stay locked in it for ever.
public struct WorkerPool {
  /// Number of worker processes, at least 1.
  public let workerCount: Int
  /// Seconds after which a worker that holds a block and gets no processor time is replaced.
  public var stallTimeout = 60.0
  /// Told in a sentence what went wrong and was put right.
  public var warn: (String) -> Void = { _ in }
  /// Asked why a worker died in a stage by a signal; an answer ends the run with that failure.
  ///
  /// Asked each time, and once more, with `isLast`, before a block is given up.
  public var diagnose: (_ stage: String, _ signal: Int32, _ isLast: Bool) -> WorkerFailure? = {
    _, _, _ in nil
  }

  /// How many workers may die in the same block before it is given up.
  public var attemptsPerBlock = 3
  /// Seconds that a worker may spend on one block before it is replaced; nil without any limit.
  public var blockTimeout: Double?
  /// Called once in each worker before its first block, to set limits of the process.
  public var prepareWorker: () -> Void = {}
  /// Asked before a block is given up; true goes on without it, false ends the run.
  public var goOnWithout: (GivenUpBlock) throws -> Bool = { _ in false }

  /// A pool of `workerCount` workers; the processes are forked by ``run(_:progress:)``.
  public init(workerCount: Int) {
    precondition(workerCount >= 1, "a pool has at least one worker")
    self.workerCount = workerCount
  }

  /// Forks the workers, lets them do all stages in order, and waits for them.
  ///
  /// A worker that dies gives its blocks back and is replaced; a block that kills
  /// ``attemptsPerBlock`` workers ends the run, unless ``goOnWithout`` wants to go on. So does SIGINT,
  /// SIGTERM or SIGHUP, unless it is ignored.
  ///
  /// - Parameters:
  ///   - stages: What to do; closures run in the workers and see only shared memory changes.
  ///   - progress: Called about ten times a second; may throw to end the run.
  /// - Returns: Seconds each stage took.
  /// - Throws: ``WorkerFailure``, or ``Interruption`` when a signal asked the program to end, or what
  ///   `progress` throws.
  @available(*, noasync)
  public func run(_ stages: [Stage], progress: (PoolStatus) throws -> Void = { _ in })
    throws -> [Double]
  {
    precondition(threadCount() == 1, "workers are forked from a process with a single thread")
    let mostBlocks = stages.map(\.blockCount).max() ?? 0
    guard mostBlocks > 0 else { return stages.map { _ in 0 } }
    var crew = try Crew(
      table: makeTable(stages, min(workerCount, mostBlocks)), stages: stages,
      size: min(workerCount, mostBlocks), prepare: prepareWorker)
    let signals = SignalWatch()
    defer { signals.end() }
    let start = monotonicSeconds()
    defer { crew.end() }
    try crew.hire(signals.previousMask)

    var failedAttempts: [StagedBlock: Int] = [:]
    var reasons: [Int: String] = [:]
    var watch = StallWatch(timeout: stallTimeout)
    var clock = BlockClock()
    while !crew.isDone {
      try signals.wait(seconds: 0.1)
      clock.look(at: crew.held)
      try progress(PoolStatus(crew, clock))
      for slot in endStalled(crew, &watch) {
        reasons[slot] = "made no progress for \(seconds(stallTimeout)) (--stall-timeout)"
      }
      if let blockTimeout {
        for slot in clock.overdue(after: blockTimeout) {
          kill(crew.workers[slot], SIGKILL)
          reasons[slot] = "took longer than \(seconds(blockTimeout)) (--timeout)"
        }
      }
      for (slot, status) in crew.reap() where status != 0 {
        clock.forget(slot)
        let reason = reasons.removeValue(forKey: slot) ?? "ended by \(Self.ending(status))"
        try handleDeath(of: slot, status & 0x7f, reason, crew, &failedAttempts)
      }
      if !crew.isDone { try crew.hire(signals.previousMask) }
    }
    return crew.secondsOfStages(since: start)
  }

  private func makeTable(_ stages: [Stage], _ workers: Int) throws -> BlockTable {
    do {
      return try BlockTable(blockCounts: stages.map(\.blockCount), workerCount: workers)
    } catch {
      throw WorkerFailure(kind: .system, error)
    }
  }

  /// Kills workers that stall in a block, to be treated as any that died; answers their places.
  private func endStalled(_ crew: Crew, _ watch: inout StallWatch) -> [Int] {
    guard watch.isDue() else { return [] }
    return watch.stalled(among: crew.atWork).compactMap { worker in
      let place = worker.block.map {
        "in block \($0.block) of stage \"\(crew.stages[$0.stage].name)\""
      }
      warn(
        "worker \(worker.process) made no progress for \(seconds(stallTimeout)) "
          + "\(place ?? "between two blocks") and is replaced")
      kill(worker.process, SIGKILL)
      return crew.workers.firstIndex(of: worker.process)
    }
  }

  /// A time in words, without decimals where there are none: `60 s`.
  private func seconds(_ time: Double) -> String {
    time == time.rounded() ? "\(Int(time)) s" : "\(time) s"
  }

  /// Puts the blocks of a dead worker back, or ends the run if that would not help.
  private func handleDeath(
    of slot: Int, _ signal: Int32, _ reason: String, _ crew: Crew,
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
      stage: stage.name, block: taken.block, attempts: attemptsPerBlock, reason: reason)
    guard try goOnWithout(lost) else {
      throw WorkerFailure(
        kind: .worker,
        "\(attemptsPerBlock) workers \(reason) in block \(taken.block) of "
          + "\(stage.blockCount) of stage \"\(stage.name)\"; please report this with the file")
    }
    crew.table.abandon(taken, of: crew.stages)
  }

  /// How a process ended, in words.
  private static func ending(_ status: Int32) -> String {
    let signal = status & 0x7f
    return signal == 0 ? "exit status \((status >> 8) & 0xff)" : nameOfSignal(signal)
  }

  private func threadCount() -> Int {
    guard let folder = opendir("/proc/self/task") else { return 1 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count - 2
  }
}

/// A signal in words: `signal 11 (Segmentation fault)`.
public func nameOfSignal(_ signal: Int32) -> String {
  strsignal(signal).map { "signal \(signal) (\(String(cString: $0)))" } ?? "signal \(signal)"
}
