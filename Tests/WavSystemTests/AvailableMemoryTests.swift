// SPDX-License-Identifier: GPL-2.0-or-later

import TestSupport
import Testing

@testable import WavSystem

@Suite struct AvailableMemoryTests {
  private let machine = "MemTotal:  100 kB\nMemFree:  10 kB\nMemAvailable:   4000 kB\n"

  @Test func theMachineSaysWhatIsAvailable() throws {
    try withSystem(["proc/meminfo": machine]) { root in
      let available = try #require(AvailableMemory.now(root: root))
      #expect(available.byteCount == 4_096_000)
      #expect(available.bound == "on this machine")
    }
  }

  @Test func theTightestControlGroupCounts() throws {
    let files = [
      "proc/meminfo": machine,
      "proc/self/cgroup": "0::/outer/inner\n",
      "sys/fs/cgroup/outer/inner/memory.max": "max\n",
      "sys/fs/cgroup/outer/inner/memory.current": "5\n",
      "sys/fs/cgroup/outer/memory.max": "1000000\n",
      "sys/fs/cgroup/outer/memory.current": "700000\n",
      "sys/fs/cgroup/outer/memory.stat":
        "anon 3\nfile 9\ninactive_file 100000\nactive_file 50000\n",
    ]
    try withSystem(files) { root in
      let available = try #require(AvailableMemory.now(root: root))
      #expect(available.byteCount == 450_000)
      #expect(available.bound == "within the control group's limit")
    }
  }

  @Test(arguments: [("max", "800000", 700_000), ("900000", "700000", 600_000), ("5", "max", 0)])
  func theLimitThatSlowsDownCountsToo(most: String, high: String, left: Int) throws {
    let files = [
      "proc/meminfo": machine,
      "proc/self/cgroup": "0::/a\n",
      "sys/fs/cgroup/a/memory.max": most + "\n",
      "sys/fs/cgroup/a/memory.high": high + "\n",
      "sys/fs/cgroup/a/memory.current": "100000\n",
    ]
    try withSystem(files) { root in
      #expect(AvailableMemory.now(root: root)?.byteCount == left)
    }
  }

  @Test func anInnerGroupMayBeTheTightest() throws {
    let files = [
      "proc/meminfo": machine,
      "proc/self/cgroup": "0::/outer/inner\n",
      "sys/fs/cgroup/outer/inner/memory.max": "300000\n",
      "sys/fs/cgroup/outer/inner/memory.current": "100000\n",
      "sys/fs/cgroup/outer/memory.max": "1000000\n",
      "sys/fs/cgroup/outer/memory.current": "100000\n",
    ]
    try withSystem(files) { root in
      #expect(AvailableMemory.now(root: root)?.byteCount == 200_000)
    }
  }

  @Test func controlGroupsOfTheFirstVersionCountToo() throws {
    let files = [
      "proc/meminfo": machine,
      "proc/self/cgroup": "9:cpu,cpuacct:/x\n4:memory:/a/b\n0::/\n",
      "sys/fs/cgroup/memory/a/b/memory.limit_in_bytes": "9223372036854771712\n",
      "sys/fs/cgroup/memory/a/b/memory.usage_in_bytes": "5\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "2000000\n",
      "sys/fs/cgroup/memory/memory.usage_in_bytes": "1500000\n",
      "sys/fs/cgroup/memory/memory.stat":
        "cache 1\ntotal_inactive_file 1000\ntotal_active_file 2000\n",
    ]
    try withSystem(files) { root in
      #expect(AvailableMemory.now(root: root)?.byteCount == 503_000)
    }
  }

  /// Without a limit version 1 has 2^63 - 4096, and its statistics lag behind: there may briefly be
  /// more cache than memory in use.
  @Test func aGroupWithoutALimitMayHaveMoreCacheThanMemory() throws {
    let files = [
      "proc/meminfo": machine,
      "proc/self/cgroup": "4:memory:/\n",
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
      "sys/fs/cgroup/memory/memory.usage_in_bytes": "1000\n",
      "sys/fs/cgroup/memory/memory.stat": "total_inactive_file 4096\ntotal_active_file 4096\n",
    ]
    try withSystem(files) { root in
      #expect(AvailableMemory.now(root: root)?.bound == "on this machine")
    }
  }

  @Test func aSystemThatReportsNothingSetsNoLimit() throws {
    try withSystem(["proc/meminfo": "nothing of use"]) { root in
      #expect(AvailableMemory.now(root: root) == nil)
    }
  }

  @Test func regionsInUseAreCounted() throws {
    let before = MemoryUse.now.byteCount
    do {
      let region = try SharedRegion(byteCount: 12345, purpose: "a test")
      #expect(MemoryUse.now.byteCount >= before + 12345)
      #expect(MemoryUse.now.backings.contains(region.backing))
    }
  }

  @Test func tooMuchMemoryIsRefusedWithItsSize() throws {
    do {
      _ = try SharedRegion(byteCount: 1 << 50, purpose: "a test")
      Issue.record("a petabyte was there")
    } catch {
      #expect(error.description.hasPrefix("could not reserve 1125900 GB of memory for a test"))
      #expect(error.description.contains("are available"))
      #expect(error.description.contains("TMPDIR"))
    }
  }
}
