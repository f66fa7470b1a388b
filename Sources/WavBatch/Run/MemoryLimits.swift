// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
import WavSystem

/// How much memory the files of a batch may use, which decides whether a file is small or large.
struct MemoryLimits {
  private let explicit: Int?
  /// Memory in bytes for a file that one worker analyses alone.
  let bytesPerFile: Int
  private let workers: Int

  /// Files of at least this many samples, 12 minutes at 44.1 kHz, are large: to divide them costs a
  /// tenth of the speed, but they fill the memory and make others wait at the end.
  private static let largeSampleCount = 1 << 25
  /// At the end of a batch, when workers are idle, files of half a minute or more are large.
  private static let lastSampleCount = 1 << 20
  /// Samples of kept engines, all workers together.
  private static let keptSamples = 1 << 22
  /// Greatest memory of an engine in bytes per sample: that of a prime length in double precision.
  private static let mostBytesPerSample = 48

  /// Bytes of closed regions that a worker keeps for its next file.
  private static let keptBytes = 32 << 20
  /// Bytes that malloc may keep for the next file (`shim_keep_freed_memory`).
  private static let freedBytes = 64 << 20

  /// Limits from an explicit limit in bytes, or from half of the available memory.
  ///
  /// Three quarters of a worker's share are for the current file, an eighth is for kept engines,
  /// and an eighth for spare regions.
  init(_ explicit: Int?, workers: Int) {
    self.explicit = explicit
    self.workers = workers
    let share = (explicit ?? availableMemory().map { $0 / 2 } ?? .max) / workers
    bytesPerFile = share - 2 * (share / 8)
    keptBytesPerWorker = min(Self.keptBytes, share / 8)
    keptSamplesPerWorker = min(Self.keptSamples / workers, share / 8 / Self.mostBytesPerSample)
    keepsFreedMemory = share / 8 >= Self.freedBytes
  }

  /// Samples of engines that one worker keeps.
  let keptSamplesPerWorker: Int

  /// Bytes of closed regions that one worker keeps.
  let keptBytesPerWorker: Int

  /// Whether there is enough memory for what malloc keeps.
  let keepsFreedMemory: Bool

  /// Whether a file is better analysed by all workers together; `filesLeft` files follow it.
  func isLarge(_ load: Workload, filesLeft: Int) -> Bool {
    load.byteCount > bytesPerFile || load.sampleCount >= Self.largeSampleCount
      || (workers > 1 && filesLeft < workers && load.sampleCount >= Self.lastSampleCount)
  }

  /// Refuses a file that alone exceeds an explicit limit.
  func require(_ load: Workload, for path: String) throws(BatchError) {
    guard let explicit, load.byteCount > explicit else { return }
    let ways: Sentence =
      load.isSegmented
      ? "choose a shorter \(.segment)" : "use \(.parts), \(.duration) or \(.singlePrecision)"
    throw BatchError(
      .system,
      "\(path) needs about \(readableBytes(load.byteCount)) of memory, more than \(.memory) "
        + "\(readableBytes(explicit)); raise it, or \(ways)"
    )
  }
}
