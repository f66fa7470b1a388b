// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages

/// Keeps the time that each worker has held its block, as the coordinator sees it.
struct BlockClock {
  private var records: [Int: (block: StagedBlock, since: Double)] = [:]

  /// Looks at what the workers hold now, by their places.
  mutating func look(at held: [Int: StagedBlock], now: Double = monotonicSeconds()) {
    records = Dictionary(
      uniqueKeysWithValues: held.map { slot, block in
        let known = records[slot].flatMap { $0.block == block ? $0.since : nil }
        return (slot, (block, known ?? now))
      })
  }

  /// A worker has died: whoever takes its place and its block begins anew.
  mutating func forget(_ slot: Int) { records[slot] = nil }

  /// Workers that have held their block for more than some seconds.
  func overdue(after limit: Double, now: Double = monotonicSeconds()) -> [Int] {
    records.filter { now - $0.value.since > limit }.map(\.key).sorted()
  }

  /// The block that has been held longest, and for how many seconds.
  func longest(now: Double = monotonicSeconds()) -> (block: StagedBlock, seconds: Double)? {
    let oldest = records.values.min {
      ($0.since, $0.block.stage, $0.block.block) < ($1.since, $1.block.stage, $1.block.block)
    }
    return oldest.map { ($0.block, now - $0.since) }
  }
}
