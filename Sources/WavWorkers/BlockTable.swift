// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import Synchronization
import SystemPackage
import WavStages
import WavSystem

/// The shared table of the state of each block of each stage: free, taken or done.
///
/// Layout of the region, in this order, each part on cache lines of its own:
///
/// - the lock that guards the shared result and every change from *taken* to *done*;
/// - the change counter, incremented when waiting processes should look again;
/// - for each stage: the next block to try, the number of blocks done, the time of completion, the
///   number of blocks put back after the death of a worker;
/// - for each worker: the failure that it reports (kind, length, errno, sentence);
/// - for each worker: the block that it took last, or was about to take;
/// - for each block of each stage: 0 free, 1 + worker taken, `UInt32.max` done.
///
/// All processes that share it are forks of one program, so they agree on the layout.
final class BlockTable {
  private static let line = 64
  private static let messageBytes = 1024
  private static let messageStart = 12

  private let region: SharedRegion
  private let lock: RobustLock
  private let blockCounts: [Int]
  private let firstStates: [Int]
  private let workerCount: Int
  private let slotOffset: Int
  private let latestOffset: Int
  private let stateOffset: Int

  /// Creates a table with all blocks free.
  ///
  /// - Parameters:
  ///   - blockCounts: Number of blocks of each stage.
  ///   - workerCount: Number of workers; their indices begin at 0.
  /// - Throws: `SystemError` when memory is short.
  init(blockCounts: [Int], workerCount: Int) throws(SystemError) {
    self.blockCounts = blockCounts
    self.workerCount = workerCount
    var first = 0
    var firstStates: [Int] = []
    for count in blockCounts {
      firstStates.append(first)
      first += count
    }
    self.firstStates = firstStates
    slotOffset = Self.line * (2 + blockCounts.count)
    latestOffset = slotOffset + Self.messageBytes * workerCount
    stateOffset = latestOffset + Self.line * workerCount
    let region = try SharedRegion(
      byteCount: stateOffset + 4 * first + 4, purpose: "the work table")
    lock = try RobustLock(initializingAt: region.pages.base)
    self.region = region
  }

