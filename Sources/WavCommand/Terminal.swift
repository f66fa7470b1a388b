// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavSystem

/// Writes text to stdout or stderr directly, without C's buffers, which Swift 6 considers unsafe.
///
/// - Throws: `SystemError` when writing fails. A closed pipe ends the program silently by SIGPIPE.
func print(_ text: String, to descriptor: FileDescriptor) throws(SystemError) {
  try systemCall("write to \(descriptor == .standardOutput ? "stdout" : "stderr")") {
    _ = try descriptor.writeAll(text.utf8)
  }
}

/// Writes to stderr; a failure cannot be reported and is ignored.
func printToStandardError(_ text: String) { try? print(text, to: .standardError) }
