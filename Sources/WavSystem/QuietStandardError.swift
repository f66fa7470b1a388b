// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Synchronization

/// Keeps the libraries behind a library, such as its decoders and fonts, from writing to stderr.
///
/// What they have to say comes back as an error of the library, and our own errors are one line.
public struct QuietStandardError {
  private struct State {
    /// How many want silence at this moment.
    var depth = 0
    /// The real stderr meanwhile, or -1.
    var saved: Int32 = -1
    var isAllowed = false
  }

  private static let state = Mutex(State())

  /// Silences stderr until ``end()``; several may do so at the same time.
  public init() {
    Self.state.withLock { state in
      state.depth += 1
      guard state.depth == 1, state.isAllowed else { return }
      state.saved = dup(STDERR_FILENO)
      let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
      if state.saved >= 0, null >= 0 { dup2(null, STDERR_FILENO) }
      if null >= 0 { close(null) }
    }
  }

  /// Gives stderr back, unless somebody else still wants silence.
  public func end() {
    Self.state.withLock { state in
      state.depth -= 1
      guard state.depth == 0, state.saved >= 0 else { return }
      dup2(state.saved, STDERR_FILENO)
      close(state.saved)
      state.saved = -1
    }
  }

  /// Lets stderr be silenced from now on: for a program that owns it.
  public static func allow() { state.withLock { $0.isAllowed = true } }
}
