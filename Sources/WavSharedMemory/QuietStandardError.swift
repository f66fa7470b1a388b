// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Keeps the libraries behind a library, such as its decoders and fonts, from writing to stderr.
///
/// What they have to say comes back as an error of the library, and our own errors are one line.
public struct QuietStandardError {
  private let saved: Int32

  /// Silences stderr until ``end()``.
  public init() {
    saved = dup(STDERR_FILENO)
    let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
    if saved >= 0, null >= 0 { dup2(null, STDERR_FILENO) }
    if null >= 0 { close(null) }
  }

  /// Gives stderr back.
  public func end() {
    guard saved >= 0 else { return }
    dup2(saved, STDERR_FILENO)
    close(saved)
  }
}
