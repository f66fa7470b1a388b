// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// What a run has finished so far.
struct BatchTally {
  /// Records of this run by path.
  private(set) var finished: [PathKey: [FileRecord]] = [:]
  /// Files that failed.
  private(set) var failedCount = 0
  /// Bytes of the inputs that are done.
  private(set) var finishedBytes = 0
  private let jobs: [BatchJob]
  private let byteCounts: [PathKey: Int]
  private let byteCount: Int
  /// Jobs before this one have had their errors taken.
  private var reportedJobs = 0

  /// Nothing is finished.
  init(_ jobs: [BatchJob]) {
    self.jobs = jobs
    byteCount = jobs.reduce(0) { $0 + $1.input.byteCount }
    byteCounts = Dictionary(
      jobs.map { ($0.key, $0.input.byteCount) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether all files have been done or have failed.
  var isComplete: Bool { finished.count == jobs.count }

  /// Takes over what workers have written to the journal.
  mutating func add(_ records: [FileRecord]) {
    for (path, records) in Dictionary(grouping: records, by: { PathKey($0.path) }) {
      // A file whose worker died after it had written the records is done twice.
      guard finished[path] == nil else { continue }
      finished[path] = latestOfEachChannel(records)
      failedCount += records.contains { $0.status == .error } ? 1 : 0
      finishedBytes += byteCounts[path] ?? 0
    }
  }

  /// Why files failed, in the order of jobs and not of their ends.
  ///
  /// Those up to the first job that is not finished, and at last all of them; each is told once.
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

  /// How far the run is.
  ///
  /// - Parameters:
  ///   - seconds: Since the beginning.
  ///   - slowest: The file that has been in work longest, and since when in seconds.
  /// - Returns: What there is to show.
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
