// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
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
      guard let status = try? status(of: path, ofLink: true) else { return nil }
      let kind: String
      switch status.type {
      case .regular where isOutput: return nil
      case .directory where !isOutput: continue
      case .symbolicLink where !isOutput && Self.isFolder(path, below: folder): continue
      case .symbolicLink: kind = isOutput ? "a link" : "a link that leads out of \(folder)"
      case .directory: kind = "a folder"
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
    FolderIdentity(path) != nil
      && FilePath(spelled: path).resolved.starts(with: FilePath(spelled: folder).resolved)
  }
}
