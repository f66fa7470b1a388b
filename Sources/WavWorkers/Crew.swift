// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavStages
import WavSystem

/// The worker processes of a run, as seen by the coordinator.
struct Crew {
  let table: BlockTable
  let stages: [Stage]
  /// Process of each slot; 0 if there is none.
  private(set) var workers: [pid_t]

  /// Called once in each worker before its first block.
  private let prepare: () -> Void
  private let fault: FaultInjection?

  init(
    table: BlockTable, stages: [Stage], size: Int, prepare: @escaping () -> Void,
    fault: FaultInjection?
  ) {
    self.prepare = prepare
    self.fault = fault
    self.table = table
    self.stages = stages
    workers = [pid_t](repeating: 0, count: size)
  }

  /// Whether all blocks of all stages are done.
  var isDone: Bool { stages.indices.allSatisfy { table.isComplete(stage: $0) } }

  /// The block that each worker holds, by slot.
  var held: [Int: StagedBlock] {
    var held: [Int: StagedBlock] = [:]
    for slot in workers.indices where workers[slot] > 0 { held[slot] = table.held(by: slot) }
    return held
  }

  /// The running workers and their blocks.
  var atWork: [StallWatch.Worker] {
    workers.indices.filter { workers[$0] > 0 }.map {
      StallWatch.Worker(process: workers[$0], block: table.held(by: $0))
    }
  }

  /// Share of the work done, 0 to 1.
  var share: Double {
    var done = 0.0
    var total = 0.0
    for (index, stage) in stages.enumerated() where stage.blockCount > 0 {
      total += stage.weight
      done += stage.weight * Double(table.done(stage: index)) / Double(stage.blockCount)
    }
    return done / total
  }

  /// Seconds that each stage took, in order; `start` is the monotonic time at which the run began.
  func secondsOfStages(since start: Double) -> [Double] {
    var last = start
    return stages.indices.map { index in
      guard stages[index].blockCount > 0 else { return 0 }
      defer { last = table.completionTime(stage: index) }
      return table.completionTime(stage: index) - last
    }
  }

  /// Forks a worker for every empty slot; fewer workers are enough if at least one runs.
  ///
  /// - Parameter mask: The signal mask of the workers.
  /// - Throws: ``RunFailure`` when no process can be created.
  mutating func hire(_ mask: sigset_t) throws {
    let coordinator = getpid()
    fflush(nil)
    for slot in workers.indices where workers[slot] == 0 {
      let child = fork()
      if child == 0 {
        Worker(table: table, stages: stages, slot: slot, prepare: prepare, fault: fault)
          .begin(coordinator: coordinator, mask: mask)
      }
      if child > 0 {
        workers[slot] = child
      } else if !workers.contains(where: { $0 > 0 }) {
        let error = SystemError(
          .last, purpose: "start a worker process",
          remedy: "raise the limit on processes (ulimit -u) or memory")
        throw RunFailure(error, as: .system)
      }
    }
  }

  /// Workers that have ended, with their statuses from `waitpid`.
  mutating func reap() -> [(slot: Int, status: Int32)] {
    var ended: [(slot: Int, status: Int32)] = []
    for slot in workers.indices where workers[slot] > 0 {
      var status: Int32 = 0
      guard waitpid(workers[slot], &status, WNOHANG) == workers[slot] else { continue }
      workers[slot] = 0
      ended.append((slot, status))
    }
    return ended
  }

  /// Kills and reaps the workers that are still running.
  mutating func end() {
    for worker in workers where worker > 0 { kill(worker, SIGKILL) }
    for slot in workers.indices where workers[slot] > 0 {
      while waitpid(workers[slot], nil, 0) == -1, errno == EINTR {}
      workers[slot] = 0
    }
  }
}
