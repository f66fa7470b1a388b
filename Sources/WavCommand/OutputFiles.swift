// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavComparison
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
    try requireNoSidecar(path, "--out", of: inputs)
  }
  return try failing(as: .cannotCreateOutput) { () throws(SystemError) in
    try path == "-" ? OutputFile(standardOutput: ()) : OutputFile(path: path)
  }
}

/// Gives outputs their names, and says which documents of older tables stay beside new ones.
func commit(_ outputs: [SpectrumOutput]) throws {
  do {
    try SpectrumOutput.commit(outputs) { announce($0.text(.options)) }
  } catch let error as SystemError {
    throw RunFailure(error, as: .cannotWriteOutput)
  }
}

/// Refuses an output, with the name of its option, that would replace the document beside a table that is read.
func requireNoSidecar(_ path: String, _ name: String, of inputs: [String]) throws(RunFailure) {
  for input in inputs
  where OutputFile.isSameFile(path, TableSidecar.path(of: input))
    && TableSidecar.isRead(beside: input)
  {
    throw RunFailure(
      .cannotCreateOutput,
      "\(name) \(path) says how the input \(input) was made; choose another name")
  }
}

/// Says which documents beside tables are not read, because the tables are others, and which somebody has changed.
func announceSidecars(beside tables: [String]) {
  for table in tables {
    let path = TableSidecar.path(of: table)
    switch TableSidecar.state(beside: table) {
    case .none, .trusted: continue
    case .ignored:
      announce(
        "\(path) is ignored, because it does not describe \(table) as it is; write both again with "
          + "--header sidecar")
    case .changed:
      announce(
        "\(path) is used although it is not as wavfft wrote it; if nobody meant to change it, write \(table) again with "
          + "--header sidecar")
    }
  }
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
