// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import Glibc
import WavAnalysis
import WavAudio
import WavFiles
import WavRendering
import WavSharedMemory
import WavWorkers

/// Runs a batch: many files at a time, one to a worker, then the large ones, one at a time with all the
/// workers.
///
/// Files are blocks of a stage of the worker pool, so that a worker that dies, hangs or is too slow
/// is replaced and its file tried again. A worker that opens a file and finds it large leaves it for
/// later. Small files share the memory limit in equal parts, so that no bookkeeping is needed.
public final class BatchRunner {
  private let request: BatchRequest
  private let work: FileAnalysis
  private let folder: SummaryFolder
  /// The inputs of this run, and where their outputs go.
  private let jobs: [Job]
  /// Records of files that an earlier run has done.
  private let earlier: [PathKey: [FileRecord]]
  private let journal: Journal
  /// For each job whether it is left to all workers together, and behind them whether any has failed;
  /// written by workers.
  private let postponed: SharedRegion
  private let limits: MemoryLimits
  private let reportError: (String) -> Void
  private let warn: (String) -> Void
  private let start = monotonicSeconds()

  /// Records of this run by path.
  private var finished: [PathKey: [FileRecord]] = [:]
  private var failedCount = 0
  private var finishedBytes = 0
  /// Jobs before this one have had their errors reported.
  private var reportedJobs = 0
  private let byteCount: Int
  private let byteCounts: [PathKey: Int]

  private struct Job {
    let input: BatchInput
    let stem: String
  }

  /// The journal cannot be written: not the fault of a file.
  private struct JournalFailure: Error {
    let error: SystemError
  }

  /// Thrown to end the batch at the first failure.
  private struct StoppedAtFailure: Error {}

  /// Prepares a batch: makes the folder of outputs and finds out what is done already.
  ///
  /// - Parameters:
  ///   - request: What to do.
  ///   - reportError: Told why a file failed, in a sentence, in the order of paths.
  ///   - warn: Told what went wrong and was put right.
  /// - Throws: `SystemError` when the folder of outputs cannot be used or memory is short.
  public init(
    _ request: BatchRequest, reportError: @escaping (String) -> Void,
    warn: @escaping (String) -> Void
  ) throws {
    self.request = request
    self.reportError = reportError
    self.warn = warn
    work = FileAnalysis(request)
    folder = SummaryFolder(path: request.outputFolder)
    try makeFolder(request.outputFolder)
    let stems = OutputNames(request.inputs).stems
    let own = request.inputs.indices.filter { request.shard?.has($0) ?? true }
    let all = own.map { Job(input: request.inputs[$0], stem: stems[$0]) }
    var earlier: [PathKey: [FileRecord]] = [:]
    if request.isResuming {
      let resumption = Resumption(request)
      for job in all {
        var records = resumption.records(of: job.input, stem: job.stem)
        if !request.recordsSeconds {
          records = records?.map { record in
            var record = record
            record.seconds = nil
            return record
          }
        }
        earlier[PathKey(job.input.path)] = records
      }
    }
    self.earlier = earlier
    jobs = all.filter { earlier[PathKey($0.input.path)] == nil }
    byteCount = jobs.reduce(0) { $0 + $1.input.byteCount }
    byteCounts = Dictionary(
      jobs.map { (PathKey($0.input.path), $0.input.byteCount) },
      uniquingKeysWith: { first, _ in first })
    journal = try Journal(
      path: folder.journalPath(request.shard), in: request.outputFolder,
      isShard: request.shard != nil)
    // What an earlier run has done must outlive this one, too, should it be killed.
    try journal.append(all.flatMap { earlier[PathKey($0.input.path)] ?? [] })
    _ = journal.newRecords()
    // The journal has what is still true of them; a shard leaves the others theirs.
    if !request.isResuming || request.shard == nil { folder.forget(request.shard) }
    postponed = try SharedRegion(byteCount: jobs.count + 1, purpose: "the list of large files")
    limits = MemoryLimits(request.memoryLimit, workers: request.analysis.workers)
  }

