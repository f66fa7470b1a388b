// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc

/// Number of processors that this process may use, at least 1.
///
/// The smaller of its affinity mask (`taskset`, cpusets) and the CPU quota of its control group
/// (`docker run --cpus`), rounded up.
public func availableProcessors() -> Int {
  availableProcessors(affinity: Int(shim_affinity_count()), root: "")
}

/// The same with a given number of processors in the affinity mask; `root` is a prefix of `/proc`
/// and `/sys`, for tests.
func availableProcessors(affinity: Int, root: String) -> Int {
  var count = max(1, affinity)
  // Compare before the conversion to an integer: a quota may be larger than any integer.
  if let quota = controlGroupQuota(root), quota < Double(count) {
    count = max(1, Int(quota.rounded(.up)))
  }
  return count
}

/// Number of processors that the control groups of this process allow; nil without a limit.
///
/// Version 2 has `quota period` in `cpu.max` of every group up to the root; version 1 has
/// `cpu.cfs_quota_us` and `cpu.cfs_period_us`.
func controlGroupQuota(_ root: String) -> Double? {
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
