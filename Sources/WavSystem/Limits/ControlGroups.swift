// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage

/// The control groups that may limit a resource of this process, from its own group up to the root.
///
/// `/proc/self/cgroup` has a line for each hierarchy: number, controllers, path. The hierarchy of
/// version 2 has the number 0 and no controllers; version 1 has one hierarchy for each set of
/// controllers.
enum ControlGroups {
  /// The two interfaces, whose files have different names.
  enum Version {
    case first
    case second
  }

  /// Reads the limit of each group and returns the least.
  ///
  /// - Parameters:
  ///   - controller: Name of the resource in version 1: `cpu`, `memory`.
  ///   - root: A prefix of `/proc` and `/sys`, for tests.
  ///   - limit: Reads the limit in the folder of a group; nil if it has none.
  /// - Returns: The least limit; nil if no group has any.
  static func tightest<Limit: Comparable>(
    _ controller: String, root: String, _ limit: (_ folder: FilePath, Version) -> Limit?
  ) -> Limit? {
    folders(controller, root: root).compactMap(limit).min()
  }

  /// The folders of the groups, innermost first in each hierarchy.
  static func folders(_ controller: String, root: String) -> [(FilePath, Version)] {
    let lines = (textFile(FilePath(root + "/proc/self/cgroup")) ?? "").split(separator: "\n")
    return lines.flatMap { line -> [(FilePath, Version)] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let version: Version
      var top = FilePath(root + "/sys/fs/cgroup")
      if fields[1].split(separator: ",").contains(Substring(controller)) {
        version = .first
        top.append(controller)
      } else if fields[0] == "0", fields[1].isEmpty {
        version = .second
      } else {
        return []
      }
      // Inside a container the path may be that of the host; the container's own group is at the
      // top.
      let parts = fields[2].split(separator: "/")
      return (0...parts.count).reversed().map { count in
        (parts[..<count].reduce(into: top) { $0.append(String($1)) }, version)
      }
    }
  }
}
