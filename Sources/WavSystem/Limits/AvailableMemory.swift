// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// Memory that this process and its workers can still use without swapping, and what limits it.
struct AvailableMemory: Equatable {
  /// Bytes.
  let byteCount: Int
  /// The limit as a clause: "on this machine".
  let bound: String

  /// The least of the memory that the machine, the control group and the limit on address space
  /// leave.
  ///
  /// Nil if the system reports nothing. `promised` bytes are mapped but not yet allocated: they
  /// count as used, except in the address space, where they are used already. `root` is a prefix of
  /// `/proc` and `/sys`, for tests.
  static func now(promised: Int = 0, root: String = "") -> AvailableMemory? {
    let bounds = [ofMachine(root), ofControlGroup(root)].compactMap { $0 }.map {
      AvailableMemory(byteCount: max(0, $0.byteCount - promised), bound: $0.bound)
    }
    return (bounds + [ofAddressSpace(root)].compactMap { $0 })
      .min { $0.byteCount < $1.byteCount }
  }

  private static func ofMachine(_ root: String) -> AvailableMemory? {
    guard let text = textFile(FilePath(root + "/proc/meminfo")),
      let kilobytes = number(after: "MemAvailable:", in: text)
    else { return nil }
    return AvailableMemory(byteCount: kilobytes * 1024, bound: "on this machine")
  }

  /// Memory that is left in the control group of this process and in all groups above it.
  private static func ofControlGroup(_ root: String) -> AvailableMemory? {
    ControlGroups.tightest("memory", root: root) { folder, version in
      let files = version == .first ? ControlGroupFiles.version1 : .version2
      func number(_ name: String) -> Int? { textFile(folder.appending(name)).flatMap(wholeNumber) }
      guard let limit = files.limits.compactMap(number).min(), let usage = number(files.usage)
      else { return nil }
      // The page cache counts as used, but the kernel frees it on demand.
      let statistics = textFile(folder.appending("memory.stat")) ?? ""
      let cache = files.cache.reduce(0) { $0 + (self.number(after: $1, in: statistics) ?? 0) }
      return max(0, limit - max(0, usage - cache))
    }
    .map { AvailableMemory(byteCount: $0, bound: "within the control group's limit") }
  }

  /// Names of the files of one version of control groups, and of the fields of their page cache.
  private struct ControlGroupFiles {
    let limits: [String]
    let usage: String
    let cache: [String]

    static let version1 = ControlGroupFiles(
      limits: ["memory.limit_in_bytes"], usage: "memory.usage_in_bytes",
      cache: ["total_inactive_file", "total_active_file"])
    static let version2 = ControlGroupFiles(
      // Above the second the kernel does not kill, but it slows every process of the group down.
      limits: ["memory.max", "memory.high"], usage: "memory.current",
      cache: ["inactive_file", "active_file"])
  }

  static func ofAddressSpace(_ root: String) -> AvailableMemory? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur < UInt(Int.max),
      let pages = textFile(FilePath(root + "/proc/self/statm")).flatMap(wholeNumber)
    else { return nil }
    return AvailableMemory(
      byteCount: max(0, Int(limit.rlim_cur) - pages * Int(getpagesize())),
      bound: "within the limit on address space (ulimit -v)")
  }

  /// The number after a word at the beginning of a line.
  private static func number(after word: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count > 1, fields[0] == word { return Int(fields[1]) }
    }
    return nil
  }

  /// The number at the beginning of a text; nil for "max".
  private static func wholeNumber(_ text: String) -> Int? {
    Int(text.prefix { $0.isNumber })
  }
}

/// Bytes of memory that this process and its workers can still use: the least of what the machine,
/// the control group and the limit on address space leave; nil if the system does not report it.
public func availableMemory() -> Int? { AvailableMemory.now()?.byteCount }
