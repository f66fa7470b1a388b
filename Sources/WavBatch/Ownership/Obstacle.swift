// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavSystem

/// Something at the place of an output that even `--force` does not replace.
///
/// It is a folder, a device, or a link, which may lead out of the output folder.
struct Obstacle {
  /// Path of the obstacle: that of the output, or of a folder above it.
  let path: String
  /// Its kind: `a link`.
  let kind: String

  /// Searches for an obstacle on the way from the output folder to an output; nil if there is none.
  ///
  /// Links to folders inside the output folder are no obstacles.
  ///
  /// - Parameters:
  ///   - name: Path of an output below the output folder.
  ///   - folder: The output folder.
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

  /// Searches for an obstacle among the folders above an output.
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
