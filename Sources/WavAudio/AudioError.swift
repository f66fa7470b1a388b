// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// A reason why a file cannot be analysed, as a sentence that names the file and the way out.
public struct AudioError: Error, CustomStringConvertible, Sendable {
  /// Whose fault it is; decides the exit status.
  public enum Kind: Sendable {
    /// There is no such file, or it may not be opened.
    case noInput
    /// The file is not usable audio.
    case unusable
    /// What was asked of the file does not fit it.
    case request
    /// The system refused a resource.
    case system
  }

  /// Whose fault it is.
  public let kind: Kind
  /// One sentence.
  public let description: String
  /// What can be done, if the program offers it.
  public let remedies: Remedies

  /// Describes an error in one sentence.
  public init(_ kind: Kind, _ description: String, remedies: Remedies = []) {
    self.kind = kind
    self.description = description
    self.remedies = remedies
  }
}
