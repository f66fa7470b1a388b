// SPDX-License-Identifier: GPL-2.0-or-later

/// Why two spectra cannot be compared.
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
  public let sentence: Sentence
  /// The sentence with plain words for settings.
  public var description: String { sentence.text(SettingNames()) }

  init(_ kind: Kind, _ sentence: Sentence) {
    self.kind = kind
    self.sentence = sentence
  }
}
