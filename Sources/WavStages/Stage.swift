// SPDX-License-Identifier: GPL-2.0-or-later

/// One step of a run.
///
/// Workers do its blocks in any order; all of them are done before the next stage begins.
public struct Stage {
  /// Name of the stage in timings and messages: "columns".
  public let name: String
  /// Number of blocks; a stage may have none.
  public let blockCount: Int
  /// Share of the whole run, for the progress bar, in any positive unit.
  public let weight: Double
  /// Does one block, in a worker.
  ///
  /// Must be idempotent: a block whose worker dies is done again.
  public let perform: (_ block: Int) throws -> Void
  /// Adds the result of the block just performed to the shared result, under the shared lock.
  public let commit: (_ block: Int) -> Void
  /// Empties the shared result that `commit` adds to, under the lock, after a worker died while it
  /// held the lock; nil for a stage without a shared result.
  public let reset: (() -> Void)?

  /// Describes a stage; `commit` and `reset` are for stages that add to a shared result.
  public init(
    name: String, blockCount: Int, weight: Double = 1,
    perform: @escaping (_ block: Int) throws -> Void,
    commit: @escaping (_ block: Int) -> Void = { _ in },
    reset: (() -> Void)? = nil
  ) {
    self.name = name
    self.blockCount = blockCount
    self.weight = weight
    self.perform = perform
    self.commit = commit
    self.reset = reset
  }
}

extension Stage {
  /// The same work, with its errors translated.
  public func rethrowing(_ translate: @escaping (any Error) -> any Error) -> Stage {
    Stage(
      name: name, blockCount: blockCount, weight: weight,
      perform: { [perform] block in
        do { try perform(block) } catch { throw translate(error) }
      }, commit: commit, reset: reset)
  }
}

/// Performs stages in the calling process, block after block; the results are the same as with
/// workers.
///
/// - Returns: The seconds that each stage took.
/// - Throws: What a block throws.
public func perform(_ stages: [Stage]) throws -> [Double] {
  let clock = ContinuousClock()
  return try stages.map { stage in
    let start = clock.now
    for block in 0..<stage.blockCount {
      try stage.perform(block)
      stage.commit(block)
    }
    return (clock.now - start) / .seconds(1)
  }
}
