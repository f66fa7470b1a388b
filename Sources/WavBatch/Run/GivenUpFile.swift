// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavSystem
import WavWorkers

/// A file in whose analysis too many workers died.
public struct LostFile: ExplainedError {
  /// Path of the file.
  public let path: String
  /// The block of the file, and how the last worker died.
  public let block: GivenUpBlock
  /// Always `ErrorKind.failed`.
  public var kind: ErrorKind { .failed }
  /// The file, and how its last worker died.
  public var sentence: Sentence {
    "\(path) could not be analysed: "
      + (block.attempts == 1 ? "the worker" : "\(block.attempts) workers in a row")
      + " \(block.end.predicate)"
  }
}

extension FileAnalysis {
  /// Why a file was given up; a crash of libsndfile is described as `analyze` describes it.
  @available(*, noasync)
  func reason(for lost: GivenUpBlock, _ input: BatchInput) -> any Error {
    do {
      _ = try openAfterTrial(request(for: input, workers: 1))
    } catch {
      return error
    }
    if case .overdue(let seconds) = lost.end {
      return AnalysisError.tookTooLong(path: input.path, seconds: seconds)
    }
    return LostFile(path: input.path, block: lost)
  }

  /// The record of a file that failed.
  func failure(of input: BatchInput, _ error: any Error) -> FileRecord {
    FileRecord(
      path: input.path, status: .error, error: Sentence(error).text(request.analysis.names),
      options: options)
  }
}
