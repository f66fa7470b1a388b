// SPDX-License-Identifier: GPL-2.0-or-later

/// Measures how long each worker has held its block, as seen by the coordinator.
struct BlockClock {
  private var records: [Int: (block: StagedBlock, since: Double)] = [:]

  /// Updates the times; `held` has the block of each worker's slot.
  mutating func look(at held: [Int: StagedBlock], now: Double = monotonicSeconds()) {
    records = Dictionary(
      uniqueKeysWithValues: held.map { slot, block in
        let known = records[slot].flatMap { $0.block == block ? $0.since : nil }
        return (slot, (block, known ?? now))
      })
  }

  /// Forgets a worker that died: its successor starts anew.
  mutating func forget(_ slot: Int) { records[slot] = nil }

  /// Slots of the workers that have held their block for more than `limit` seconds.
  func overdue(after limit: Double, now: Double = monotonicSeconds()) -> [Int] {
    records.filter { now - $0.value.since > limit }.map(\.key).sorted()
  }

  /// The block that has been held longest, and the seconds.
  func longest(now: Double = monotonicSeconds()) -> (block: StagedBlock, seconds: Double)? {
    let oldest = records.values.min {
      ($0.since, $0.block.stage, $0.block.block) < ($1.since, $1.block.stage, $1.block.block)
    }
    return oldest.map { ($0.block, now - $0.since) }
  }
}
