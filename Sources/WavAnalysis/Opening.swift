// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavAudio
import WavWorkers

extension AnalysisRequest {
  /// The recording.
  var source: AudioSource { descriptor.map { .open($0, name: path) } ?? .file(path) }

  /// The part of an opened file to analyse.
  ///
  /// - Throws: `AudioError` when the file has no such part.
  func selection(of file: SoundFile) throws(AudioError) -> SampleSelection {
    try file.select(channel, start: start, duration: duration, isSalvaging: salvages)
  }

  /// Opens the file in this process: for a process that is itself a worker.
  ///
  /// - Throws: `AudioError` when it is not usable audio.
  public func openHere() throws(AudioError) -> SoundFile {
    try SoundFile(source, isSalvaging: salvages)
  }
}

/// Opens the file of a request first in a process of its own, where a crash of libsndfile does no
/// harm, and then here.
///
/// Frames whose number is in no header are counted in a process of its own, too.
///
/// - Throws: `AudioError`, also when libsndfile crashes or hangs on the file.
@available(*, noasync)
public func openAfterTrial(_ request: AnalysisRequest) throws(AudioError) -> SoundFile {
  _ = try trial(of: request, seconds: 10) {
    // Errors are reported when the file is opened below; here only crashes matter.
    if let file = try? SoundFile(request.source, counting: { _ in 1 }),
      let selection = try? request.selection(of: file)
    {
      _ = MappedSamples(file, selection)
    }
    return []
  }
  return try SoundFile(request.source, isSalvaging: request.salvages) {
    file throws(AudioError) in
    // Decoders are at least a thousand times as fast as playback, and a megabyte is a few minutes
    // long.
    let seconds = 30 + UInt32(min(file.sizeInBytes >> 19, 1_000_000))
    let bytes = try trial(of: request, seconds: seconds) {
      withUnsafeBytes(of: file.countFrames()) { Array($0) }
    }
    return bytes.count == 8 ? bytes.withUnsafeBytes { $0.loadUnaligned(as: Int.self) } : 0
  }
}

/// Runs a closure on the file of a request in a process of its own.
@available(*, noasync)
private func trial(
  of request: AnalysisRequest, seconds: UInt32, _ body: () -> [UInt8]
) throws(AudioError) -> [UInt8] {
  // Processor time: waiting for a slow disk does not count.
  var outcome = outcomeOfTrial(seconds: seconds, of: .processor, body)
  // Try again after a failure: another process may have killed the trial.
  if case .ended = outcome {
    outcome = outcomeOfTrial(seconds: seconds, of: .processor, body)
  }
  switch outcome {
  case .notStarted: return body()
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

/// Opens the file of a request: in a worker directly, otherwise after a trial in a process of its
/// own.
func open(_ request: AnalysisRequest) throws(AudioError) -> SoundFile {
  request.workers == 0 ? try request.openHere() : try openAfterTrial(request)
}
