// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// A reason why a batch, or a file of it, cannot be done.
public struct BatchError: ExplainedError {
  /// The kind of failure.
  public let kind: ErrorKind
  /// One sentence.
  public let sentence: Sentence

  init(_ kind: ErrorKind, _ sentence: Sentence) {
    self.kind = kind
    self.sentence = sentence
  }
}
