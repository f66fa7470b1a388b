// SPDX-License-Identifier: GPL-2.0-or-later

/// Why two spectra cannot be compared, as a sentence.
public struct ComparisonError: Error, CustomStringConvertible, Sendable {
  /// Whose fault it is; decides the exit status.
  public enum Kind: Sendable {
    /// There is no such file.
    case noInput
    /// The file holds no spectrum.
    case unusable
    /// The two were made in different ways.
    case incomparable
    /// What was asked for does not make sense.
    case request
  }

  /// Whose fault it is.
  public let kind: Kind
  /// One sentence.
  public let description: String

  init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}
