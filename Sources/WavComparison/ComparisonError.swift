// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// Why two spectra cannot be compared.
public struct ComparisonError: ExplainedError {
  /// The kind of failure.
  public let kind: ErrorKind
  /// One sentence.
  public let sentence: Sentence

  init(_ kind: ErrorKind, _ sentence: Sentence) {
    self.kind = kind
    self.sentence = sentence
  }
}
