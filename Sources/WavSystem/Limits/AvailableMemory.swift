// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage

/// Memory that this process and its workers can still take without swapping, and what bounds it.
struct AvailableMemory: Equatable {
  /// Bytes.
  let byteCount: Int
  /// What sets the bound, as a clause: "on this machine".
  let bound: String

  /// The tightest of what the machine, the control group and the limit on address space leave.
  ///
  /// Nil if the system says nothing. `promised` bytes are mapped already and going to be taken: they
  /// count as used, which in the address space they are. `root` is a prefix of `/proc` and `/sys`,
  /// for tests.
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

  /// What is left in the control group of this process and in all those above it.
  private static func ofControlGroup(_ root: String) -> AvailableMemory? {
    ControlGroups.tightest("memory", root: root) { folder, version in
      let files = version == .first ? ControlGroupFiles.version1 : .version2
      func number(_ name: String) -> Int? { textFile(folder.appending(name)).flatMap(wholeNumber) }
      guard let limit = number(files.limit), let usage = number(files.usage) else { return nil }
      // The page cache of files counts as used, but makes room when asked.
      let statistics = textFile(folder.appending("memory.stat")) ?? ""
      let cache = files.cache.reduce(0) { $0 + (self.number(after: $1, in: statistics) ?? 0) }
      return max(0, limit - max(0, usage - cache))
    }
    .map { AvailableMemory(byteCount: $0, bound: "within the control group's limit") }
  }

  /// Names of the files of a version of control groups, and of the numbers of their page cache.
  private struct ControlGroupFiles {
    let limit: String
    let usage: String
    let cache: [String]

    static let version1 = ControlGroupFiles(
      limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes",
      cache: ["total_inactive_file", "total_active_file"])
    static let version2 = ControlGroupFiles(
      limit: "memory.max", usage: "memory.current", cache: ["inactive_file", "active_file"])
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

  /// The number that follows a word at the beginning of a line.
  private static func number(after word: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: " ")
      if fields.count > 1, fields[0] == word { return Int(fields[1]) }
    }
    return nil
  }

  /// The number that a text begins with; nil for "max".
  private static func wholeNumber(_ text: String) -> Int? {
    Int(text.prefix { $0.isNumber })
  }
}

/// Bytes of memory that this process and its workers can still take, by the tightest of what the
/// machine, the control group and the limit on address space leave; nil if the system does not say.
public func availableMemory() -> Int? { AvailableMemory.now()?.byteCount }
