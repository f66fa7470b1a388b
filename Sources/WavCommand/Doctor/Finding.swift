// SPDX-License-Identifier: GPL-2.0-or-later

/// What the doctor found about one thing.
struct Finding: Encodable {
  /// How bad it is.
  enum State: String, Encodable, CaseIterable {
    /// As it should be.
    case ok
    /// wavfft works, but something is slower, or cannot be had.
    case warning
    /// wavfft does not work.
    case trouble
  }

  /// What was looked at: `Scratch disk`.
  let name: String
  let state: State
  /// What is there.
  let text: String
  /// What to do; nil if nothing is to be done, or if the text says it.
  var remedy: String?
}
