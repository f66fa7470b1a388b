// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import Testing

@testable import WavSystem

/// Sizes and errors in words, and the arithmetic of available memory.
@Suite struct SentenceTests {
  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (1234, "1.23 kB"), (65536, "65.5 kB"),
    (999_000, "999 kB"), (1_073_741_824, "1.07 GB"), (4_001_000_000_000, "4001 GB"),
  ])
  func sizesHaveThreeDigits(count: Int, words: String) {
    #expect(readableBytes(count) == words)
  }

  @Test func errorsSayWhatWhyAndTheRemedy() {
    let error = SystemError(.noSuchFileOrDirectory, purpose: "find it", remedy: "look again")
    #expect(error.description == "could not find it: No such file or directory; look again")
    #expect(
      SystemError(.permissionDenied, purpose: "see").description
        == "could not see: Permission denied")
  }

  @Test func interruptedCallsAreRepeated() throws {
    var attempts = 0
    let result: Int32 = try systemCall("try") {
      attempts += 1
      errno = EINTR
      return attempts < 3 ? -1 : 5
    }
    #expect(result == 5)
    #expect(attempts == 3)
    do {
      try systemCall("try", remedy: "stop") { () -> Int32 in
        errno = EBADF
        return -1
      }
      Issue.record("a failure is an error")
    } catch {
      #expect(error.errno == .badFileDescriptor)
      #expect(error.remedy == "stop")
    }
  }

  @Test func demandsBeyondAllNumbersAreRefused() throws {
    try MemoryDemand(shared: [1e6, 1e6], own: 1e6).require(to: "begin", or: "wait")
    for size in [1e18, 1e30, Double.greatestFiniteMagnitude] {
      do {
        try MemoryDemand(shared: [1e6, size], own: 0).require(to: "begin", or: "use \(.parts)")
        Issue.record("\(size) bytes fit nowhere")
      } catch {
        #expect(error.errno == .noMemory)
        #expect(error.description.hasPrefix("could not begin: "))
        #expect(error.description.contains("are needed"))
        #expect(error.description.hasSuffix(", or use parts"))
      }
    }
  }

  @Test func demandsAreAddedUp() throws {
    // Half of the memory fits once, but not many times.
    let half = Double(availableMemory() ?? 1 << 30) / 2
    #expect(throws: SystemError.self) {
      try MemoryDemand(shared: Array(repeating: half, count: 10_000), own: 0)
        .require(to: "begin", or: "wait")
    }
  }
}
