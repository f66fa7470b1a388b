// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem
import WavWorkers

/// A folder of outputs that a batch has locked, with what its accounts tell.
struct ClaimedFolder {
  let folder: SummaryFolder
  /// All accounts, the one changed last comes last.
  let accounts: [SummaryFolder.Account]
  /// Those that this batch replaces.
  let replaced: [SummaryFolder.Account]
  /// What the program has written.
  let ledger: OutputLedger
  /// What only accounts tell that this batch replaces.
  let inherited: OutputLedger

  private let lock: FolderLock

  /// Makes the folder of a batch unless it is there, locks it and reads its accounts.
  ///
  /// - Throws: `SystemError` when it cannot be used, or another batch writes to it.
  init(_ request: BatchRequest) throws {
    folder = SummaryFolder(path: request.outputFolder)
    try makeFolder(request.outputFolder)
    lock = try FolderLock(request.outputFolder, isShared: request.shard != nil)
    accounts = folder.accounts()
    replaced = accounts.filter { SummaryFolder.takesOver($0, request.shard) }
    var (ledger, inherited) = (OutputLedger(), OutputLedger())
    for account in accounts { ledger.add(account.ledger) }
    for account in replaced { inherited.add(account.ledger) }
    (self.ledger, self.inherited) = (ledger, inherited)
  }

  /// Refuses to begin where outputs or accounts would replace what the program did not write.
  ///
  /// - Parameters:
  ///   - stems: Paths of the outputs that the batch makes, without extensions.
  ///   - request: The batch.
  /// - Throws: `WorkerFailure` that names what is in the way.
  func requireRoom(for stems: [String], _ request: BatchRequest) throws {
    let own = [
      folder.summaryPath(request.shard, request.summaryFormat), folder.journalPath(request.shard),
      folder.outputsPath(request.shard),
    ]
    var taken = own.filter { path in
      let account = accounts.first { $0.name == lastComponent(of: path) }
      guard account?.isOwn != true, !isFree(path) else { return false }
      return !request.isForcing || Obstacle(lastComponent(of: path), in: folder.path) != nil
    }
    // What is free behind a link is not after it, and then --force would replace it.
    if request.isForcing {
      let found = stems.compactMap { Obstacle(above: $0, in: folder.path)?.path }
      taken += Set(found).sorted(by: precedes)
    }
    // How many channels there are, and outputs, is known only later.
    if request.channels == .one {
      for stem in stems {
        let names = request.formats.map { "\(stem).\($0.fileExtension)" }
        taken += names.filter { name in
          if request.isForcing, Obstacle(name, in: folder.path) == nil { return false }
          return !ledger.mayHaveWritten(name, at: "\(folder.path)/\(name)")
        }
        .map { "\(folder.path)/\($0)" }
      }
    }
    guard taken.isEmpty else {
      // What a running shard has written since the accounts were read is not foreign.
      if !taken.contains(folder.journalPath(request.shard)) { try requireNoOtherShards(request) }
      throw occupied(taken, in: folder.path)
    }
  }

  /// Refuses to begin beside a shard that runs and is the same one, or one of another number.
  private func requireNoOtherShards(_ request: BatchRequest) throws {
    guard let shard = request.shard else { return }
    let journal = try Journal(path: folder.journalPath(shard), in: folder.path)
    defer { journal.removeIfEmpty() }
    try requireSameNumber(shard)
  }

  private func requireSameNumber(_ shard: Shard) throws {
    guard folder.hasOtherShards(than: shard) else { return }
    throw FolderLock.busy("shards of another number write to \(folder.path)")
  }

  /// Begins the journal of a batch, which takes over what it replaces.
  ///
  /// - Parameters:
  ///   - request: The batch.
  ///   - records: What earlier ones have done and is still true.
  /// - Returns: The journal; the accounts that it replaces are gone.
  /// - Throws: `SystemError` when it cannot be written, or another batch writes to the folder.
  func beginJournal(_ request: BatchRequest, _ records: [FileRecord]) throws -> Journal {
    let journal = try Journal(path: folder.journalPath(request.shard), in: folder.path)
    do {
      if let shard = request.shard { try requireSameNumber(shard) }
    } catch {
      journal.removeIfEmpty()
      throw error
    }
    // What an earlier run has done and written must outlive this one, too, should it be killed.
    try journal.begin(inherited, records)
    // The journal has what is still true of them; a shard that goes on leaves the others theirs.
    if !request.isResuming || request.shard == nil {
      folder.remove(replaced.filter { $0.name != lastComponent(of: journal.path) })
    }
    return journal
  }
  /// Writes the summary of a batch, and what only the accounts told that it replaces.
  ///
  /// - Parameters:
  ///   - records: All records.
  ///   - isComplete: Whether all files were done or failed.
  ///   - request: The batch.
  /// - Throws: `WorkerFailure` when that cannot be written.
  func finish(_ records: [FileRecord], isComplete: Bool, _ request: BatchRequest) throws {
    do {
      // While the journal stays, it tells of them.
      if isComplete {
        try folder.writeOutputs(
          inherited.orphans(of: records, in: request.outputFolder), request.shard,
          isForcing: request.isForcing)
      }
      try folder.write(
        records, request.shard, request.summaryFormat, bands: request.summaryBands.map(\.name),
        isForcing: request.isForcing)
    } catch let error as SystemError {
      throw WorkerFailure(kind: .output, error)
    }
  }
}
