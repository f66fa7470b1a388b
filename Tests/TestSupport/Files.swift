// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation

/// Runs `body` with an empty folder, which is removed afterwards.
package func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "wavfft-test-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder)
}

/// Runs `body` with the path of a folder that has files with these contents, such as a /proc and a
/// /sys.
package func withSystem<Result>(
  _ files: [String: String], _ body: (String) throws -> Result
) throws -> Result {
  try withFolder { root in
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return try body(root.path)
  }
}

/// Names of the entries of a folder, hidden files included.
package func contents(_ folder: URL) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
}

/// A CSV file as rows of numbers, without its header.
package func table(_ url: URL) throws -> (header: String, rows: [[Double]]) {
  var lines = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    .split(separator: "\n").map(String.init)
  let header = lines.removeFirst()
  return (header, lines.map { $0.split(separator: ",").map { Double($0) ?? .nan } })
}
