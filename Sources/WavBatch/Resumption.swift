// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavFiles

/// Decides which files an earlier run has done already.
struct Resumption {
  private let folder: String
  private let options: OptionsInWords
  private let isEachChannel: Bool
  private let records: [PathKey: [FileRecord]]

  init(_ request: BatchRequest) {
    folder = request.outputFolder
    options = request.options
    isEachChannel = request.channels == .each
    records = SummaryFolder(path: request.outputFolder).records()
  }

  /// The records of a file whose outputs are there, whole, newer than the file and made with the same
  /// options; nil if any of that is not so.
  func records(of input: BatchInput, stem: String) -> [FileRecord]? {
    guard input.problem == nil, let found = records[PathKey(input.path)] else { return nil }
    let latest = latestOfEachChannel(found)
    guard let first = latest.first, latest.count == (isEachChannel ? first.channels ?? 0 : 1),
      let time = modificationTime(input.path),
      latest.allSatisfy({ isValid($0, stem: stem, since: time) })
    else { return nil }
    return latest
  }

  private func isValid(_ record: FileRecord, stem: String, since time: timespec) -> Bool {
    guard record.status != .error, record.optionsHash == options.hash,
      let output = record.output, let sizes = record.outputBytes,
      output == (isEachChannel ? "\(stem).\(record.channel ?? "")" : stem)
    else { return false }
    return sizes.allSatisfy { format, size in
      var status = stat()
      return stat("\(folder)/\(output).\(format)", &status) == 0 && status.st_size == size
        && (status.st_mtim.tv_sec, status.st_mtim.tv_nsec) > (time.tv_sec, time.tv_nsec)
    }
  }

  private func modificationTime(_ path: String) -> timespec? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mtim : nil
  }
}

/// The last record of each channel of a file, in the order of channels.
func latestOfEachChannel(_ records: [FileRecord]) -> [FileRecord] {
  var channels: [Int: FileRecord] = [:]
  for record in records { channels[record.channel.flatMap { Int($0) } ?? 0] = record }
  return channels.sorted { $0.key < $1.key }.map(\.value)
}
