// SPDX-License-Identifier: GPL-2.0-or-later

import TestSupport
import Testing

@testable import WavSystem

/// How much memory a run may take.
@Suite struct MemoryBudgetTests {
  private let machine = ["proc/meminfo": "MemAvailable:   4000 kB\n"]

  private func budget(_ files: [String: String], named: Int? = nil) throws -> MemoryBudget {
    try withSystem(files) { MemoryBudget(named: named, root: $0) }
  }

  @Test func withoutAWordAShareOfWhatIsAvailableCounts() throws {
    let budget = try budget(machine)
    #expect(budget.byteCount == 3_072_000)
    #expect(budget.bound == "on this machine")
  }

  @Test func theTightestLimitCounts() throws {
    var files = machine
    files["proc/self/cgroup"] = "0::/a\n"
    files["sys/fs/cgroup/a/memory.max"] = "3000000\n"
    files["sys/fs/cgroup/a/memory.high"] = "2000000\n"
    files["sys/fs/cgroup/a/memory.current"] = "1000000\n"
    // The page cache makes room.
    files["sys/fs/cgroup/a/memory.stat"] = "inactive_file 150000\nactive_file 50000\n"
    let budget = try budget(files)
    #expect(budget.byteCount == 900_000)
    #expect(budget.bound == "within the control group's limit")
  }

  @Test func whatIsNamedCountsIfItIsThere() throws {
    for named in [1, 1_000_000, 4_096_000] {
      let budget = try budget(machine, named: named)
      #expect(budget.byteCount == named)
      #expect(budget.bound == nil)
    }
    let budget = try budget(machine, named: 4_096_001)
    #expect(budget.byteCount == 4_096_000)
    #expect(budget.bound == "on this machine")
  }

  @Test func aSystemThatReportsNothingSetsNoBudget() throws {
    #expect(try budget(["proc/meminfo": "nothing of use"]).byteCount == .max)
    #expect(try budget(["proc/meminfo": "nothing of use"], named: 7).byteCount == 7)
  }
}
