// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import WavAnalysis
import WavAudio
import WavStages
import WavSystem
import WavWorkers

/// Runs a batch: first many files at a time, one per worker, then the large files one at a time, by
/// all workers.
///
/// Files are blocks of a stage of the worker pool, so that a worker that dies, hangs or is too slow
/// is replaced and its file tried again. A worker that opens a large file leaves it for later. All
/// workers have equal shares of the memory limit, so that nobody has to keep account of memory.
public final class BatchRunner {
  private let request: BatchRequest
  private let plan: BatchPlan
  private let work: FileAnalysis
  private let naming: OutputNaming
  private let claim: ClaimedFolder
  private let journal: Journal
  private let marks: SharedMarks
  private let limits: MemoryLimits
  private let reportError: (String) -> Void
  private let warn: (PoolWarning) -> Void
  private let start = monotonicSeconds()
  private var tally: BatchTally

  /// Thrown to end the batch at the first failure.
  private struct StoppedAtFailure: Error {}

  /// Prepares a batch: creates the output folder and determines what is already done.
  ///
  /// - Parameters:
  ///   - request: The batch.
  ///   - reportError: Receives the reason why a file failed, as a sentence, in the order of paths.
  ///   - warn: Receives problems that were repaired.
  /// - Throws: `SystemError` when the output folder cannot be used, `RunFailure` when outputs
  ///   would
  ///   replace files that the program did not write, or memory is short.
  public init(
    _ request: BatchRequest,
    reportError: @escaping (String) -> Void, warn: @escaping (PoolWarning) -> Void
  ) throws {
    self.request = request
    self.reportError = reportError
    self.warn = warn
    claim = try ClaimedFolder(request)
    plan = BatchPlan(request, claim.accounts)
    tally = BatchTally(plan.jobs)
    try claim.requireRoom(for: plan.jobs.map(\.stem), request)
    journal = try claim.beginJournal(request, plan.earlier)
    let checker = OutputChecker(request, claim.ledger, journal)
    naming = OutputNaming(folder: request.outputFolder, checker: checker, journal: journal)
    work = FileAnalysis(request, requireFree: checker.requireFree)
    marks = try SharedMarks(jobCount: plan.jobs.count)
    limits = MemoryLimits(request.memoryLimit, workers: request.analysis.workers)
  }

  /// Does the work and writes the summary, also if a signal ends the batch early.
  ///
  /// - Parameter progress: Called about ten times a second.
  /// - Returns: The result.
  /// - Throws: `RunFailure` or `SystemError` when the whole batch cannot continue.
  @available(*, noasync)
  public func run(progress: (BatchProgress) -> Void = { _ in }) throws -> BatchResult {
    var signal: Int32?
    do {
      try analyseSmallFiles(progress)
      try analyseLargeFiles(progress)
    } catch let interruption as Interruption {
      signal = interruption.signal
    } catch is StoppedAtFailure {
    } catch {
      // What is done stays done: the earlier summary was removed when the journal took over its contents.
      try? summarise()
      throw error
    }
    try summarise()
    // The journal of a stopped batch stays and tells `batch-merge` that something is missing.
    if tally.isComplete { journal.remove() }
    return BatchResult(
      files: plan.earlierCount + plan.jobs.count,
      done: plan.earlierCount + tally.finished.count - tally.failedCount,
      skipped: plan.earlierCount, failed: tally.failedCount, byteCount: tally.finishedBytes,
      seconds: monotonicSeconds() - start,
      summaryPath: claim.folder.summaryPath(request.shard, request.summaryFormat),
      indexPath: request.writesIndex ? claim.folder.indexPath(request.shard) : nil, signal: signal)
  }

  /// Reports all errors that are left, and writes the summary.
  private func summarise() throws {
    tally.add(journal.newRecords())
    tally.newErrors(isLast: true).forEach(reportError)
    try claim.finish(
      tally.records(with: plan.earlier), untried: plan.jobs.count - tally.finished.count, request)
  }

  /// Collects the records that workers have finished, and reports errors that are due.
  private func collect() {
    tally.add(journal.newRecords())
    tally.newErrors().forEach(reportError)
  }

  private func stopAtFailure() throws {
    if request.stopsAtFailure, tally.failedCount > 0 { throw StoppedAtFailure() }
  }

  private func progress(slowest: (path: String, seconds: Double)?) -> BatchProgress {
    tally.progress(seconds: monotonicSeconds() - start, slowest: slowest)
  }

  // MARK: Files one to a worker

  private func analyseSmallFiles(_ progress: (BatchProgress) -> Void) throws {
    let engines = EngineStore(sampleLimit: limits.keptSamplesPerWorker)
    let stage = Stage(name: "files", blockCount: plan.jobs.count) { [self] block in
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
      let input = plan.jobs[lost.block].input
      try naming.note([work.failure(of: input, work.reason(for: lost, input))])
      return true
    }
    _ = try pool.run([stage]) { status in
      collect()
      progress(
        self.progress(
          slowest: status.longestBlock.map {
            (plan.jobs[$0].input.path, status.longestSeconds)
          }))
      try stopAtFailure()
    }
    tally.add(journal.newRecords())
    try stopAtFailure()
  }

  /// Analyses one file, in a worker.
  private func analyseInWorker(_ index: Int, _ engines: EngineStore) throws {
    if request.stopsAtFailure, marks.hasFailure { return }
    let job = plan.jobs[index]
    do {
      if let problem = job.input.problem { throw BatchError(.noInput, problem) }
      let analysis = work.request(for: job.input, workers: 0)
      let stamp = InputStamp(path: job.input.path)
      let file = try analysis.openHere()
      let load = try analysis.workload(of: file)
      if limits.isLarge(load, filesLeft: plan.jobs.count - index - 1) {
        marks.postpone(index)
        return
      }
      let (records, outputs) = try work.records(
        of: job.input, file, stamp, stem: job.stem, workers: 0, engines: engines)
      try naming.complete(records, outputs)
    } catch let failure as OutputNaming.JournalFailure {
      throw RunFailure(failure.error, as: .cannotWriteOutput)
    } catch {
      marks.noteFailure()
      try requireRoom(after: error)
      try naming.note([work.failure(of: job.input, error)])
    }
  }

  // MARK: Files one at a time

  private func analyseLargeFiles(_ progress: (BatchProgress) -> Void) throws {
    for job in marks.postponed.map({ plan.jobs[$0] }) {
      let begin = monotonicSeconds()
      try analyseByAllWorkers(job) {
        progress(self.progress(slowest: (job.input.path, monotonicSeconds() - begin)))
      }
      collect()
      try stopAtFailure()
    }
  }

  private func analyseByAllWorkers(_ job: BatchJob, _ show: () -> Void) throws {
    let analysis = work.request(for: job.input, workers: request.analysis.workers)
    for attempt in 0...request.retries {
      do {
        let stamp = InputStamp(path: job.input.path)
        let file = try openAfterTrial(analysis)
        let load = try analysis.workload(of: file)
        try limits.require(load, for: job.input.path)
        let (records, outputs) = try work.records(
          of: job.input, file, stamp, stem: job.stem, workers: request.analysis.workers,
          progress: show)
        return try naming.complete(records, outputs)
      } catch let interruption as Interruption {
        throw interruption
      } catch let failure as OutputNaming.JournalFailure {
        throw RunFailure(failure.error, as: .cannotWriteOutput)
      } catch  where attempt < request.retries && (error is GivenUpBlock || error is AnalysisError)
      {
        continue
      } catch {
        try requireRoom(after: error)
        return try naming.note([work.failure(of: job.input, error)])
      }
    }
  }
}
