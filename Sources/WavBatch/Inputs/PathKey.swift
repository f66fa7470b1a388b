// SPDX-License-Identifier: GPL-2.0-or-later

/// A path as what it is to the kernel: bytes.
///
/// To Swift strings are equal that differ in their Unicode normalisation, and a slash with a combining
/// mark behind it is another character; to a file system neither is so.
struct PathKey: Hashable {
  private let bytes: [UInt8]

  init(_ path: String) { bytes = Array(path.utf8) }
}

/// The parts of a path between its slashes; empty parts are left out.
func components(of path: String) -> [String] {
  path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
}

/// What follows the last slash.
func lastComponent(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
  return String(Substring(path.utf8[path.utf8.index(after: slash)...]))
}

/// Orders paths by their bytes, as `LC_ALL=C sort` does, whatever the locale.
func precedes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}
