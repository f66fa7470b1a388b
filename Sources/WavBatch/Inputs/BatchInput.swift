// SPDX-License-Identifier: GPL-2.0-or-later

/// A file that a batch is to analyse.
public struct BatchInput: Sendable, Equatable {
  /// Path to open it by: as the user gave it, or below the folder as the user gave it.
  public let path: String
  /// Path below the folder that all inputs have in common; decides the place of the outputs.
  public let name: String
  /// Size in bytes; 0 if there is no such file.
  public let byteCount: Int
  /// Why it cannot even be tried, as a sentence; nil for a file to open.
  public let problem: String?
}
