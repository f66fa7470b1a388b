// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import SystemPackage
import WavAnalysis
import WavAudio
import WavExport
import WavStages
import WavSystem
import WavWorkers

/// A file in whose analysis too many workers died.
public struct LostFile: Error {
  /// Path of the file.
  public let path: String
  /// How they died.
  public let block: GivenUpBlock
}

/// Runs a batch: many files at a time, one to a worker, then the large ones, one at a time with all the
/// workers.
///
/// Files are blocks of a stage of the worker pool, so that a worker that dies, hangs or is too slow
/// is replaced and its file tried again. A worker that opens a file and finds it large leaves it for
/// later. Small files share the memory limit in equal parts, so that no bookkeeping is needed.
public final class BatchRunner {
  private let request: BatchRequest
  private let work: FileAnalysis
  private let checker: OutputChecker
  private let claim: ClaimedFolder
  /// The inputs of this run, and where their outputs go.
  private let jobs: [Job]
  /// Records of files that an earlier run has done.
  private let earlier: [PathKey: [FileRecord]]
  private let journal: Journal
  /// For each job whether it is left to all workers together, and behind them whether any has failed;
  /// written by workers.
  private let postponed: SharedRegion
  private let limits: MemoryLimits
  private let inWords: (any Error) -> String
  private let reportError: (String) -> Void
  private let warn: (PoolWarning) -> Void
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
  ///   - inWords: Says an error in a sentence, for the records.
  ///   - reportError: Told why a file failed, in a sentence, in the order of paths.
  ///   - warn: Told what went wrong and was put right.
  /// - Throws: `SystemError` when the folder of outputs cannot be used, `WorkerFailure` when files are in
  ///   the way that the program did not write, or memory is short.
  public init(
    _ request: BatchRequest, inWords: @escaping (any Error) -> String,
    reportError: @escaping (String) -> Void, warn: @escaping (PoolWarning) -> Void
  ) throws {
    self.request = request
    self.inWords = inWords
    self.reportError = reportError
    self.warn = warn
    claim = try ClaimedFolder(request)
    let stems = OutputNames(request.inputs).stems
    let own = request.inputs.indices.filter { request.shard?.has($0) ?? true }
    let all = own.map { Job(input: request.inputs[$0], stem: stems[$0]) }
    var earlier: [PathKey: [FileRecord]] = [:]
    if request.isResuming {
      let resumption = Resumption(request, claim.accounts)
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
    try claim.requireRoom(for: jobs.map(\.stem), request)
    journal = try claim.beginJournal(
      request, all.flatMap { earlier[PathKey($0.input.path)] ?? [] })
    let checker = OutputChecker(request, claim.ledger, journal)
    self.checker = checker
    work = FileAnalysis(request, requireFree: checker.requireFree)
    do throws(SystemError) {
      postponed = try SharedRegion(
        byteCount: jobs.count + 1, purpose: "the list of large files")
    } catch {
      throw WorkerFailure(kind: .system, error)
    }
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
      if limits.keepsFreedMemory { shim_keep_freed_memory() }
      SpareRegions.keep(upTo: limits.keptBytesPerWorker)
    }
    pool.goOnWithout = { [self] lost in
      let input = jobs[lost.block].input
      try note([failure(of: input, reason(for: lost, input))])
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
      let stamp = InputStamp(path: job.input.path)
      let file = try analysis.openHere()
      let load = try analysis.workload(of: file)
      if limits.isLarge(load, filesLeft: jobs.count - index - 1) {
        postponed.pages.pointer(at: index, to: UInt8.self).pointee = 1
        return
      }
      let (records, outputs) = try work.records(
        of: job.input, file, stamp, stem: job.stem, workers: 0, engines: engines)
      try complete(records, outputs)
    } catch let failure as JournalFailure {
      throw WorkerFailure(kind: .output, "\(failure.error)")
    } catch {
      hasFailed.pointee = 1
      try requireRoom(after: error)
      try note([failure(of: job.input, error)])
    }
  }

