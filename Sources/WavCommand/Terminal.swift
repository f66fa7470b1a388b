// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import SystemPackage
import WavExport
import WavSystem

/// Writes text to stdout or stderr directly, without C's buffers, which Swift 6 considers unsafe.
///
/// - Throws: `SystemError` when writing fails. A closed pipe ends the program silently by SIGPIPE.
func print(_ text: String, to descriptor: FileDescriptor) throws(SystemError) {
  try systemCall("write to \(descriptor == .standardOutput ? "stdout" : "stderr")") {
    _ = try descriptor.writeAll(text.utf8)
  }
}

/// Writes to stderr, with the name of the program before a sentence in a colour; a failure cannot be reported and
/// is ignored.
func printToStandardError(_ text: String, _ look: Ink.Look = .yellow) {
  let name = "wavfft:"
  let inked = text.hasPrefix(name) ? Ink.ofErrors(look, name) + text.dropFirst(name.count) : text
  try? print(inked, to: .standardError)
}

/// Tells a sentence on stderr, behind the name of the program.
func announce(_ sentence: String) {
  printToStandardError("wavfft: \(printable(sentence))\n")
}

/// The same for what ends the program.
func announceFailure(_ sentence: String) {
  printToStandardError("wavfft: \(printable(sentence))\n", .red)
}

/// The width of the terminal in cells: what the variable `COLUMNS` says, else what the terminal at stdout says, else 80.
func terminalWidth() -> Int {
  if let text = environmentVariable("COLUMNS"), let columns = Int(text), columns > 0 {
    return columns
  }
  var size = winsize()
  guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
  return Int(size.ws_col)
}

/// The characters that the terminal can show, by its locale.
func terminalCharacters() -> TerminalCharacters {
  TerminalCharacters(environment: environmentVariable)
}
