// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavSystem

/// Decides which files of a folder belong to a batch.
public struct FileFilter: Sendable {
  /// Shell patterns that files must match; if empty, all files with an extension of audio files
  /// match.
  public var include: [String] = []
  /// Shell patterns of files and folders to exclude.
  public var exclude: [String] = []

  private let extensions = SoundFile.extensions

  /// A filter with patterns such as `*.wav`, or with a slash for paths below the folder, `raw/*`.
  public init(include: [String] = [], exclude: [String] = []) {
    self.include = include
    self.exclude = exclude
  }

  /// Whether a file in a folder is an input; `path` is its path below that folder.
  func takes(_ path: String) -> Bool {
    if include.isEmpty {
      return extensions.contains(fileExtension(of: path))
    }
    return include.contains { matches(path, $0) }
  }

  /// Whether a file or folder is excluded.
  func leavesOut(_ path: String) -> Bool { exclude.contains { matches(path, $0) } }

  /// A pattern with a slash applies to the whole path, other patterns apply to the last component.
  private func matches(_ path: String, _ pattern: String) -> Bool {
    let subject = pattern.contains("/") ? path : lastComponent(of: path)
    return fnmatch(pattern, subject, 0) == 0
  }
}
