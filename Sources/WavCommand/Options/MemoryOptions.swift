// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavSystem

/// Options that limit the memory of one analysis.
struct MemoryOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Memory for all processes together, such as 500M or 4G; what does not fit goes to the disk. "
        + "(default: three quarters of the available memory)",
      valueName: "size"), completion: .sizes, transform: byteCount(parsing:))
  var memory: Int?

  @OptionGroup var scratch: ScratchOptions
}

/// Options for what does not fit into memory.
struct ScratchOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder for what does not fit into memory, on a disk. (default: TMPDIR, else /var/tmp or /tmp)",
      valueName: "dir"), completion: .directory,
    transform: writableFolder(parsing:))
  var scratchDir: String?
}

/// Bytes, as `--memory` takes them: `1000000`, `500M`, `4G`.
func byteCount(parsing argument: String) throws -> Int {
  let units = ["K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12]
  let unit = argument.last.flatMap { units[$0.uppercased()] }
  let number = Double(unit == nil ? argument[...] : argument.dropLast())
  guard let number, number * (unit ?? 1) >= 1, number * (unit ?? 1) < 1e18 else {
    throw ValidationError("Write a number of bytes above 0, or one with K, M, G or T: 500M.")
  }
  return Int(number * (unit ?? 1))
}

/// A folder that is there and can be written to.
private func writableFolder(parsing argument: String) throws -> String {
  guard !argument.isEmpty else { throw ValidationError("The name is empty; name a folder.") }
  if let obstacle = ScratchFolder.obstacle(in: argument) {
    throw ValidationError("\(obstacle); name a folder that you may write to.")
  }
  return argument
}
