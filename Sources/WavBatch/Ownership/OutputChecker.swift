// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem
import WavWorkers

/// Sees to it that outputs replace nothing but what the program wrote itself.
struct OutputChecker {
  private let folder: String
  private let isForcing: Bool
  private let ledger: OutputLedger
  private let journal: Journal

  init(_ request: BatchRequest, _ ledger: OutputLedger, _ journal: Journal) {
    folder = request.outputFolder
    isForcing = request.isForcing
    self.ledger = ledger
    self.journal = journal
  }

  /// Refuses an output, before any work is done for it, whose place is taken.
  ///
  /// - Throws: `WorkerFailure` that names what is in the way.
  func requireFree(_ name: String) throws {
    try require(name) { $0.mayHaveWritten(name, at: "\(folder)/\(name)") }
  }

  /// Refuses to give an output its name if something would be lost; from now on nothing else may appear
  /// under a name that is free.
  ///
  /// - Throws: `WorkerFailure` that names what is in the way.
  func requireReplaceable(_ output: FinishedOutput) throws {
    let path = "\(folder)/\(output.name)"
    try require(output.name) {
      $0.mayReplace(output.name, at: path, by: output.file, output.print)
    }
    output.file.mustBeNew = !isForcing && isFree(path)
  }

  private func require(_ name: String, _ isAllowed: (OutputLedger) -> Bool) throws {
    // A worker that died may have written it in this very run: the journal tells.
    let isForced = isForcing && Obstacle(name, in: folder) == nil
    guard isForced || isAllowed(ledger) || isAllowed(journal.ledger()) else {
      throw occupied(["\(folder)/\(name)"], in: folder)
    }
  }
}
