// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import Glibc
import WavAnalysis
import WavAudio
import WavComparison
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
    switch error {
    case let error as AudioError:
      switch error.kind {
      case .noInput: self = .noInput
      case .unusable: self = .unusableInput
      case .request: self = .usage
      case .system: self = .systemRefused
      }
    case let error as WorkerFailure:
      switch error.kind {
      case .input: self = .unusableInput
      case .system: self = .systemRefused
      case .output: self = .cannotWriteOutput
      case .worker: self = .workerFailed
      case .occupied: self = .cannotCreateOutput
      }
    case let error as ComparisonError:
      switch error.kind {
      case .noInput: self = .noInput
      case .unusable: self = .unusableInput
      case .incomparable: self = .incomparable
      case .request: self = .usage
      }
    case let error as OutputError: self = error.status
    case is SystemError: self = .systemRefused
    case let error as AnalysisError:
      switch error {
      case .tookTooLong: self = .workerFailed
      case .overflow: self = .unusableInput
      default: self = .usage
      }
    case is GivenUpBlock: self = .workerFailed
    // An unexpected error.
    default: self = .workerFailed
    }
  }
}

/// Writes a report to stdout.
func printToStandardOutput(_ text: String) throws(OutputError) {
  do {
    try print(text, to: .standardOutput)
  } catch {
    throw OutputError(status: .cannotWriteOutput, description: sentence(error))
  }
}

/// Checks, before any work, that images can be drawn.
func requireLibrary(for path: String, _ renderer: FigureRenderer?) throws(OutputError) {
  do {
    try renderer?.requireLibrary()
  } catch {
    throw OutputError(
      status: .cannotCreateOutput, description: "could not write \(path): \(error.reason)")
  }
}

/// An output that cannot be opened or written.
struct OutputError: Error, CustomStringConvertible {
  let status: ExitStatus
  let description: String
}
