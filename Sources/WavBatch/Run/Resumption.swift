// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// Decides which files an earlier run has done already.
struct Resumption {
  private let folder: String
  private let options: OptionsInWords
  private let isEachChannel: Bool
  private var found: [PathKey: Found] = [:]

  /// What the accounts of the folder say of an input.
  private struct Found {
    /// Its records, the latest last.
    var records: [FileRecord] = []
    /// When the account was written that has them: outputs changed after that are looked into.
    var changed = (0, 0)
    /// What a run was naming when it was killed.
    var naming: [FileRecord] = []
  }

  init(_ request: BatchRequest, _ accounts: [SummaryFolder.Account]) {
    folder = request.outputFolder
    options = request.options
    isEachChannel = request.channels == .each
    // Of several accounts the last one counts.
    for account in accounts {
      for (path, records) in Dictionary(grouping: account.records, by: { PathKey($0.path) }) {
        found[path] = Found(records: records, changed: account.changed)
      }
      for (path, records) in Dictionary(grouping: account.naming, by: { PathKey($0.path) }) {
        found[path, default: Found()].naming = records
      }
    }
  }

  /// The records of a file whose outputs are there, whole and as they were written, were made with the
  /// same options, and of the file as it is; nil if any of that is not so.
  func records(of input: BatchInput, stem: String) -> [FileRecord]? {
    guard input.problem == nil, let found = found[PathKey(input.path)],
      let stamp = InputStamp(path: input.path)
    else { return nil }
    // What was being named may be there or not: only its bytes tell. So may all that was there before.
    let isCertain = found.naming.isEmpty
    let candidates = [
      (found.naming, (0, 0)), (found.records, isCertain ? found.changed : (0, 0)),
    ]
    return candidates.lazy.map { records, changed in
      valid(latestOfEachChannel(records), stamp, stem: stem, since: changed)
    }.first { $0 != nil } ?? nil
  }

  private func valid(
    _ records: [FileRecord], _ stamp: InputStamp, stem: String, since changed: (Int, Int)
  ) -> [FileRecord]? {
    guard let first = records.first, records.count == (isEachChannel ? first.channels ?? 0 : 1),
      records.allSatisfy({ isValid($0, stamp, stem: stem, since: changed) })
    else { return nil }
    return records
  }

  private func isValid(
    _ record: FileRecord, _ stamp: InputStamp, stem: String, since changed: (Int, Int)
  ) -> Bool {
    guard record.status != .error, record.optionsHash == options.hash,
      stamp.agrees(with: record), let output = record.output,
      output == (isEachChannel ? "\(stem).\(record.channel ?? "")" : stem),
      let sizes = record.outputBytes, record.prints.count == sizes.count
    else { return false }
    return record.prints.allSatisfy { name, print in
      guard let status = try? status(of: "\(folder)/\(name)"), Int(status.size) == print.bytes
      else { return false }
      // A file that is older than the account that names it has not been touched since.
      // The clock of files ticks every few milliseconds: what is about as old as the summary may be newer.
      let age =
        Double(changed.0 - Int(status.st_mtim.tv_sec))
        + Double(changed.1 - Int(status.st_mtim.tv_nsec)) / 1e9
      return age > 0.1 || Fingerprint(path: "\(folder)/\(name)") == print
    }
  }
}

/// The last record of each channel of a file, in the order of channels.
func latestOfEachChannel(_ records: [FileRecord]) -> [FileRecord] {
  var channels: [Int: FileRecord] = [:]
  for record in records { channels[record.channel.flatMap { Int($0) } ?? 0] = record }
  return channels.sorted { $0.key < $1.key }.map(\.value)
}
