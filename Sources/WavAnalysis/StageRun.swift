// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavStages
import WavSystem
import WavWorkers

/// Runs the stages, and reports a crash that the file caused as an error of the file.
///
/// `others` are the names of stages that run before or after.
func run(
  _ stages: [Stage], on file: SoundFile, _ request: AnalysisRequest, besides others: [String],
  _ progress: (Double) -> Void, _ warn: @escaping (PoolWarning) -> Void
) throws -> [Double] {
  let changed = AudioError.changed(file.path)
  var pool = WorkerPool(workerCount: max(1, request.workers))
  pool.stallTimeout = request.stallTimeout
  pool.warn = warn
  pool.otherStages = others
  pool.diagnose = { stage, signal, isLast in
    // Reading a mapping beyond the end of a file that has shrunk is a bus error.
    if signal == SIGBUS, file.hasChanged() { return changed }
    guard stage == SelectedSamples.decoding, isLast, signal != SIGKILL else { return nil }
    return AudioError(
      .unusable, "\(file.path) is damaged: libsndfile fails when it decodes it")
  }
  let start = monotonicSeconds()
  do {
    let seconds =
      request.workers == 0
      ? try perform(stages)
      : try pool.run(stages) { status in
        progress(status.share)
        guard let limit = request.timeLimit, monotonicSeconds() - start > limit else { return }
        throw AnalysisError.tookTooLong(path: request.path, seconds: limit)
      }
    guard !file.hasChanged() else { throw changed }
    return seconds
  } catch let error as any ExplainedError where error.kind == .unusable && file.hasChanged() {
    throw changed
  }
}
