// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// The files that a run has finished so far.
struct BatchTally {
  /// Records of this run, by path.
  private(set) var finished: [PathKey: [FileRecord]] = [:]
  /// Files that failed.
  private(set) var failedCount = 0
  /// Bytes of the inputs that are finished.
  private(set) var finishedBytes = 0
  private let jobs: [BatchJob]
  private let byteCounts: [PathKey: Int]
  private let byteCount: Int
  /// Errors of the jobs before this index have been reported.
  private var reportedJobs = 0

  /// A tally with nothing finished.
  init(_ jobs: [BatchJob]) {
    self.jobs = jobs
    byteCount = jobs.reduce(0) { $0 + $1.input.byteCount }
    byteCounts = Dictionary(
      jobs.map { ($0.key, $0.input.byteCount) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether all files have been done or have failed.
  var isComplete: Bool { finished.count == jobs.count }

  /// Adds records that workers have written to the journal.
  mutating func add(_ records: [FileRecord]) {
    for (path, records) in Dictionary(grouping: records, by: { PathKey($0.path) }) {
      // A file is done twice if its worker died after writing the records.
      guard finished[path] == nil else { continue }
      finished[path] = latestOfEachChannel(records)
      failedCount += records.contains { $0.status == .error } ? 1 : 0
      finishedBytes += byteCounts[path] ?? 0
    }
  }

  /// Why files failed, in the order of jobs, which differs from the order of completion.
  ///
  /// Errors of all jobs before the first one that is unfinished; with `isLast` of all jobs. Each
  /// error is returned once.
  mutating func newErrors(isLast: Bool = false) -> [String] {
    var errors: [String] = []
    while reportedJobs < jobs.count {
      let records = finished[jobs[reportedJobs].key]
      if records == nil, !isLast { break }
      errors += (records ?? []).compactMap(\.error)
      reportedJobs += 1
    }
    return errors
  }

  /// The progress of the run.
  ///
  /// - Parameters:
  ///   - seconds: Seconds since the beginning.
  ///   - slowest: The file that has been in work longest, and for how many seconds.
  /// - Returns: The progress.
  func progress(seconds: Double, slowest: (path: String, seconds: Double)?) -> BatchProgress {
    BatchProgress(
      files: jobs.count, finished: finished.count, failed: failedCount, byteCount: byteCount,
      finishedBytes: finishedBytes, seconds: seconds, slowest: slowest)
  }

  /// All records of a summary: those of this run and of earlier ones, in the order of paths.
  func records(with earlier: [FileRecord]) -> [FileRecord] {
    let before = Dictionary(grouping: earlier) { PathKey($0.path) }
    return before.merging(finished) { $1 }.values.sorted { precedes($0[0].path, $1[0].path) }
      .flatMap { $0 }
  }
}
