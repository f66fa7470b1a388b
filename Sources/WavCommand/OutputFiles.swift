// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSystem
import WavWorkers

/// Opens an output, a file without its name yet, or stdout for `-`.
///
/// - Throws: `RunFailure` when it would replace an input, or cannot be created.
func openOutput(_ path: String, inputs: [String]) throws(RunFailure) -> OutputFile {
  if path != "-" {
    for input in inputs
    where OutputFile.isSameFile(path, input == "-" ? "/proc/self/fd/0" : input) {
      throw RunFailure(
        .cannotCreateOutput,
        "--out \(path) is the input \(inputs.count > 1 && path != input ? input + " " : "")itself; choose another name"
      )
    }
  }
  return try failing(as: .cannotCreateOutput) { () throws(SystemError) in
    try path == "-" ? OutputFile(standardOutput: ()) : OutputFile(path: path)
  }
}

/// Opens the document beside a table.
///
/// It has no name of its own on the command line, so only one that the program wrote is replaced.
func openSidecar(of table: OutputFile, input: String) throws(RunFailure) -> OutputFile {
  guard table.isSeekable else {
    throw RunFailure(
      .request,
      "\(table.path) is no regular file, and --header sidecar writes one beside it; name a file")
  }
  let path = TableSidecar.path(of: table.path)
  let isNew = (try? status(of: path, ofLink: true)) == nil
  guard isNew || TableSidecar(path: path, of: table.path) != nil else {
    throw RunFailure(
      .cannotCreateOutput,
      "\(path) is in the way: --header sidecar writes how \(table.path) was made there, and wavfft did not write what "
        + "is there; move it away, or choose another name")
  }
  let file = try openOutput(path, inputs: [input])
  file.mustBeNew = isNew
  return file
}

/// Refuses outputs that are the same file.
func requireDistinct(_ files: [OutputFile]) throws(RunFailure) {
  for (index, file) in files.enumerated() {
    guard let target = file.target,
      let other = files[..<index].first(where: { $0.target == target })
    else { continue }
    throw RunFailure(
      .request, "--out \(other.path) and \(file.path) are the same file; leave one of them out")
  }
}
