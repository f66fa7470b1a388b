// SPDX-License-Identifier: GPL-2.0-or-later

/// A path as the kernel compares it: as bytes.
///
/// Swift takes strings as equal that differ in Unicode normalisation, and joins a slash and a
/// following combining mark to one character. A file system does neither.
public struct PathKey: Hashable, Sendable {
  private let bytes: [UInt8]

  /// The bytes of a path.
  public init(_ path: String) { bytes = Array(path.utf8) }
}

/// The components of a path; empty ones are left out.
public func components(of path: String) -> [String] {
  path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
}

/// The text after the last slash.
public func lastComponent(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
  return String(Substring(path.utf8[path.utf8.index(after: slash)...]))
}

/// The text after the last dot of a file name, in lower case; empty if there is no dot.
public func fileExtension(of path: String) -> String {
  let name = lastComponent(of: path).utf8
  guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return "" }
  return String(Substring(name[name.index(after: dot)...])).lowercased()
}

/// A path without the extension of its file name; a leading dot of the name is kept.
public func withoutExtension(_ path: String) -> String {
  let last = lastComponent(of: path).utf8
  guard let dot = last.lastIndex(of: UInt8(ascii: ".")), dot > last.startIndex else { return path }
  return String(Substring(path.utf8.dropLast(last[dot...].count)))
}

/// Orders paths by their bytes, in any locale as `LC_ALL=C sort` does.
public func precedes(_ first: String, _ second: String) -> Bool {
  first.utf8.lexicographicallyPrecedes(second.utf8)
}
