// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import TestSupport
import Testing

@testable import WavSystem

/// The control groups of a process, from its own up to the root.
struct ControlGroupsTests {
  /// Folders of the groups that limit memory, for a given `/proc/self/cgroup`.
  private func folders(_ groups: String) throws -> [String] {
    try withSystem(["proc/self/cgroup": groups]) { root in
      ControlGroups.folders("memory", root: root).map { folder, version in
        "\(version) " + folder.string.dropFirst(root.utf8.count)
      }
    }
  }

  @Test func groupsAreVisitedFromTheInnermostToTheRoot() throws {
    #expect(
      try folders("0::/outer/inner\n") == [
        "second /sys/fs/cgroup/outer/inner", "second /sys/fs/cgroup/outer", "second /sys/fs/cgroup",
      ])
    #expect(try folders("0::/\n") == ["second /sys/fs/cgroup"])
  }

  @Test func bothVersionsMayBeThere() throws {
    #expect(
      try folders("9:cpu,cpuacct:/x\n4:hugetlb,memory:/a\n0::/b\n") == [
        "first /sys/fs/cgroup/memory/a", "first /sys/fs/cgroup/memory",
        "second /sys/fs/cgroup/b", "second /sys/fs/cgroup",
      ])
  }

  @Test func aPathMayHoldColons() throws {
    #expect(try folders("0::/a:b\n").first == "second /sys/fs/cgroup/a:b")
  }

  @Test(arguments: ["", "nonsense\n", "1:name=systemd:/x\n", "3:memoryless:/x\n"])
  func groupsOfOtherResourcesDoNotCount(groups: String) throws {
    #expect(try folders(groups).isEmpty)
  }

  @Test func theTightestLimitCounts() throws {
    try withSystem(["proc/self/cgroup": "0::/a/b\n"]) { root in
      let limits = ["b": 7, "a": 3]
      let tightest = ControlGroups.tightest("memory", root: root) { folder, _ in
        limits[folder.lastComponent?.string ?? ""]
      }
      #expect(tightest == 3)
      #expect(ControlGroups.tightest("memory", root: root) { _, _ in Int?.none } == nil)
    }
  }
}
