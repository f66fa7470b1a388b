// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavExport
import WavSystem
import WavWorkers

/// Gives outputs their names, and tells the journal of it and of what has failed.
struct OutputNaming {
  let folder: String
  let checker: OutputChecker
  let journal: Journal

  /// The journal cannot be written: not the fault of a file.
  struct JournalFailure: Error {
    let error: SystemError
  }

  /// Gives outputs their names, unless they would replace what the program did not write, and notes that
  /// they are there.
  ///
  /// - Throws: `WorkerFailure` when a place is taken or cannot be written to, ``JournalFailure``.
  func complete(_ records: [FileRecord], _ outputs: [FinishedOutput]) throws {
    for output in outputs { try checker.requireReplaceable(output) }
    do {
      try journal.name(records) {
        do throws(SystemError) {
          // The disk may take its time: what a crash of the system leaves short is found by its size.
          try OutputFile.commit(outputs.map(\.file), isSyncing: false)
        } catch {
          guard error.errno == .fileExists else { throw WorkerFailure(kind: .output, error) }
          throw occupied(outputs.map { "\(folder)/\($0.name)" }, in: folder)
        }
      }
    } catch let error as SystemError {
      throw JournalFailure(error: error)
    }
  }

  /// Appends records of files that have failed to the journal.
  ///
  /// - Throws: `WorkerFailure` when it cannot be written.
  func note(_ records: [FileRecord]) throws(WorkerFailure) {
    do {
      try journal.finish(records)
    } catch {
      throw WorkerFailure(kind: .output, "\(error)")
    }
  }
}

/// Ends the batch when the folder of outputs takes no more, or holds what is not to be replaced: that is
/// not the fault of a file, and all others might fail, too.
///
/// How much is free afterwards says nothing: what was written of the outputs that failed is gone again.
func requireRoom(after error: any Error) throws {
  guard let failure = error as? WorkerFailure else { return }
  let isFull =
    failure.kind == .output
    && [.noSpace, .diskQuotaExceeded, .readOnlyFileSystem, .ioError].contains(failure.errno)
  if isFull || failure.kind == .occupied { throw failure }
}
