// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavWorkers

/// A file in whose analysis too many workers died.
public struct LostFile: Error {
  /// Path of the file.
  public let path: String
  /// The block of the file, and how the last worker died.
  public let block: GivenUpBlock
}

extension FileAnalysis {
  /// Why a file was given up; a crash of libsndfile is described as `analyze` describes it.
  @available(*, noasync)
  func reason(for lost: GivenUpBlock, _ input: BatchInput) -> any Error {
    do {
      _ = try openContained(request(for: input, workers: 1))
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
    FileRecord(path: input.path, status: .error, error: inWords(error), options: options)
  }
}
