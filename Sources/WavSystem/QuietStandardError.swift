// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Synchronization

/// Keeps libraries, such as decoders and font libraries, from writing to stderr.
///
/// Their messages come back as errors of the calling library, and our own errors are one line.
public struct QuietStandardError {
  private struct State {
    /// Number of callers that want silence now.
    var depth = 0
    /// A copy of the real stderr while it is silenced; otherwise -1.
    var saved: Int32 = -1
    var isAllowed = false
  }

  private static let state = Mutex(State())

  /// Silences stderr until ``end()``; several callers may do so at the same time.
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

  /// Restores stderr, unless another caller still wants silence.
  public func end() {
    Self.state.withLock { state in
      state.depth -= 1
      guard state.depth == 0, state.saved >= 0 else { return }
      dup2(state.saved, STDERR_FILENO)
      close(state.saved)
      state.saved = -1
    }
  }

  /// Allows stderr to be silenced from now on: for a program, which owns its stderr.
  public static func allow() { state.withLock { $0.isAllowed = true } }
}
