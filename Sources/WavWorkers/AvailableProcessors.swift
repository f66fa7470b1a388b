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

/// Processors that the control groups of this process allow together, or nil without a limit.
///
/// Version 2 keeps `quota period` in `cpu.max` of every group on the way up; version 1 keeps
/// `cpu.cfs_quota_us` and `cpu.cfs_period_us`.
private func controlGroupQuota(_ prefix: String) -> Double? {
  var limits: [Double] = []
  for line in (textFile(prefix + "/proc/self/cgroup") ?? "").split(separator: "\n") {
    let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3 else { continue }
    let isVersion2 = fields[1].isEmpty
    guard isVersion2 || fields[1].split(separator: ",").contains("cpu") else { continue }
    let root = prefix + (isVersion2 ? "/sys/fs/cgroup" : "/sys/fs/cgroup/cpu")
    var group = fields[2].split(separator: "/")
    while true {
      let folder = ([root] + group.map(String.init)).joined(separator: "/")
      if let limit = isVersion2 ? version2Quota(folder) : version1Quota(folder) {
        limits.append(limit)
      }
      if group.popLast() == nil { break }
    }
  }
  return limits.min()
}

private func version2Quota(_ folder: String) -> Double? {
  let words = (textFile(folder + "/cpu.max") ?? "").split(whereSeparator: \.isWhitespace)
  guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]),
    quota > 0, period > 0
  else { return nil }
  return quota / period
}

private func version1Quota(_ folder: String) -> Double? {
  func number(_ name: String) -> Double? {
    textFile(folder + "/" + name)?.split(whereSeparator: \.isWhitespace).first.flatMap {
      Double($0)
    }
  }
  guard let quota = number("cpu.cfs_quota_us"), let period = number("cpu.cfs_period_us"),
    quota > 0, period > 0
  else { return nil }
  return quota / period
}

/// The text of a small file, or nil if it cannot be read.
func textFile(_ path: String) -> String? {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 65536)
  let count = read(descriptor, &bytes, bytes.count)
  guard count >= 0 else { return nil }
  return String(decoding: bytes[..<count], as: UTF8.self)
}
