// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import WavStages
import WavSystem

/// A worker process: the child's side of the fork.
struct Worker {
  let table: BlockTable
  let stages: [Stage]
  /// Its slot in the crew.
  let slot: Int
  /// Called once, before the first block.
  let prepare: () -> Void
  let fault: FaultInjection?

  /// Turns a freshly forked child into a worker of `coordinator`; `mask` is its signal mask.
  func begin(coordinator: pid_t, mask: sigset_t) -> Never {
    shim_leave_signals_to_parent()
    var mask = mask
    sigprocmask(SIG_SETMASK, &mask, nil)
    shim_die_with_parent(SIGKILL)
    // The coordinator may have died before this request took effect.
    if getppid() != coordinator { _exit(1) }
    prepare()
    do {
      for index in stages.indices { try work(on: index) }
    } catch {
      table.report(RunFailure(error), worker: slot)
      _exit(1)
    }
    // Not exit: that would flush the coordinator's buffered output a second time.
    _exit(0)
  }

  /// Does blocks of a stage until all blocks are done, also those of other workers.
  private func work(on index: Int) throws {
    while !table.isComplete(stage: index) {
      let seen = table.changeCount()
      if let block = table.take(stage: index, worker: slot) {
        strike(index, block, .start)
        try stages[index].perform(block)
        strike(index, block, .end)
        table.complete(stage: index, block: block, of: stages[index]) {
          strike(index, block, .commit)
        }
      } else if !table.isComplete(stage: index) {
        table.waitForChange(since: seen)
      }
    }
  }

  private func strike(_ stage: Int, _ block: Int, _ moment: FaultInjection.Moment) {
    guard let fault else { return }
    fault.strike(
      stage: stages[stage].name, block: block, at: moment, attempt: table.returned(stage: stage))
  }
}
