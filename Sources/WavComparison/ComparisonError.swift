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
  /// One sentence, or the beginning of one that ``cause`` ends.
  public let sentence: Sentence
  /// Why, if another error says it.
  public let cause: (any Error)?
  /// The sentence with plain words for settings.
  public var description: String {
    sentence.text(SettingNames()) + (cause.map { "\($0)" } ?? "")
  }

  init(_ kind: Kind, _ sentence: Sentence, because cause: (any Error)? = nil) {
    self.kind = kind
    self.sentence = sentence
    self.cause = cause
  }
}
