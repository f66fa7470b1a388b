// SPDX-License-Identifier: GPL-2.0-or-later

import TestSupport
import Testing

@testable import WavSystem

/// The number of processors, by affinity and by the quotas of control groups.
struct AvailableProcessorsTests {
  /// The number for 16 processors in the affinity mask on a system with these files.
  private func count(affinity: Int = 16, _ files: [String: String]) throws -> Int {
    try withSystem(files) { availableProcessors(affinity: affinity, root: $0) }
  }

  @Test func withoutAnyGroupAffinityCounts() throws {
    #expect(try count([:]) == 16)
    #expect(try count(affinity: 0, [:]) == 1)
    #expect(
      try count(["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "max 100000\n"]) == 16)
  }

  @Test(arguments: [
    ("200000 100000", 2), ("150000 100000", 2), ("10000 100000", 1), ("3200000 100000", 16),
    ("1e300 1", 16), ("0 100000", 16), ("nonsense", 16),
  ])
  func aQuotaCounts(quota: String, expected: Int) throws {
    let files = [
      "proc/self/cgroup": "0::/box\n", "sys/fs/cgroup/box/cpu.max": "\(quota)\n",
    ]
    #expect(try count(files) == expected)
  }

  @Test func theLeastLimitOfTheGroupsAboveCounts() throws {
    let files = [
      "proc/self/cgroup": "0::/outer/inner\n",
      "sys/fs/cgroup/outer/inner/cpu.max": "800000 100000\n",
      "sys/fs/cgroup/outer/cpu.max": "300000 100000\n",
      "sys/fs/cgroup/cpu.max": "max 100000\n",
    ]
    #expect(try count(files) == 3)
    #expect(try count(affinity: 2, files) == 2)
  }

  @Test func groupsOfTheFirstVersionCountToo() throws {
    var files = [
      "proc/self/cgroup": "9:memory:/m\n4:cpu,cpuacct:/a/b\n0::/\n",
      "sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us": "-1\n",
      "sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us": "100000\n",
      "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "450000\n",
      "sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "100000\n",
    ]
    #expect(try count(files) == 5)
    files["sys/fs/cgroup/cpu/a/cpu.cfs_quota_us"] = "-1\n"
    #expect(try count(files) == 16)
  }

  @Test func thisProcessHasAProcessor() {
    #expect(availableProcessors() >= 1)
  }
}
