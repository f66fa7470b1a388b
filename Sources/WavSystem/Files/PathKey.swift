// SPDX-License-Identifier: GPL-2.0-or-later

/// A path as what it is to the kernel: bytes.
///
/// To Swift strings are equal that differ in their Unicode normalisation, and a slash with a combining
/// mark behind it is another character; to a file system neither is so.
public struct PathKey: Hashable, Sendable {
  private let bytes: [UInt8]

  /// The bytes of a path.
  public init(_ path: String) { bytes = Array(path.utf8) }
}

/// The parts of a path between its slashes; empty parts are left out.
public func components(of path: String) -> [String] {
  path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
}

/// What follows the last slash.
public func lastComponent(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
  return String(Substring(path.utf8[path.utf8.index(after: slash)...]))
}

/// What follows the last dot of a file's name, in lower case; empty without one.
public func fileExtension(of path: String) -> String {
  let name = lastComponent(of: path).utf8
  guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return "" }
  return String(Substring(name[name.index(after: dot)...])).lowercased()
}

/// A path without the last dot of its file's name and what follows; a dot in front of a name stays.
public func withoutExtension(_ path: String) -> String {
  let last = lastComponent(of: path).utf8
  guard let dot = last.lastIndex(of: UInt8(ascii: ".")), dot > last.startIndex else { return path }
  return String(Substring(path.utf8.dropLast(last[dot...].count)))
}

/// Orders paths by their bytes, as `LC_ALL=C sort` does, whatever the locale.
public func precedes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}
