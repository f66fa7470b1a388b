// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavExport
import WavSystem

/// Merges the summaries of shards into the summary of a whole batch, and their indexes into its index.
public struct SummaryMerge {
  /// Number of files in the merged summary.
  public let files: Int
  /// Of these, files that failed.
  public let failed: Int
  /// Path of the merged summary.
  public let path: String
  /// Path of the merged index; nil if the batch wrote no pages.
  public let indexPath: String?

  /// Merges all summaries of shards in some folders.
  ///
  /// The merged summary is written to the first folder, with an index if the batch wrote pages; then
  /// the summaries and indexes of the shards are removed.
  ///
  /// - Throws: `AudioError` when a shard is missing or the summaries are not of one batch,
  ///   `SystemError`
  ///   when the merged summary cannot be written.
  public init(folders: [String]) throws {
    let found = folders.map { SummaryFolder(path: $0) }.flatMap { folder in
      folder.shards().map { (folder: folder, shard: $0.shard, format: $0.format) }
    }
    guard let first = found.first else {
      throw BatchError(
        .noInput,
        "there is no summary of a shard (summary.1-of-4.csv) in "
          + "\(folders.joined(separator: ", ")); run \(.batch) with \(.shards) first")
    }
    let count = first.shard.count
    guard found.allSatisfy({ $0.shard.count == count && $0.format == first.format }) else {
      throw BatchError(
        .unusable,
        "the summaries in \(folders.joined(separator: ", ")) are of different numbers of shards or "
          + "formats; remove those of an older batch")
    }
    for number in 1...count {
      let owners = found.filter { $0.shard.number == number }
      guard owners.count == 1 else {
        throw BatchError(
          .unusable,
          owners.isEmpty
            ? "the summary of shard \(number) of \(count) is missing; run that shard, then merge"
            : "there are \(owners.count) summaries of shard \(number) of \(count), in "
              + "\(owners.map(\.folder.path).joined(separator: " and ")); leave one out")
      }
    }
    if let stopped = found.first(where: { $0.folder.hasJournal($0.shard) }) {
      throw BatchError(
        .unusable,
        "shard \(stopped.shard.number) of \(count) is not finished; run it again with \(.resumption), "
          + "then merge")
    }
    var records: [FileRecord] = []
    var counts: [Int] = []
    var places: [PathKey: String] = [:]
    for part in found.sorted(by: { $0.shard.number < $1.shard.number }) {
      guard let own = part.folder.wholeRecords(part.shard, part.format) else {
        throw BatchError(
          .unusable,
          "\(part.folder.summaryPath(part.shard, part.format)) is damaged; run shard "
            + "\(part.shard.number) of \(count) again with \(.resumption)")
      }
      records += own
      let paths = Set(own.map { PathKey($0.path) })
      counts.append(paths.count)
      let place = relativePath(from: first.folder.path, to: part.folder.path)
      for path in paths { places[path] = place }
    }
    // Each shard has every count-th file of one list, so that the first shards may have one file
    // more.
    guard zip(counts, counts.dropFirst()).allSatisfy({ $0 >= $1 }),
      (counts.first ?? 0) - (counts.last ?? 0) <= 1
    else {
      throw BatchError(
        .unusable,
        "the shards have \(counts.map(String.init).joined(separator: ", ")) files, which are not parts of one "
          + "list; run all of them on the same recordings")
    }
    if let other = records.first(where: { $0.optionsHash != records[0].optionsHash }) {
      throw BatchError(
        .unusable,
        "\(records[0].path) and \(other.path) were analysed with different options; run one of the "
          + "shards again")
    }
    let byPath = Dictionary(grouping: records, by: { PathKey($0.path) })
    let sorted = byPath.values.sorted { precedes($0[0].path, $1[0].path) }
    let merged = sorted.flatMap { $0 }
    let accounts = folders.map { SummaryFolder(path: $0) }.map { ($0, $0.accounts()) }
    let options = merged.first.map { OptionsInWords(text: $0.options, hash: $0.optionsHash) }
    var index: FolderIndex?
    if let options, OptionsInWords.formats(in: options.text).contains(Exporter.html.name) {
      index = FolderIndex(merged, options) { places[PathKey($0.path)] ?? "" }
    }
    try first.folder.write(
      merged, nil, first.format, bands: options.map { OptionsInWords.bands(in: $0.text) } ?? [],
      index: index, isForcing: false, isMerging: true)
    for (folder, accounts) in accounts {
      // In the other folders no other account would have the outputs.
      let isFirst = PathKey(folder.path) == PathKey(first.folder.path)
      let taken = accounts.filter { $0.shard == nil || $0.shard?.count == count }
      var ledger = OutputLedger()
      for account in taken { ledger.add(account.ledger) }
      try folder.writeOutputs(
        ledger.orphans(of: isFirst ? merged : [], in: folder.path), nil)
      folder.remove(taken.filter { $0.shard != nil })
    }
    files = byPath.count
    failed = byPath.values.count { $0.contains { $0.status == .error } }
    path = first.folder.summaryPath(nil, first.format)
    indexPath = index.map { _ in first.folder.indexPath(nil) }
  }
}
