// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// What is in the way of an output and is no file of the folder of outputs itself, so that even `--force`
/// does not replace it: a folder, a device, or a link, behind which there may be anything.
struct Obstacle {
  /// Path of what is in the way: that of the output, or of a folder above it.
  let path: String
  /// What it is: `a link`.
  let kind: String

  /// Looks for one from the folder of outputs down; nil if there is none.
  ///
  /// Links to folders that are in the folder of outputs, too, are none.
  ///
  /// - Parameters:
  ///   - name: Path of an output below the folder.
  ///   - folder: The folder of outputs.
  init?(_ name: String, in folder: String) {
    let parts = components(of: name)
    var path = folder
    for (index, part) in parts.enumerated() {
      path += "/" + part
      let isOutput = index == parts.count - 1
      var status = stat()
      guard lstat(path, &status) == 0 else { return nil }
      let kind: String
      switch status.st_mode & S_IFMT {
      case S_IFREG where isOutput: return nil
      case S_IFDIR where !isOutput: continue
      case S_IFLNK where !isOutput && Self.isFolder(path, below: folder): continue
      case S_IFLNK: kind = isOutput ? "a link" : "a link that leads out of \(folder)"
      case S_IFDIR: kind = "a folder"
      default: kind = isOutput ? "no regular file" : "no folder"
      }
      (self.path, self.kind) = (path, kind)
      return
    }
    return nil
  }

  /// Looks for one above an output, of which only the folders matter.
  init?(above stem: String, in folder: String) {
    guard let found = Obstacle(stem, in: folder),
      components(of: found.path).count < components(of: "\(folder)/\(stem)").count
    else { return nil }
    self = found
  }

  private static func isFolder(_ path: String, below folder: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
      let own = realpath(folder, nil)
    else { return false }
    defer { free(own) }
    guard let target = realpath(path, nil) else { return false }
    defer { free(target) }
    let (outer, inner) = (
      components(of: String(cString: own)), components(of: String(cString: target))
    )
    return inner.starts(with: outer)
  }
}
