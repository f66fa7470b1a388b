// SPDX-License-Identifier: GPL-2.0-or-later

/// How far a run is.
public struct PoolStatus {
  /// Share of the work that is done, 0 to 1.
  public let share: Double
  /// The block that has been in work longest, counted in its stage; nil if none is.
  public let longestBlock: Int?
  /// Seconds that it has been in work.
  public let longestSeconds: Double

  init(_ crew: Crew, _ clock: BlockClock) {
    share = crew.share
    let longest = clock.longest()
    longestBlock = longest?.block.block
    longestSeconds = longest?.seconds ?? 0
  }
}

/// A block in which too many workers died.
public struct GivenUpBlock {
  /// Name of its stage.
  public let stage: String
  /// The block, counted in its stage.
  public let block: Int
  /// How many workers died in it.
  public let attempts: Int
  /// How the last of them died, as the predicate of a sentence: `ended by signal 11 (…)`.
  public let reason: String
}
