// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc

/// Number of processors that this process may really use, at least 1.
///
/// The smaller of its affinity mask (`taskset`, cpusets) and the CPU quota of its control group
/// (`docker run --cpus`), rounded up.
public func availableProcessors() -> Int {
  availableProcessors(affinity: Int(shim_affinity_count()), root: "")
}

/// The same for a number of processors in the affinity mask; `root` is a prefix of `/proc` and `/sys`,
/// for tests.
func availableProcessors(affinity: Int, root: String) -> Int {
  var count = max(1, affinity)
  // Compared before it is made an integer: a quota may be as large as one likes.
  if let quota = controlGroupQuota(root), quota < Double(count) {
    count = max(1, Int(quota.rounded(.up)))
  }
  return count
}

/// Processors that the control groups of this process allow, or nil without a limit.
///
/// Version 2 keeps `quota period` in `cpu.max` of every group on the way up; version 1 keeps
/// `cpu.cfs_quota_us` and `cpu.cfs_period_us`.
private func controlGroupQuota(_ root: String) -> Double? {
  ControlGroups.tightest("cpu", root: root) { folder, version in
    let files = version == .second ? ["cpu.max"] : ["cpu.cfs_quota_us", "cpu.cfs_period_us"]
    let words = files.map { textFile(folder.appending($0)) ?? "" }.joined(separator: " ")
      .split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]),
      quota > 0, period > 0
    else { return nil }
    return quota / period
  }
}