  private func word(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    (region.pages.base + offset).assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  private var changes: UnsafeMutablePointer<Atomic<UInt32>> { word(Self.line) }
  private func next(_ stage: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    word(Self.line * (2 + stage))
  }
  private func doneCount(_ stage: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    word(Self.line * (2 + stage) + 4)
  }
  private func returnedCount(_ stage: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    word(Self.line * (2 + stage) + 16)
  }
  private func completion(_ stage: Int) -> UnsafeMutablePointer<Double> {
    region.pages.pointer(at: Self.line * (2 + stage) + 8, to: Double.self)
  }
  private func state(_ stage: Int, _ block: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    word(stateOffset + 4 * (firstStates[stage] + block))
  }

  private func latest(_ worker: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    (region.pages.base + latestOffset + Self.line * worker)
      .assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  /// Takes a free block; nil if there is none at the moment.
  ///
  /// - Complexity: O(1) on average: each step of the stage's cursor tries one block, and only the
  ///   death
  ///   of a worker moves it back.
  func take(stage: Int, worker: Int) -> Int? {
    while let block = advance(stage: stage) {
      if claim(stage, block, worker) { return block }
    }
    return nil
  }

  /// Moves the cursor of a stage past a block, which the caller may then take; nil at the end.
  func advance(stage: Int) -> Int? {
    let count = blockCounts[stage]
    guard Int(next(stage).pointee.load(ordering: .acquiring)) < count else { return nil }
    let block = Int(next(stage).pointee.wrappingAdd(1, ordering: .acquiring).oldValue)
    return block < count ? block : nil
  }

  private func claim(_ stage: Int, _ block: Int, _ worker: Int) -> Bool {
    // Store this first: the entry counts only if the block's state agrees, so that a death in
    // between is harmless.
    latest(worker).pointee.store(
      UInt64(stage + 1) << 32 | UInt64(block), ordering: .releasing)
    return state(stage, block).pointee.compareExchange(
      expected: 0, desired: UInt32(worker) + 1, ordering: .acquiringAndReleasing
    ).exchanged
  }

  /// Moves the cursor of a stage back, so that blocks from `block` on are tried again.
  ///
  /// Call this after they are free, so that processes that reach them find them free.
  private func rewind(_ stage: Int, to block: Int) {
    var current = next(stage).pointee.load(ordering: .acquiring)
    while Int(current) > block {
      let (exchanged, original) = next(stage).pointee.compareExchange(
        expected: current, desired: UInt32(block), ordering: .acquiringAndReleasing)
      if exchanged { return }
      current = original
    }
  }

  /// Commits a block under the lock and marks it done.
  ///
  /// If a worker died with the lock held, the shared result may be incomplete: it is emptied, and
  /// all other blocks of the stage become free again. For a stage without a shared result the
  /// finished blocks are only counted again.
  ///
  /// - Parameters:
  ///   - index: The index of the stage.
  ///   - block: The block that was performed.
  ///   - stage: The stage.
  ///   - halfway: Called with the lock held and the result half-added, for tests.
  func complete(stage index: Int, block: Int, of stage: Stage, halfway: () -> Void = {}) {
    let isLast = lock.withLock { found in
      if found == .ownerDied { repair(stage: index, of: stage) }
      stage.commit(block)
      halfway()
      let isLast = done(stage: index) + 1 == blockCounts[index]
      // A process that sees the last block done may read the time at once.
      if isLast { completion(index).pointee = monotonicSeconds() }
      state(index, block).pointee.store(.max, ordering: .releasing)
      doneCount(index).pointee.wrappingAdd(1, ordering: .acquiringAndReleasing)
      return isLast
    }
    if isLast { announceChange() }
  }

  /// Repairs a stage after a worker died with the lock held.
  ///
  /// The shared result is emptied and the finished blocks become free; without a shared result, the
  /// blocks that are marked done stay done.
  private func repair(stage index: Int, of stage: Stage) {
    guard let reset = stage.reset else {
      let done = (0..<blockCounts[index]).count {
        state(index, $0).pointee.load(ordering: .acquiring) == .max
      }
      doneCount(index).pointee.store(UInt32(done), ordering: .releasing)
      return
    }
    reset()
    returnedCount(index).pointee.wrappingAdd(1, ordering: .releasing)
    for other in 0..<blockCounts[index] {
      _ = state(index, other).pointee.compareExchange(
        expected: .max, desired: 0, ordering: .acquiringAndReleasing)
    }
    doneCount(index).pointee.store(0, ordering: .releasing)
    rewind(index, to: 0)
  }

  /// Repairs what a dead worker may have left apart from its block.
  ///
  /// It may have held the lock without anybody noticing: all others may be waiting for the last
  /// block, which it had marked done but not counted. It may also have moved the cursor past a
  /// block without taking it.
  func recoverFromDeath(_ stages: [Stage]) {
    defer {
      for stage in blockCounts.indices where !isComplete(stage: stage) { rewind(stage, to: 0) }
      announceChange()
    }
    // If another process holds the lock, that process has noticed the death.
    lock.withLockIfFree { found in
      guard found == .ownerDied,
        let current = blockCounts.indices.first(where: { !isComplete(stage: $0) })
      else { return }
      repair(stage: current, of: stages[current])
      if isComplete(stage: current) { completion(current).pointee = monotonicSeconds() }
    }
  }

  /// Number of blocks of a stage put back so far after the death of a worker.
  func returned(stage: Int) -> Int { Int(returnedCount(stage).pointee.load(ordering: .acquiring)) }

  /// The block that a worker has taken and not completed; nil if there is none.
  ///
  /// - Complexity: O(1).
  func held(by worker: Int) -> StagedBlock? {
    let latest = latest(worker).pointee.load(ordering: .acquiring)
    guard latest > 0 else { return nil }
    let taken = StagedBlock(stage: Int(latest >> 32) - 1, block: Int(latest & 0xffff_ffff))
    let owner = state(taken.stage, taken.block).pointee.load(ordering: .acquiring)
    return owner == UInt32(worker) + 1 ? taken : nil
  }

  /// Puts back a block that a dead worker had taken.
  func putBack(_ taken: StagedBlock) {
    // Count first: the number is the attempt, which the next worker to take the block reads.
    returnedCount(taken.stage).pointee.wrappingAdd(1, ordering: .releasing)
    state(taken.stage, taken.block).pointee.store(0, ordering: .releasing)
    rewind(taken.stage, to: taken.block)
    announceChange()
  }

  /// Marks a block of a dead worker as done although it is not.
  func abandon(_ taken: StagedBlock, of stages: [Stage]) {
    let (stage, block) = (taken.stage, taken.block)
    returnedCount(stage).pointee.wrappingAdd(1, ordering: .releasing)
    lock.withLock { found in
      if found == .ownerDied { repair(stage: stage, of: stages[stage]) }
      if done(stage: stage) + 1 == blockCounts[stage] {
        completion(stage).pointee = monotonicSeconds()
      }
      state(stage, block).pointee.store(.max, ordering: .releasing)
      doneCount(stage).pointee.wrappingAdd(1, ordering: .acquiringAndReleasing)
    }
    announceChange()
  }

  func isComplete(stage: Int) -> Bool { done(stage: stage) == blockCounts[stage] }

  func done(stage: Int) -> Int { Int(doneCount(stage).pointee.load(ordering: .acquiring)) }

  /// Monotonic time in seconds at which the last block of a stage was done.
  func completionTime(stage: Int) -> Double { completion(stage).pointee }

  /// The value to pass to ``waitForChange(since:)``, read before looking for work.
  func changeCount() -> UInt32 { changes.pointee.load(ordering: .acquiring) }

  /// Sleeps until something changes, at most a tenth of a second, so that a lost wake-up cannot
  /// hang.
  func waitForChange(since count: UInt32) { shim_futex_wait(changes, count, 100_000_000) }

  private func announceChange() {
    changes.pointee.wrappingAdd(1, ordering: .releasing)
    shim_futex_wake_all(changes)
  }

  /// Stores a failure for the coordinator.
  func report(_ failure: RunFailure, worker: Int) {
    let slot = region.pages.base + slotOffset + worker * Self.messageBytes
    let bytes = Array(failure.sentence.bytes.prefix(Self.messageBytes - Self.messageStart))
    (slot + Self.messageStart).copyMemory(from: bytes, byteCount: bytes.count)
    slot.storeBytes(of: failure.errno?.rawValue ?? 0, toByteOffset: 8, as: Int32.self)
    slot.storeBytes(of: Int32(bytes.count), toByteOffset: 4, as: Int32.self)
    slot.storeBytes(of: failure.kind.rawValue, as: Int32.self)
  }

  /// The failure that a worker reported before it ended, if any.
  func failure(worker: Int) -> RunFailure? {
    let slot = region.pages.base + slotOffset + worker * Self.messageBytes
    guard let kind = ErrorKind(rawValue: slot.load(as: Int32.self)) else { return nil }
    let length = Int(slot.load(fromByteOffset: 4, as: Int32.self))
    let bytes = UnsafeRawBufferPointer(start: slot + Self.messageStart, count: length)
    let code = slot.load(fromByteOffset: 8, as: Int32.self)
    return RunFailure(
      kind, Sentence(bytes: bytes), errno: code == 0 ? nil : Errno(rawValue: code))
  }
}

/// A block of a stage, both as indices.
struct StagedBlock: Hashable {
  let stage: Int
  let block: Int
}

/// Seconds of a clock that never jumps.
public func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
