// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavExport
import WavSystem
import WavWorkers

/// Gives outputs their names, and records this and all failures in the journal.
struct OutputNaming {
  let folder: String
  let checker: OutputChecker
  let journal: Journal

  /// The journal cannot be written, which is not a failure of a file.
  struct JournalFailure: Error {
    let error: SystemError
  }

  /// Gives outputs their names, unless they would replace files that the program did not write, and
  /// records that they exist.
  ///
  /// - Throws: `RunFailure` when a path is taken or cannot be written to, and
  ///   ``JournalFailure``.
  func complete(_ records: [FileRecord], _ outputs: [FinishedOutput]) throws {
    for output in outputs { try checker.requireReplaceable(output) }
    let names = Set(outputs.map(\.name))
    let left = outputs.filter { !names.contains(TableSidecar.path(of: $0.name)) }
      .compactMap { LeftSidecar(beside: $0.file) }
    do {
      try journal.name(records) {
        do throws(SystemError) {
          // Without waiting for the disk: outputs that a crash of the system leaves short are
          // detected by their sizes.
          try OutputFile.commit(outputs.map(\.file), isSyncing: false)
        } catch {
          guard error.errno == .fileExists else { throw RunFailure(error, as: .cannotWriteOutput) }
          throw occupied(outputs.map { "\(folder)/\($0.name)" }, in: folder)
        }
      }
    } catch let error as SystemError {
      throw JournalFailure(error: error)
    }
    // A worker has nobody to warn of those that stay; who compares the tables hears of them.
    for sidecar in left { _ = sidecar.remove() }
  }

  /// Appends records of files that have failed to the journal.
  ///
  /// - Throws: `RunFailure` when the journal cannot be written.
  func note(_ records: [FileRecord]) throws(RunFailure) {
    do {
      try journal.finish(records)
    } catch {
      throw RunFailure(error, as: .cannotWriteOutput)
    }
  }
}

/// Ends the batch if the output folder is full, or has a file that must not be replaced: the file
/// that failed is not the cause, and all others might fail, too.
///
/// The free space afterwards tells nothing: the failed outputs have been removed.
func requireRoom(after error: any Error) throws {
  guard let failure = error as? RunFailure else { return }
  let isFull =
    failure.kind == .cannotWriteOutput
    && [.noSpace, .diskQuotaExceeded, .readOnlyFileSystem, .ioError].contains(failure.errno)
  if isFull || failure.kind == .cannotCreateOutput { throw failure }
}
