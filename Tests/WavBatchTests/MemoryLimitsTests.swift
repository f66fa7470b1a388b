// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavAnalysis
@testable import WavBatch

/// How files are treated under a limit of memory.
struct MemoryLimitsTests {
  private func load(_ samples: Int, _ bytes: Int) -> Workload {
    Workload(sampleCount: samples, byteCount: bytes, isSegmented: false)
  }

  @Test func aFileBeyondTheShareOfAWorkerIsForAllOfThem() {
    let limits = MemoryLimits(400_000_000, workers: 4)
    #expect(!limits.isLarge(load(1000, limits.bytesPerFile), filesLeft: 100))
    #expect(limits.isLarge(load(1000, limits.bytesPerFile + 1), filesLeft: 100))
  }

  /// What workers hold at the same time: a file, an engine, and spare memory for the next file.
  @Test(arguments: [1, 2, 8], [1_000_000, 50_000_000, 4_000_000_000])
  func theSharesOfAllWorkersAreWithinTheLimit(workers: Int, limit: Int) {
    let limits = MemoryLimits(limit, workers: workers)
    // An engine takes at most 48 bytes per sample.
    let kept = limits.keptBytesPerWorker + 48 * limits.keptSamplesPerWorker
    #expect(workers * (limits.bytesPerFile + kept) <= limit)
    #expect(!limits.keepsFreedMemory || limits.keptBytesPerWorker >= 32 << 20)
    #expect(limits.bytesPerFile > limit / workers / 2)
  }

  @Test func aFileBeyondTheLimitIsRefused() throws {
    let limits = MemoryLimits(10_000_000, workers: 2)
    try limits.require(load(1, 10_000_000), for: "a.wav")
    do {
      try limits.require(load(1, 10_000_001), for: "a.wav")
      Issue.record("it was not refused")
    } catch {
      #expect(error.description.hasPrefix("a.wav needs about"))
      #expect(error.description.contains("more than the memory limit 10"))
    }
  }

  @Test func withoutALimitNothingIsRefused() throws {
    try MemoryLimits(nil, workers: 2).require(load(1, .max), for: "a.wav")
  }

  @Test func longFilesAreForAllWorkersWhateverTheirMemory() {
    let limits = MemoryLimits(1 << 50, workers: 2)
    #expect(limits.isLarge(load(1 << 25, 1), filesLeft: 100))
    #expect(!limits.isLarge(load(1 << 25 - 1, 1), filesLeft: 100))
    // At the end, when workers would be idle.
    #expect(limits.isLarge(load(1 << 20, 1), filesLeft: 1))
    #expect(!limits.isLarge(load(1 << 20 - 1, 1), filesLeft: 1))
    #expect(!limits.isLarge(load(1 << 20, 1), filesLeft: 2))
    #expect(!MemoryLimits(1 << 50, workers: 1).isLarge(load(1 << 20, 1), filesLeft: 0))
  }
}
