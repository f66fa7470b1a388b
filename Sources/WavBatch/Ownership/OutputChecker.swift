// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// Makes sure that outputs replace only files that the program wrote itself.
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

  /// Refuses an output that would replace another file, before any work is done for it.
  ///
  /// - Throws: `RunFailure` that names the file.
  func requireFree(_ name: String) throws {
    try require(name) { $0.mayHaveWritten(name, at: "\(folder)/\(name)") }
  }

  /// Refuses to give an output its name if a file would be lost.
  ///
  /// If the name is free, the output from now on refuses to replace a file of that name.
  ///
  /// - Throws: `RunFailure` that names the file.
  func requireReplaceable(_ output: FinishedOutput) throws {
    let path = "\(folder)/\(output.name)"
    try require(output.name) {
      $0.mayReplace(output.name, at: path, by: output.file, output.print)
    }
    output.file.mustBeNew = !isForcing && isFree(path)
  }

  private func require(_ name: String, _ isAllowed: (OutputLedger) -> Bool) throws {
    // In this run, a worker that died may have written it: the journal has it.
    let isForced = isForcing && Obstacle(name, in: folder) == nil
    guard isForced || isAllowed(ledger) || isAllowed(journal.ledger()) else {
      throw occupied(["\(folder)/\(name)"], in: folder)
    }
  }
}
