// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavStages

@testable import WavWorkers

/// The table of blocks in shared memory; one process plays all workers.
struct BlockTableTests {
  private func stage(_ count: Int) -> Stage {
    Stage(name: "test", blockCount: count, perform: { _ in })
  }

  /// Takes and completes all remaining blocks, and returns them in order.
  private func finish(_ table: BlockTable, _ stage: Stage, worker: Int = 0) -> [Int] {
    var done: [Int] = []
    while let block = table.take(stage: 0, worker: worker) {
      done.append(block)
      table.complete(stage: 0, block: block, of: stage)
    }
    return done
  }

  @Test func everyBlockIsTakenOnceAndInOrder() throws {
    let table = try BlockTable(blockCounts: [4, 7], workerCount: 3)
    #expect((0..<7).map { table.take(stage: 1, worker: $0 % 3) } == Array(0..<7))
    #expect(table.take(stage: 1, worker: 0) == nil)
    #expect((0..<4).map { table.take(stage: 0, worker: $0 % 3) } == Array(0..<4))
    #expect(!table.isComplete(stage: 0))
  }

  @Test func aWorkerHoldsWhatItHasNotCompleted() throws {
    let table = try BlockTable(blockCounts: [3, 3], workerCount: 2)
    #expect(table.held(by: 0) == nil)
    let block = try #require(table.take(stage: 1, worker: 1))
    #expect(table.held(by: 1) == StagedBlock(stage: 1, block: block))
    #expect(table.held(by: 0) == nil)
    table.complete(stage: 1, block: block, of: stage(3))
    #expect(table.held(by: 1) == nil)
    #expect(table.done(stage: 1) == 1)
    #expect(table.done(stage: 0) == 0)
  }

  @Test func aBlockThatCameBackIsTakenNext() throws {
    let table = try BlockTable(blockCounts: [10], workerCount: 2)
    _ = table.take(stage: 0, worker: 0)
    let lost = try #require(table.take(stage: 0, worker: 1))
    for _ in 0..<5 { _ = table.take(stage: 0, worker: 0) }
    let before = table.changeCount()
    table.putBack(try #require(table.held(by: 1)))
    #expect(table.changeCount() != before, "those who wait look again")
    #expect(table.returned(stage: 0) == 1)
    #expect(table.held(by: 1) == nil)
    #expect(table.take(stage: 0, worker: 0) == lost)
    // Then it continues: blocks that others hold are left to them.
    #expect(table.take(stage: 0, worker: 0) == 7)
  }

  @Test func aBlockThatComesBackLastIsNotForgotten() throws {
    let table = try BlockTable(blockCounts: [3], workerCount: 2)
    let stage = stage(3)
    let lost = try #require(table.take(stage: 0, worker: 1))
    #expect(finish(table, stage) == [1, 2])
    #expect(!table.isComplete(stage: 0))
    table.putBack(StagedBlock(stage: 0, block: lost))
    #expect(finish(table, stage) == [lost])
    #expect(table.isComplete(stage: 0))
    #expect(table.completionTime(stage: 0) > 0)
  }

  /// A worker that dies between moving the cursor and taking the block holds nothing, but the block
  /// is free.
  @Test func aBlockThatWasOnlyPassedIsNotForgotten() throws {
    let table = try BlockTable(blockCounts: [5], workerCount: 2)
    let stage = stage(5)
    #expect(table.take(stage: 0, worker: 0) == 0)
    #expect(table.advance(stage: 0) == 1)
    #expect(table.held(by: 1) == nil)
    table.recoverFromDeath([stage])
    #expect(finish(table, stage, worker: 1) == [1, 2, 3, 4])
    #expect(table.held(by: 0) == StagedBlock(stage: 0, block: 0))
  }

  @Test func abandonedBlocksCountAsDone() throws {
    let table = try BlockTable(blockCounts: [3], workerCount: 2)
    let stage = stage(3)
    let taken = try #require(table.take(stage: 0, worker: 1))
    table.abandon(StagedBlock(stage: 0, block: taken), of: [stage])
    #expect(table.done(stage: 0) == 1)
    #expect(table.held(by: 1) == nil)
    #expect(finish(table, stage) == [1, 2])
    #expect(table.isComplete(stage: 0))
  }

  @Test func theLastBlockMayBeAbandoned() throws {
    let table = try BlockTable(blockCounts: [1], workerCount: 1)
    let taken = try #require(table.take(stage: 0, worker: 0))
    let before = table.changeCount()
    table.abandon(StagedBlock(stage: 0, block: taken), of: [stage(1)])
    #expect(table.isComplete(stage: 0))
    #expect(table.completionTime(stage: 0) > 0)
    #expect(table.changeCount() != before)
  }

  @Test func commitsComeOneAtATimeAndOnce() throws {
    let table = try BlockTable(blockCounts: [6], workerCount: 1)
    var committed: [Int] = []
    let stage = Stage(
      name: "test", blockCount: 6, perform: { _ in }, commit: { committed.append($0) })
    #expect(finish(table, stage) == Array(0..<6))
    #expect(committed == Array(0..<6))
  }

  /// Searching through all blocks for each of them would take 10^11 steps here, minutes instead of
  /// a second.
  @Test(.timeLimit(.minutes(1))) func deathsDoNotMakeTakingSlow() throws {
    let count = 400_000
    let table = try BlockTable(blockCounts: [count], workerCount: 2)
    let stage = stage(count)
    let lost = try #require(table.take(stage: 0, worker: 1))
    table.recoverFromDeath([stage])
    table.putBack(StagedBlock(stage: 0, block: lost))
    var taken = 0
    while let block = table.take(stage: 0, worker: 0) {
      #expect(table.held(by: 0)?.block == block)
      table.complete(stage: 0, block: block, of: stage)
      taken += 1
    }
    #expect(taken == count)
  }

  @Test func failuresAreFoundByTheCoordinator() throws {
    let table = try BlockTable(blockCounts: [1], workerCount: 2)
    #expect(table.failure(worker: 1) == nil)
    table.report(
      RunFailure(.cannotWriteOutput, "the disk is full — use \(.force)", errno: .noSpace), worker: 1
    )
    let found = try #require(table.failure(worker: 1))
    #expect(found.kind == .cannotWriteOutput)
    #expect(found.sentence == "the disk is full — use \(.force)")
    #expect(found.errno == .noSpace)
    #expect(table.failure(worker: 0) == nil)
    // A long message is truncated, and does not overwrite that of the next worker.
    table.report(RunFailure(.unusable, "\(String(repeating: "x", count: 5000))"), worker: 0)
    #expect(try #require(table.failure(worker: 0)).description.allSatisfy { $0 == "x" })
    #expect(try #require(table.failure(worker: 1)).errno == .noSpace)
  }
}
