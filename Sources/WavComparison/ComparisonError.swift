// SPDX-License-Identifier: GPL-2.0-or-later

/// Why two spectra cannot be compared.
public struct ComparisonError: Error, CustomStringConvertible, Sendable {
  /// The kind of failure; decides the exit status.
  public enum Kind: Sendable {
    /// There is no such file.
    case noInput
    /// The file contains no spectrum.
    case unusable
    /// The two were made in different ways.
    case incomparable
    /// The request makes no sense.
    case request
  }

  /// The kind of failure.
  public let kind: Kind
  /// A sentence, or the beginning of one that ends with ``cause``.
  public let sentence: Sentence
  /// The reason, if it is another error.
  public let cause: (any Error)?
  /// The sentence, with settings in plain words.
  public var description: String {
    sentence.text(SettingNames()) + (cause.map { "\($0)" } ?? "")
  }

  init(_ kind: Kind, _ sentence: Sentence, because cause: (any Error)? = nil) {
    self.kind = kind
    self.sentence = sentence
    self.cause = cause
  }
}
