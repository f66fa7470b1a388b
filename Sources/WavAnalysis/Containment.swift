// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavStages
import WavWorkers

extension AnalysisRequest {
  /// Where the recording is.
  var source: AudioSource { descriptor.map { .open($0, name: path) } ?? .file(path) }

  /// The part of an opened file that is analysed.
  ///
  /// - Throws: `AudioError` when the file does not have it.
  func selection(of file: SoundFile) throws(AudioError) -> SampleSelection {
    try file.select(channel, start: start, duration: duration, isSalvaging: salvages)
  }

  /// Opens the file here: for a process that is itself a worker.
  ///
  /// - Throws: `AudioError` when it is no usable audio.
  public func openHere() throws(AudioError) -> SoundFile {
    try SoundFile(source, isSalvaging: salvages)
  }
}

/// Opens the file of a request where libsndfile can do no harm, and then here.
///
/// Frames that no header tells of are counted where that can do no harm, too.
///
/// - Throws: `AudioError`, also when libsndfile crashes or hangs on the file.
@available(*, noasync)
public func openContained(_ request: AnalysisRequest) throws(AudioError) -> SoundFile {
  _ = try trial(of: request, seconds: 10) {
    // Errors come again below; this is about what is no error but a crash.
    if let file = try? SoundFile(request.source, counting: { _ in 1 }),
      let selection = try? request.selection(of: file)
    {
      _ = MappedSamples(file, selection)
    }
    return []
  }
  return try SoundFile(request.source, isSalvaging: request.salvages) {
    file throws(AudioError) in
    // A decoder is at least a thousand times as fast as sound, and a megabyte a few minutes long.
    let seconds = 30 + UInt32(min(file.sizeInBytes >> 19, 1_000_000))
    let bytes = try trial(of: request, seconds: seconds) {
      withUnsafeBytes(of: file.countFrames()) { Array($0) }
    }
    return bytes.count == 8 ? bytes.withUnsafeBytes { $0.loadUnaligned(as: Int.self) } : 0
  }
}

/// Tries something with the file of a request in a process of its own.
@available(*, noasync)
private func trial(
  of request: AnalysisRequest, seconds: UInt32, _ body: () -> [UInt8]
) throws(AudioError) -> [UInt8] {
  var outcome: TrialOutcome?
  // Once more after a failure: the trial may have been killed by somebody else.
  for _ in 0..<2 {
    // A slow disk takes no processor time.
    outcome = outcomeOfTrial(seconds: seconds, of: .processor, body)
    guard case .ended = outcome else { break }
  }
  switch outcome {
  case nil: return body()
  case .returned(let bytes): return bytes
  case .ended(SIGPROF):
    throw AudioError(
      .unusable,
      "\(request.path) is damaged: libsndfile was not done with its header after \(seconds) s")
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
  request.workers == 0 ? try request.openHere() : try openContained(request)
}

/// Runs the stages, and blames the file for what is the file's fault.
func run(
  _ stages: [Stage], on file: SoundFile, _ request: AnalysisRequest,
  _ progress: (Double) -> Void, _ warn: @escaping (PoolWarning) -> Void
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
        throw AnalysisError.tookTooLong(path: request.path, seconds: limit)
      }
    guard !file.hasChanged() else { throw changed }
    return seconds
  } catch let failure as WorkerFailure {
    throw failure.kind == .input && file.hasChanged() ? changed : failure
  }
}
