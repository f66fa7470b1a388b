// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// Short names for files, all of them different: base names, and where these are the same the folder that tells
/// them apart.
public func distinctNames(_ paths: [String], mostCells: Int = 32) -> [String] {
  let parts = paths.map { path in
    printable(path).split(separator: "/").filter { $0 != "." }.map(String.init)
  }
  let names = parts.indices.map { index in
    let rivals = parts.indices.filter { $0 != index && parts[$0].last == parts[index].last }
      .map { parts[$0] }
    return shortened(name(of: parts[index], among: rivals), toCells: mostCells)
  }
  // Shortened names, and files that are named twice, may still be the same.
  return names.indices.map { index in
    let earlier = names[..<index].count { $0 == names[index] }
    return names.count { $0 == names[index] } == 1
      ? names[index] : "\(names[index]) (\(earlier + 1))"
  }
}

/// The base name of a path, with the nearest folder that no rival of the same base name has at its place.
private func name(of parts: [String], among rivals: [[String]]) -> String {
  let base = parts.last ?? ""
  guard !rivals.isEmpty else { return base }
  func folder(_ parts: [String], _ depth: Int) -> String? {
    parts.count > depth ? parts[parts.count - 1 - depth] : nil
  }
  for depth in 1..<max(2, parts.count) {
    guard let own = folder(parts, depth), !rivals.contains(where: { folder($0, depth) == own })
    else {
      continue
    }
    return own + (depth == 1 ? "/" : "/…/") + base
  }
  // No single folder does.
  return parts.joined(separator: "/")
}

/// A text of at most this many cells of a terminal, with `…` in place of its middle.
public func shortened(_ text: String, toCells most: Int) -> String {
  guard cellCount(text) > most else { return text }
  var (start, end) = ("", "")
  var rest = Array(text)
  // The end tells more: it has the extension.
  while let last = rest.last, cellCount(end) + cellCount(String(last)) <= most / 2 {
    end = String(last) + end
    rest.removeLast()
  }
  for character in rest {
    guard cellCount(start) + cellCount(String(character)) + cellCount(end) + 1 <= most else {
      break
    }
    start.append(character)
  }
  return start + "…" + end
}
