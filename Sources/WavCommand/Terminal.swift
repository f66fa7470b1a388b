// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// Writes text to stdout or stderr at once, without C's buffers, which Swift 6 rightly distrusts.
///
/// - Throws: `SystemError` when the other end refuses it; a closed pipe ends the program quietly by
///   SIGPIPE.
func print(_ text: String, to descriptor: Int32) throws(SystemError) {
  let bytes = Array(text.utf8)
  var done = 0
  while done < bytes.count {
    done += try systemCall("write to \(descriptor == STDOUT_FILENO ? "stdout" : "stderr")") {
      bytes[done...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }
  }
}

/// Writes to stderr; there is nobody to tell if that fails.
func printToStandardError(_ text: String) { try? print(text, to: STDERR_FILENO) }
