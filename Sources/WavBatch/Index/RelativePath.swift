// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavSystem

/// The way from one existing folder to another, as a relative path that ends with a slash; empty if they
/// are the same folder.
func relativePath(from first: String, to second: String) -> String {
  let (start, end) = (resolvedComponents(first), resolvedComponents(second))
  let common = zip(start, end).prefix { PathKey($0) == PathKey($1) }.count
  return String(repeating: "../", count: start.count - common)
    + end.dropFirst(common).map { $0 + "/" }.joined()
}

/// The components of a folder's path, without links.
private func resolvedComponents(_ folder: String) -> [String] {
  let path = FilePath(spelled: folder).resolved.withPlatformString {
    spelled(UnsafeRawBufferPointer(start: $0, count: strlen($0)))
  }
  return components(of: path)
}
