// SPDX-License-Identifier: GPL-2.0-or-later

/// What follows the last dot of a file's name, in lower case; empty without one.
public func fileExtension(of path: String) -> String {
  let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
  let pieces = name.split(separator: ".", omittingEmptySubsequences: false)
  return pieces.count > 1 ? pieces[pieces.count - 1].lowercased() : ""
}
