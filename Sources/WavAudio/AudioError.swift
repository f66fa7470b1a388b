// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// A reason why a file cannot be analysed, as a sentence that names the file and the remedy.
public struct AudioError: Error, CustomStringConvertible, Sendable {
  /// The kind of failure; decides the exit status.
  public enum Kind: Sendable {
    /// There is no such file, or it cannot be opened.
    case noInput
    /// The file is not usable audio.
    case unusable
    /// The request does not fit the file.
    case request
    /// The system refused a resource.
    case system
  }

  /// The kind of failure.
  public let kind: Kind
  /// One sentence.
  public let description: String
  /// What can be done about it, for the program to put into words.
  public let remedies: Remedies

  /// Describes an error in one sentence.
  public init(_ kind: Kind, _ description: String, remedies: Remedies = []) {
    self.kind = kind
    self.description = description
    self.remedies = remedies
  }
}

extension AudioError {
  /// The file at a path was written to, truncated or replaced meanwhile.
  public static func changed(_ path: String) -> AudioError {
    AudioError(
      .unusable, "\(path) changed while it was being read; run again when it is complete")
  }
}
