// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavSystem

/// Writes text to stdout or stderr at once, without C's buffers, which Swift 6 rightly distrusts.
///
/// - Throws: `SystemError` when the other end refuses it; a closed pipe ends the program quietly by
///   SIGPIPE.
func print(_ text: String, to descriptor: FileDescriptor) throws(SystemError) {
  try systemCall("write to \(descriptor == .standardOutput ? "stdout" : "stderr")") {
    _ = try descriptor.writeAll(text.utf8)
  }
}

/// Writes to stderr; there is nobody to tell if that fails.
func printToStandardError(_ text: String) { try? print(text, to: .standardError) }
