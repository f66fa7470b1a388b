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
