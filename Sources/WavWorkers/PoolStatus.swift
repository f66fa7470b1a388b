// SPDX-License-Identifier: GPL-2.0-or-later

/// Progress of a run.
public struct PoolStatus {
  /// Share of the work done, 0 to 1.
  public let share: Double
  /// The block that has been in work longest, counted within its stage; nil if there is none.
  public let longestBlock: Int?
  /// Seconds that this block has been in work.
  public let longestSeconds: Double

  init(_ crew: Crew, _ clock: BlockClock) {
    share = crew.share
    let longest = clock.longest()
    longestBlock = longest?.block.block
    longestSeconds = longest?.seconds ?? 0
  }
}