  /// Whether any file has failed.
  private var hasFailed: UnsafeMutablePointer<UInt8> {
    postponed.pages.pointer(at: jobs.count, to: UInt8.self)
  }

  /// Ends the batch when the folder of outputs takes no more, or holds what is not to be replaced: that is
  /// not the fault of a file, and all others might fail, too.
  ///
  /// How much is free afterwards says nothing: what was written of the outputs that failed is gone again.
  private func requireRoom(after error: any Error) throws {
    guard let failure = error as? WorkerFailure else { return }
    let isFull =
      failure.kind == .output
      && [.noSpace, .diskQuotaExceeded, .readOnlyFileSystem, .ioError].contains(failure.errno)
    if isFull || failure.kind == .occupied { throw failure }
  }

  /// Appends records to the journal.
  private func note(_ records: [FileRecord]) throws {
    do {
      try journal.finish(records)
    } catch {
      throw WorkerFailure(kind: .output, "\(error)")
    }
  }

  /// Gives outputs their names, unless they would replace what the program did not write, and notes that
  /// they are there.
  private func complete(_ records: [FileRecord], _ outputs: [FinishedOutput]) throws {
    for output in outputs { try checker.requireReplaceable(output) }
    do {
      try journal.name(records) {
        do throws(SystemError) {
          // The disk may take its time: what a crash of the system leaves short is found by its size.
          try OutputFile.commit(outputs.map(\.file), isSyncing: false)
        } catch {
          guard error.errno == .fileExists else { throw WorkerFailure(kind: .output, error) }
          throw occupied(
            outputs.map { "\(request.outputFolder)/\($0.name)" }, in: request.outputFolder)
        }
      }
    } catch let error as SystemError {
      throw JournalFailure(error: error)
    }
  }

  /// Why a file was given up: as `analyze` says it if it is libsndfile that fails.
  private func reason(for lost: GivenUpBlock, _ input: BatchInput) -> any Error {
    do {
      _ = try openContained(work.request(for: input, workers: 1))
    } catch {
      return error
    }
    if case .overdue(let seconds) = lost.end {
      return AnalysisError.tookTooLong(path: input.path, seconds: seconds)
    }
    return LostFile(path: input.path, block: lost)
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
        let stamp = InputStamp(path: job.input.path)
        let file = try openContained(analysis)
        let load = try analysis.workload(of: file)
        try limits.require(load, for: job.input.path)
        let (records, outputs) = try work.records(
          of: job.input, file, stamp, stem: job.stem, workers: request.analysis.workers,
          progress: show)
        return try complete(records, outputs)
      } catch let interruption as Interruption {
        throw interruption
      } catch let failure as JournalFailure {
        throw WorkerFailure(kind: .output, "\(failure.error)")
      } catch  where attempt < request.retries && (error is GivenUpBlock || error is AnalysisError)
      {
        continue
      } catch {
        try requireRoom(after: error)
        return try note([failure(of: job.input, error)])
      }
    }
  }

  // MARK: Records

  private func failure(of input: BatchInput, _ error: any Error) -> FileRecord {
    FileRecord(path: input.path, status: .error, error: inWords(error), options: work.options)
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
      // While the journal stays, it tells of them.
      if finished.count == jobs.count {
        try claim.folder.writeOutputs(
          claim.inherited.orphans(of: records, in: request.outputFolder), request.shard,
          isForcing: request.isForcing)
      }
      try claim.folder.write(
        records, request.shard, request.summaryFormat, bands: request.summaryBands.map(\.name),
        isForcing: request.isForcing)
    } catch let error as SystemError {
      throw WorkerFailure(kind: .output, error)
    }
    return BatchResult(
      files: earlier.count + jobs.count, done: all.count - failedCount, skipped: earlier.count,
      failed: failedCount, byteCount: finishedBytes, seconds: monotonicSeconds() - start,
      summaryPath: claim.folder.summaryPath(request.shard, request.summaryFormat), signal: signal)
  }
}
