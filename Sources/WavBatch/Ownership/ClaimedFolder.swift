// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem
import WavWorkers

/// An output folder that a batch has locked, with the contents of its accounts.
struct ClaimedFolder {
  let folder: SummaryFolder
  /// All accounts, in the order of their last change.
  let accounts: [SummaryFolder.Account]
  /// The accounts that this batch replaces.
  let replaced: [SummaryFolder.Account]
  /// All outputs that the program has written.
  let ledger: OutputLedger
  /// Outputs that are only in the accounts that this batch replaces.
  let inherited: OutputLedger

  private let lock: FolderLock

  /// Creates the folder of a batch if necessary, locks it and reads its accounts.
  ///
  /// - Throws: `SystemError` when the folder cannot be used, or another batch is writing to it.
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

  /// Refuses to start if outputs or accounts would replace files that the program did not write.
  ///
  /// - Parameters:
  ///   - stems: Paths of the outputs of the batch, without extensions.
  ///   - request: The batch.
  /// - Throws: `RunFailure` that names those files.
  func requireRoom(for stems: [String], _ request: BatchRequest) throws {
    let own = accountPaths(request.shard, request) + [folder.journalPath(request.shard)]
    try requireFiles(own, besides: stems)
    if request.shard != nil { try requireMerge(request) }
    var taken = own.filter { path in
      let account = accounts.first { $0.name == lastComponent(of: path) }
      guard account?.isOwn != true, !isFree(path) else { return false }
      return !request.isForcing || Obstacle(lastComponent(of: path), in: folder.path) != nil
    }
    // A path behind a link may be free now and taken later, and then --force would replace the
    // file.
    if request.isForcing {
      let found = stems.compactMap { Obstacle(above: $0, in: folder.path)?.path }
      taken += Set(found).sorted(by: precedes)
    }
    // With all channels, the number of channels and thus the outputs are only known later.
    if request.channels == .one {
      for stem in stems {
        let names = request.extensions.map { "\(stem).\($0)" }
        taken += names.filter { name in
          if request.isForcing, Obstacle(name, in: folder.path) == nil { return false }
          return !ledger.mayHaveWritten(name, at: "\(folder.path)/\(name)")
        }
        .map { "\(folder.path)/\($0)" }
      }
    }
    guard taken.isEmpty else {
      // A running shard may have written files after the accounts were read.
      if !taken.contains(folder.journalPath(request.shard)) { try requireNoOtherShards(request) }
      throw occupied(taken, in: folder.path)
    }
  }

  /// The files of a batch or of a shard that stay after its end.
  private func accountPaths(_ shard: Shard?, _ request: BatchRequest) -> [String] {
    [folder.summaryPath(shard, request.summaryFormat), folder.outputsPath(shard)]
      + (request.writesIndex ? [folder.indexPath(shard)] : [])
  }

  /// Refuses to start a shard if its merge would have no room.
  private func requireMerge(_ request: BatchRequest) throws {
    let merged = accountPaths(nil, request)
    // Another shard may have the recordings in such a folder.
    try requireFiles(merged, besides: request.inputs.map(\.name))
    let taken = merged.filter { path in
      !isFree(path) && accounts.first { $0.name == lastComponent(of: path) }?.isOwn != true
    }
    guard taken.isEmpty else { throw occupied(taken, in: folder.path, isMerging: true) }
  }

  /// Refuses to start if a folder of outputs would have the name of an account.
  private func requireFiles(_ own: [String], besides stems: [String]) throws(RunFailure) {
    let parts = stems.map { components(of: $0) }
    let folders = Set(parts.filter { $0.count > 1 }.map { PathKey($0[0]) })
    for path in own where folders.contains(PathKey(lastComponent(of: path))) {
      throw RunFailure(
        .cannotCreateOutput,
        "\(path) would be a file of the batch, and the folder of the outputs of recordings in a folder of this "
          + "name; rename that folder of recordings")
    }
  }

  /// Refuses to start beside a running shard with the same number, or one of another count of
  /// shards.
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

  /// Begins the journal of a batch; it takes over the contents of the accounts that it replaces.
  ///
  /// - Parameters:
  ///   - request: The batch.
  ///   - records: Records of earlier runs that are still valid.
  /// - Returns: The journal; the replaced accounts are removed.
  /// - Throws: `SystemError` when the journal cannot be written, or another batch is writing to the
  ///   folder.
  func beginJournal(_ request: BatchRequest, _ records: [FileRecord]) throws -> Journal {
    let journal = try Journal(path: folder.journalPath(request.shard), in: folder.path)
    do {
      if let shard = request.shard { try requireSameNumber(shard) }
    } catch {
      journal.removeIfEmpty()
      throw error
    }
    // If this run is killed, too, the journal must have what earlier runs have done and written.
    try journal.begin(inherited, records)
    // The journal has everything of them that is still valid; a resumed shard leaves the accounts
    // of the others.
    if !request.isResuming || request.shard == nil {
      folder.remove(replaced.filter { $0.name != lastComponent(of: journal.path) })
    }
    return journal
  }

  /// Writes the summary of a batch, its index if it has one, and the list of outputs that were only in
  /// the replaced accounts.
  ///
  /// - Parameters:
  ///   - records: All records.
  ///   - untried: Number of files that have neither been done nor have failed.
  ///   - request: The batch.
  /// - Throws: `RunFailure` when the summary or the index cannot be written.
  func finish(_ records: [FileRecord], untried: Int, _ request: BatchRequest) throws {
    do {
      // As long as the journal exists, it has these outputs.
      if untried == 0 {
        try folder.writeOutputs(
          inherited.orphans(of: records, in: request.outputFolder), request.shard,
          isForcing: request.isForcing)
      }
      try folder.write(
        records, request.shard, request.summaryFormat, bands: request.summaryBands.map(\.name),
        index: request.writesIndex
          ? FolderIndex(records, request.options, shard: request.shard, untried: untried) : nil,
        isForcing: request.isForcing)
    } catch let error as SystemError {
      throw RunFailure(error, as: .cannotWriteOutput)
    }
  }
}