  /// Does the work and writes the summary, also when a signal ends it early.
  ///
  /// - Parameter progress: Called about ten times a second.
  /// - Returns: What was done.
  /// - Throws: `WorkerFailure` or `SystemError` when the batch as a whole cannot go on.
  @available(*, noasync)
  public func run(progress: (BatchProgress) -> Void = { _ in }) throws -> BatchResult {
    var signal: Int32?
    do {
      try analyseSmallFiles(progress)
      try analyseLargeFiles(progress)
    } catch let interruption as Interruption {
      signal = interruption.signal
    } catch is StoppedAtFailure {
    }
    collect()
    reportErrors(isLast: true)
    let result = try finish(signal)
    // That of a batch that was stopped tells `batch-merge` that something is missing.
    if finished.count == jobs.count { journal.remove() }
    return result
  }

  // MARK: Files one to a worker

  private func analyseSmallFiles(_ progress: (BatchProgress) -> Void) throws {
    let engines = EngineStore(sampleLimit: limits.keptSamplesPerWorker)
    let stage = Stage(name: "files", blockCount: jobs.count) { [self] block in
      try analyseInWorker(block, engines)
    }
    var pool = WorkerPool(workerCount: request.analysis.workers)
    pool.stallTimeout = request.analysis.stallTimeout
    pool.blockTimeout = request.analysis.timeLimit
    pool.attemptsPerBlock = 1 + request.retries
    pool.warn = warn
    pool.prepareWorker = { [limits] in
      shim_keep_freed_memory()
      SpareRegions.keep(upTo: limits.keptBytesPerWorker)
    }
    pool.goOnWithout = { [self] lost in
      let input = jobs[lost.block].input
      try note([failure(of: input, sentence(about: lost, input))])
      return true
    }
    _ = try pool.run([stage]) { status in
      collect()
      reportErrors()
      progress(
        self.progress(
          slowest: status.longestBlock.map {
            (jobs[$0].input.path, status.longestSeconds)
          }))
      if request.stopsAtFailure, failedCount > 0 { throw StoppedAtFailure() }
    }
    collect()
    if request.stopsAtFailure, failedCount > 0 { throw StoppedAtFailure() }
  }

  /// One block, in a worker.
  private func analyseInWorker(_ index: Int, _ engines: EngineStore) throws {
    if request.stopsAtFailure, hasFailed.pointee != 0 { return }
    let job = jobs[index]
    do {
      if let problem = job.input.problem { throw AudioError(.noInput, problem) }
      let analysis = work.request(for: job.input, workers: 0)
      let file = try SoundFile(path: job.input.path)
      let load = try analysis.workload(of: file)
      if limits.isLarge(load, filesLeft: jobs.count - index - 1) {
        postponed.pages.pointer(at: index, to: UInt8.self).pointee = 1
        return
      }
      let (records, outputs) = try work.records(
        of: job.input, file, stem: job.stem, workers: 0, engines: engines)
      try complete(records, outputs)
    } catch let failure as JournalFailure {
      throw WorkerFailure(kind: .output, "\(failure.error)")
    } catch {
      hasFailed.pointee = 1
      try requireRoom(after: error)
      try note([failure(of: job.input, "\(error)")])
    }
  }

  /// Whether any file has failed.
  private var hasFailed: UnsafeMutablePointer<UInt8> {
    postponed.pages.pointer(at: jobs.count, to: UInt8.self)
  }

  /// Ends the batch when the folder of outputs takes no more: that is not the fault of a file, and all
  /// others would fail, too.
  ///
  /// How much is free afterwards says nothing: what was written of the outputs that failed is gone again.
  private func requireRoom(after error: any Error) throws {
    guard let failure = error as? WorkerFailure, failure.kind == .output,
      [ENOSPC, EDQUOT, EROFS, EIO].contains(failure.code)
    else { return }
    throw failure
  }

  /// Appends records to the journal.
  private func note(_ records: [FileRecord]) throws {
    do {
      try journal.append(records)
    } catch {
      throw WorkerFailure(kind: .output, "\(error)")
    }
  }

  /// Gives outputs their names and notes that they are there, within an instant: whoever is killed in
  /// between leaves outputs that are not in the summary, and are made again.
  private func complete(_ records: [FileRecord], _ outputs: [OutputFile]) throws {
    let text = Array(try JSONRecords.text(records).utf8)
    // The disk may take its time: what a crash of the system leaves short is found by its size.
    do {
      try OutputFile.commit(outputs, isSyncing: false)
    } catch {
      throw WorkerFailure(kind: .output, error)
    }
    do {
      try journal.append(text)
    } catch {
      throw JournalFailure(error: error)
    }
  }

