// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavWorkers

/// Opens the file of a request where libsndfile can do no harm, and then here.
///
/// - Throws: `AudioError`, also when libsndfile crashes or hangs on the file.
@available(*, noasync)
public func openContained(_ request: AnalysisRequest) throws(AudioError) -> SoundFile {
  var outcome: TrialOutcome?
  // Once more after a failure: the trial may have been killed by somebody else.
  for _ in 0..<2 {
    outcome = outcomeOfTrial(seconds: 10) {
      // Errors come again below; this is about what is no error but a crash.
      if let file = try? SoundFile(path: request.path),
        let selection = try? file.select(
          request.channel, start: request.start, duration: request.duration)
      {
        _ = MappedSamples(file, selection)
      }
      return []
    }
    guard case .ended = outcome else { break }
  }
  switch outcome {
  case nil, .returned: return try SoundFile(path: request.path)
  case .ended(SIGALRM):
    throw AudioError(
      .unusable,
      "\(request.path) could not be opened within 10 s; copy it to a faster disk if it is sound")
  case .ended(SIGKILL):
    throw AudioError(
      .system, "\(request.path) could not be opened: the process that tried was killed")
  case .ended(let signal):
    throw AudioError(
      .unusable,
      "\(request.path) is damaged: libsndfile fails when it opens it, by \(nameOfSignal(signal))")
  }
}

/// Opens the file of a request: in a worker at once, elsewhere where it can do no harm.
func open(_ request: AnalysisRequest) throws(AudioError) -> SoundFile {
  request.workers == 0 ? try SoundFile(path: request.path) : try openContained(request)
}

/// Runs the stages, and blames the file for what is the file's fault.
func run(
  _ stages: [Stage], on file: SoundFile, _ request: AnalysisRequest,
  _ progress: (Double) -> Void, _ warn: @escaping (String) -> Void
) throws -> [Double] {
  let changed = WorkerFailure(
    kind: .input, "\(file.path) changed while it was being read; run again when it is complete")
  var pool = WorkerPool(workerCount: max(1, request.workers))
  pool.stallTimeout = request.stallTimeout
  pool.warn = warn
  pool.diagnose = { stage, signal, isLast in
    // Reading behind the end of a file that has shrunk is a bus error.
    if signal == SIGBUS, file.hasChanged() { return changed }
    guard stage == SelectedSamples.decoding, isLast, signal != SIGKILL else { return nil }
    return WorkerFailure(
      kind: .input, "\(file.path) is damaged: libsndfile fails when it decodes it")
  }
  let start = monotonicSeconds()
  do {
    let seconds =
      request.workers == 0
      ? try perform(stages)
      : try pool.run(stages) { status in
        progress(status.share)
        guard let limit = request.timeLimit, monotonicSeconds() - start > limit else { return }
        throw WorkerFailure(kind: .worker, request.tooLong)
      }
    guard !file.hasChanged() else { throw changed }
    return seconds
  } catch let failure as WorkerFailure {
    throw failure.kind == .input && file.hasChanged() ? changed : failure
  }
}
