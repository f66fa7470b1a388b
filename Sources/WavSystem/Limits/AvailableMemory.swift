// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

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
    guard let text = contents(root + "/proc/meminfo"),
      let kilobytes = number(after: "MemAvailable:", in: text)
    else { return nil }
    return AvailableMemory(byteCount: kilobytes * 1024, bound: "on this machine")
  }

  /// Names of the files of a version of control groups.
  private struct ControlGroupFiles {
    let folder: String
    let limit: String
    let usage: String
    let statistics: [String]

    static let version1 = ControlGroupFiles(
      folder: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes",
      usage: "memory.usage_in_bytes", statistics: ["total_inactive_file", "total_active_file"])
    static let version2 = ControlGroupFiles(
      folder: "/sys/fs/cgroup", limit: "memory.max", usage: "memory.current",
      statistics: ["inactive_file", "active_file"])
  }

  /// What is left in the control group of this process and in all those above it.
  private static func ofControlGroup(_ root: String) -> AvailableMemory? {
    var least: Int?
    for line in (contents(root + "/proc/self/cgroup") ?? "").split(separator: "\n") {
      // Number, controllers, path; version 2 has no controllers here.
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let files: ControlGroupFiles
      if fields[1].split(separator: ",").contains("memory") {
        files = .version1
      } else if fields[0] == "0" {
        files = .version2
      } else {
        continue
      }
      // Inside a container the path may be that of the host; its own group is at the top.
      var parts = fields[2].split(separator: "/").map(String.init)
      while true {
        let folder = root + files.folder + parts.map { "/" + $0 }.joined()
        if let left = bytesLeft(in: folder, files) { least = min(least ?? .max, left) }
        if parts.isEmpty { break }
        parts.removeLast()
      }
    }
    return least.map { AvailableMemory(byteCount: $0, bound: "within the control group's limit") }
  }

  private static func bytesLeft(in folder: String, _ files: ControlGroupFiles) -> Int? {
    guard let limit = contents(folder + "/" + files.limit).flatMap({ wholeNumber($0) }),
      let usage = contents(folder + "/" + files.usage).flatMap({ wholeNumber($0) })
    else { return nil }
    // The page cache of files counts as used, but makes room when asked.
    let statistics = contents(folder + "/memory.stat") ?? ""
    let cache = files.statistics.reduce(0) { $0 + (number(after: $1, in: statistics) ?? 0) }
    return max(0, limit - max(0, usage - cache))
  }

  static func ofAddressSpace(_ root: String) -> AvailableMemory? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur < UInt(Int.max),
      let pages = contents(root + "/proc/self/statm").flatMap({ wholeNumber($0) })
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

  private static func contents(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 16384)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}

/// Bytes of memory that this process and its workers can still take, by the tightest of what the
/// machine, the control group and the limit on address space leave; nil if the system does not say.
public func availableMemory() -> Int? { AvailableMemory.now()?.byteCount }