  /// Why a file was given up, in the words of `analyze` if it is libsndfile that fails.
  private func sentence(about lost: GivenUpBlock, _ input: BatchInput) -> String {
    do {
      _ = try openContained(work.request(for: input, workers: 1))
    } catch {
      return error.description
    }
    if lost.reason.hasSuffix("(--timeout)") { return work.request(for: input, workers: 1).tooLong }
    let count = lost.attempts == 1 ? "the worker" : "\(lost.attempts) workers in a row"
    return "\(input.path) could not be analysed: \(count) \(lost.reason)"
  }

  // MARK: Files one at a time

  private func analyseLargeFiles(_ progress: (BatchProgress) -> Void) throws {
    for (index, job) in jobs.enumerated()
    where postponed.pages.pointer(at: index, to: UInt8.self).pointee == 1 {
      let begin = monotonicSeconds()
      try analyseByAllWorkers(job) {
        progress(self.progress(slowest: (job.input.path, monotonicSeconds() - begin)))
      }
      collect()
      reportErrors()
      if request.stopsAtFailure, failedCount > 0 { throw StoppedAtFailure() }
    }
  }

  private func analyseByAllWorkers(_ job: Job, _ show: () -> Void) throws {
    let analysis = work.request(for: job.input, workers: request.analysis.workers)
    for attempt in 0...request.retries {
      do {
        let file = try openContained(analysis)
        let load = try analysis.workload(of: file)
        try limits.require(load, for: job.input.path)
        let (records, outputs) = try work.records(
          of: job.input, file, stem: job.stem, workers: request.analysis.workers, progress: show)
        return try complete(records, outputs)
      } catch let interruption as Interruption {
        throw interruption
      } catch let failure as JournalFailure {
        throw WorkerFailure(kind: .output, "\(failure.error)")
      } catch let failure as WorkerFailure
        where failure.kind == .worker && attempt < request.retries
      {
        continue
      } catch {
        try requireRoom(after: error)
        return try note([failure(of: job.input, "\(error)")])
      }
    }
  }

  // MARK: Records

  private func failure(of input: BatchInput, _ sentence: String) -> FileRecord {
    FileRecord(path: input.path, status: .error, error: sentence, options: work.options)
  }

  /// Takes over what workers have written to the journal.
  private func collect() {
    for (path, records) in Dictionary(grouping: journal.newRecords(), by: { PathKey($0.path) }) {
      // A file whose worker died after it had written the records is done twice.
      guard finished[path] == nil else { continue }
      finished[path] = latestOfEachChannel(records)
      failedCount += records.contains { $0.status == .error } ? 1 : 0
      finishedBytes += byteCounts[path] ?? 0
    }
  }

  /// Reports errors in the order of jobs, up to the first that is not finished; at last all of them.
  private func reportErrors(isLast: Bool = false) {
    while reportedJobs < jobs.count {
      let records = finished[PathKey(jobs[reportedJobs].input.path)]
      if records == nil, !isLast { return }
      for record in records ?? [] { record.error.map(reportError) }
      reportedJobs += 1
    }
  }

  private func progress(slowest: (path: String, seconds: Double)?) -> BatchProgress {
    BatchProgress(
      files: jobs.count, finished: finished.count, failed: failedCount,
      byteCount: byteCount, finishedBytes: finishedBytes,
      seconds: monotonicSeconds() - start, slowest: slowest)
  }

  private func finish(_ signal: Int32?) throws -> BatchResult {
    let all = earlier.merging(finished) { $1 }
    let records = all.values.sorted { precedes($0[0].path, $1[0].path) }.flatMap { $0 }
    do {
      try folder.write(records, request.shard, request.summaryFormat)
    } catch {
      throw WorkerFailure(kind: .output, "\(error)")
    }
    return BatchResult(
      files: earlier.count + jobs.count, done: all.count - failedCount, skipped: earlier.count,
      failed: failedCount, byteCount: finishedBytes, seconds: monotonicSeconds() - start,
      summaryPath: folder.summaryPath(request.shard, request.summaryFormat), signal: signal)
  }
}
