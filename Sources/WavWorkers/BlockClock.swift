// SPDX-License-Identifier: GPL-2.0-or-later

/// Keeps the time that each worker has held its block, as the coordinator sees it.
struct BlockClock {
  private var records: [Int: (block: StagedBlock, since: Double)] = [:]

  /// Looks at what the workers of the crew hold now.
  mutating func look(at crew: Crew) {
    let now = monotonicSeconds()
    var current: [Int: (block: StagedBlock, since: Double)] = [:]
    for slot in crew.workers.indices where crew.workers[slot] > 0 {
      guard let block = crew.table.held(by: slot).first else { continue }
      let known = records[slot].flatMap { $0.block == block ? $0.since : nil }
      current[slot] = (block, known ?? now)
    }
    records = current
  }

  /// A worker has died: whoever takes its place and its block begins anew.
  mutating func forget(_ slot: Int) { records[slot] = nil }

  /// Workers that have held their block for more than some seconds.
  func overdue(after limit: Double) -> [Int] {
    let now = monotonicSeconds()
    return records.filter { now - $0.value.since > limit }.map(\.key).sorted()
  }

  /// The block that has been held longest, and for how many seconds.
  var longest: (block: StagedBlock, seconds: Double)? {
    let oldest = records.values.min { $0.since < $1.since }
    return oldest.map { ($0.block, monotonicSeconds() - $0.since) }
  }
}
