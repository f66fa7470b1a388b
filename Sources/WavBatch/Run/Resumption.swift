// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// Decides which files an earlier run has already done.
struct Resumption {
  private let folder: String
  private let options: OptionsInWords
  private let isEachChannel: Bool
  private var found: [PathKey: Found] = [:]

  /// What the accounts of the folder have on an input.
  private struct Found {
    /// Its records, the latest last.
    var records: [FileRecord] = []
    /// Time of the account with the records: outputs changed after it are read and compared.
    var changed = (0, 0)
    /// Records whose outputs were receiving their names when a run was killed.
    var naming: [FileRecord] = []
  }

  init(_ request: BatchRequest, _ accounts: [SummaryFolder.Account]) {
    folder = request.outputFolder
    options = request.options
    isEachChannel = request.channels == .each
    // Later accounts override earlier ones.
    for account in accounts {
      for (path, records) in Dictionary(grouping: account.records, by: { PathKey($0.path) }) {
        found[path] = Found(records: records, changed: account.changed)
      }
      for (path, records) in Dictionary(grouping: account.naming, by: { PathKey($0.path) }) {
        found[path, default: Found()].naming = records
      }
    }
  }

  /// The records of a file that is done: its outputs exist and are unchanged, were made with the
  /// same options, and the input is unchanged; otherwise nil.
  func records(of input: BatchInput, stem: String) -> [FileRecord]? {
    guard input.problem == nil, let found = found[PathKey(input.path)],
      let stamp = InputStamp(path: input.path)
    else { return nil }
    // Outputs that were receiving their names may exist or not, and may have replaced earlier ones:
    // only their bytes tell.
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
      // A file older than its account has not been changed since.
      // File times advance only every few milliseconds: a file about as old as the account may be
      // newer.
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
