// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavSystem

/// A reason why a file cannot be analysed.
public struct AudioError: ExplainedError {
  /// The kind of failure.
  public let kind: ErrorKind
  /// One sentence that names the file and the remedy.
  public let sentence: Sentence

  /// Describes an error in one sentence.
  public init(_ kind: ErrorKind, _ sentence: Sentence) {
    self.kind = kind
    self.sentence = sentence
  }
}

extension AudioError {
  /// The file at a path was written to, truncated or replaced meanwhile.
  public static func changed(_ path: String) -> AudioError {
    AudioError(
      .unusable, "\(path) changed while it was being read; run again when it is complete")
  }

  /// The error of an open file that cannot be opened again, which goes through /proc.
  static func notReopened(_ path: String, _ reason: Errno) -> AudioError {
    let remedy = exists("/proc/self/fd") ? reason.remedy : "mount /proc (mount -t proc proc /proc)"
    return AudioError(
      .system, "\(path) cannot be opened again: \(reason)\(remedy.map { "; \($0)" } ?? "")")
  }
}
