// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Testing
import WavStages

@testable import WavWorkers

/// Detection of stalls, with a simulated clock and simulated processes.
struct StallWatchTests {
  /// The simulated state of processes; a class, so that tests can change it.
  private final class Kernel {
    var status: [pid_t: StallWatch.Status] = [:]
  }

  private let block = StagedBlock(stage: 0, block: 3)

  private func watch(_ kernel: Kernel) -> StallWatch {
    StallWatch(timeout: 4, now: 0, status: { kernel.status[$0] })
  }

  private func worker(_ process: pid_t, _ block: StagedBlock?) -> StallWatch.Worker {
    StallWatch.Worker(process: process, block: block)
  }

  /// Checks every second, and returns the times at which a process was found.
  private func times(
    _ watch: inout StallWatch, _ workers: [StallWatch.Worker], until end: Int,
    before: (Int) -> Void = { _ in }
  ) -> [pid_t: [Int]] {
    var found: [pid_t: [Int]] = [:]
    for second in 1...end {
      before(second)
      for worker in watch.stalled(among: workers, now: Double(second)) {
        found[worker.process, default: []].append(second)
      }
    }
    return found
  }

  @Test func aWorkerThatGetsNoTimeIsFoundOnce() {
    let kernel = Kernel()
    kernel.status[7] = ("S", 10)
    var watch = watch(kernel)
    // The first check only records the state.
    #expect(times(&watch, [worker(7, block)], until: 20) == [7: [5]])
  }

  @Test func aWorkerThatComputesIsLeftAlone() {
    let kernel = Kernel()
    var watch = watch(kernel)
    let found = times(&watch, [worker(7, block)], until: 30) { kernel.status[7] = ("R", $0) }
    #expect(found.isEmpty)
  }

  @Test func aWorkerThatWaitsForWorkIsLeftAloneUnlessItIsStopped() {
    let kernel = Kernel()
    kernel.status = [7: ("S", 10), 8: ("T", 10)]
    var watch = watch(kernel)
    #expect(times(&watch, [worker(7, nil), worker(8, nil)], until: 20) == [8: [5]])
  }

  @Test func anotherBlockIsProgress() {
    let kernel = Kernel()
    kernel.status[7] = ("S", 10)
    var watch = watch(kernel)
    for second in 1...20 {
      let next = StagedBlock(stage: 0, block: second / 3)
      #expect(watch.stalled(among: [worker(7, next)], now: Double(second)).isEmpty)
    }
  }

  /// They may be waiting for the stopped one, which holds the lock.
  @Test func aStoppedWorkerResetsTheTimeOfTheOthers() {
    let kernel = Kernel()
    kernel.status = [7: ("S", 10), 8: ("t", 10)]
    var watch = watch(kernel)
    let found = times(&watch, [worker(7, block), worker(8, nil)], until: 20)
    #expect(found == [8: [5], 7: [9]])
  }

  @Test func timeWithoutChecksDoesNotCount() {
    let kernel = Kernel()
    kernel.status[7] = ("S", 10)
    var watch = watch(kernel)
    #expect(watch.stalled(among: [worker(7, block)], now: 1).isEmpty)
    #expect(watch.stalled(among: [worker(7, block)], now: 1000).isEmpty)
  }

  @Test func aProcessThatIsGoneIsNoStalledOne() {
    var watch = watch(Kernel())
    #expect(times(&watch, [worker(7, block)], until: 20).isEmpty)
  }

  @Test func workersAreCheckedFourTimesWithinTheTimeout() {
    let watch = StallWatch(timeout: 2, now: 10)
    #expect(!watch.isDue(now: 10.4))
    #expect(watch.isDue(now: 10.5))
  }

  @Test func theKernelKnowsThisProcess() throws {
    let status = try #require(StallWatch.kernelStatus(getpid()))
    #expect(["R", "S"].contains(status.state))
    #expect(status.time >= 0)
    #expect(StallWatch.kernelStatus(-1) == nil)
  }
}

/// How long blocks have been in work.
struct BlockClockTests {
  private func block(_ number: Int) -> StagedBlock { StagedBlock(stage: 0, block: number) }

  @Test func timeCountsFromTheFirstLook() throws {
    var clock = BlockClock()
    #expect(clock.longest(now: 5) == nil)
    clock.look(at: [0: block(1)], now: 10)
    clock.look(at: [0: block(1), 1: block(2)], now: 12)
    let longest = try #require(clock.longest(now: 15))
    #expect(longest.block == block(1))
    #expect(longest.seconds == 5)
    #expect(clock.overdue(after: 4, now: 15) == [0])
    #expect(clock.overdue(after: 2, now: 15) == [0, 1])
    #expect(clock.overdue(after: 5, now: 15).isEmpty, "only what is over the limit")
  }

  @Test func anotherBlockBeginsAnew() {
    var clock = BlockClock()
    clock.look(at: [0: block(1)], now: 10)
    clock.look(at: [0: block(2)], now: 20)
    #expect(clock.longest(now: 21)?.seconds == 1)
    clock.look(at: [:], now: 22)
    #expect(clock.longest(now: 23) == nil)
  }

  /// A dead worker's successor may hold the same block; its time starts anew.
  @Test func aSuccessorBeginsAnew() {
    var clock = BlockClock()
    clock.look(at: [0: block(1)], now: 10)
    clock.forget(0)
    clock.look(at: [0: block(1)], now: 20)
    #expect(clock.overdue(after: 3, now: 21).isEmpty)
  }
}
