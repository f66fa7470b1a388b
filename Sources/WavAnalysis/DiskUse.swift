// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSystem

/// What a transform over the disk uses, for the report.
public struct DiskUse {
  /// The folder of the scratch files, spelled.
  public let folder: String
  /// Why another folder is not used.
  let remark: String?
  /// Their size.
  public let byteCount: Int
  /// How often the transform goes over them.
  let passCount: Int
  /// Bytes of memory that the run stays within; nil if memory does not decide the use of the disk.
  public let memory: Int?
  /// Number of worker processes.
  public let workers: Int
  /// What was read of the input in pieces; nil if it was decoded.
  let input: TransferMeter?
  /// The scratch files.
  let scratch: [ScratchFile]

  /// Waits until the scratch files are on the device.
  func settle() throws(SystemError) {
    for file in scratch { try file.settle() }
  }

  /// The memory: `at most 256 MB, with 2 workers`; nil if the disk is used whatever the memory.
  var memoryInWords: String? {
    guard let memory else { return nil }
    return
      "at most \(readableBytes(memory)), with \(workers == 1 ? "1 worker" : "\(workers) workers")"
  }

  /// The files: `two passes over 968 MB in /var/tmp`.
  var inWords: String {
    "\(["one pass", "two passes", "three passes", "four passes"][passCount - 1]) over \(readableBytes(byteCount)) in \(printable(folder))"
      + (remark.map { " (\($0))" } ?? "")
  }

  /// What waiting for the disk took, which is part of the phases.
  var timings: [Timing] {
    [
      Timing(phase: "reading, all workers", seconds: readingSeconds),
      Timing(phase: "writing, all workers", seconds: writingSeconds),
    ]
  }

  /// The same as a line of the report.
  var timesInWords: String {
    "of these, all workers together: reading \(fixed(readingSeconds, 3)), writing "
      + fixed(writingSeconds, 3)
  }

  /// Seconds that all processes spent reading; the times of several are added up.
  private var readingSeconds: Double {
    (input?.seconds ?? 0) + scratch.reduce(0) { $0 + $1.reads.seconds }
  }
  /// Seconds that all processes spent writing; the times of several are added up.
  private var writingSeconds: Double { scratch.reduce(0) { $0 + $1.writes.seconds } }
}
