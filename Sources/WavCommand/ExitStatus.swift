// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSystem
import WavWorkers

/// The exit statuses of the program, after BSD's sysexits.h.
enum ExitStatus: Int32 {
  case done = 0
  case answerIsNo = 1
  case incomparable = 2
  case usage = 64
  case unusableInput = 65
  case noInput = 66
  case workerFailed = 70
  case systemRefused = 71
  case cannotCreateOutput = 73
  case cannotWriteOutput = 74

  /// The status for an error.
  init(_ error: any Error) {
    self =
      switch (error as? any ExplainedError)?.kind {
      case .noInput: .noInput
      case .unusable: .unusableInput
      case .incomparable: .incomparable
      case .request: .usage
      case .system: .systemRefused
      case .cannotCreateOutput: .cannotCreateOutput
      case .cannotWriteOutput: .cannotWriteOutput
      // Also an unexpected error.
      case .failed, nil: .workerFailed
      }
  }
}

/// Writes a report to stdout.
func printToStandardOutput(_ text: String) throws(RunFailure) {
  do {
    try print(text, to: .standardOutput)
  } catch {
    throw RunFailure(error, as: .cannotWriteOutput)
  }
}

/// Checks, before any work, that images can be drawn.
func requireLibrary(for path: String, _ renderer: FigureRenderer?) throws(RunFailure) {
  do {
    try renderer?.requireLibrary()
  } catch {
    throw RunFailure(.cannotCreateOutput, "could not write \(path): \(error.reason)")
  }
}
