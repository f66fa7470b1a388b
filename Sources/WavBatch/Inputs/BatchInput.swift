// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// An input file of a batch.
public struct BatchInput: Sendable, Equatable {
  /// Path of the file: as the user gave it, or below a folder that the user gave.
  public let path: String
  /// Path below the folder that all inputs have in common; decides the path of the outputs.
  public let name: String
  /// Size in bytes; 0 if there is no such file.
  public let byteCount: Int
  /// Why it cannot be opened, as a sentence; nil if nothing is known to be wrong.
  public let problem: Sentence?
}
