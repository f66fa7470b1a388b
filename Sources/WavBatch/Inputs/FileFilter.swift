// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavSystem

/// Decides which files of a folder belong to a batch.
public struct FileFilter: Sendable {
  /// Shell patterns that files must match; empty for every extension of an audio file.
  public var include: [String] = []
  /// Shell patterns of files and folders to leave out.
  public var exclude: [String] = []

  private let extensions = SoundFile.extensions

  /// A filter with these patterns: `*.wav`, or with a slash for paths below the folder, `raw/*`.
  public init(include: [String] = [], exclude: [String] = []) {
    self.include = include
    self.exclude = exclude
  }

  /// Whether a file found in a folder is taken, by its path below that folder.
  func takes(_ path: String) -> Bool {
    if include.isEmpty {
      return extensions.contains(fileExtension(of: path))
    }
    return include.contains { matches(path, $0) }
  }

  /// Whether a file or folder is left out.
  func leavesOut(_ path: String) -> Bool { exclude.contains { matches(path, $0) } }

  /// A pattern with a slash is for the whole path, others are for the last part of it.
  private func matches(_ path: String, _ pattern: String) -> Bool {
    let subject = pattern.contains("/") ? path : lastComponent(of: path)
    return fnmatch(pattern, subject, 0) == 0
  }
}
