// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Workers that are killed are replaced, and the result is the same bytes.
@Suite(.serialized) struct WorkerDeathTests {
  private let options = [
    Program.fixture("bach.wav"), "--workers", "3", "--points", "all", "--band", "full",
    "--precision", "double", "--out", "x.csv", "--out", "x.npy", "--report", "none",
  ]

  private func outputs(in folder: URL) throws -> [Data] {
    try ["x.csv", "x.npy"].map { try Data(contentsOf: folder.appending(path: $0)) }
  }

  @Test func outputsSurviveKilledWorkers() throws {
    try withFolder { folder in
      let start = Date()
      _ = try Program.run(options, in: folder)
      let duration = Date().timeIntervalSince(start)
      let expected = try outputs(in: folder)
      var killed = 0
      for share in stride(from: 0.1, to: 1, by: 0.1) {
        let process = try Program.start(options, in: folder)
        Thread.sleep(forTimeInterval: share * duration)
        if let worker = Program.children(of: process).randomElement(),
          kill(worker, SIGKILL) == 0
        {
          killed += 1
        }
        // A worker that waits for a lost block would wait for ever.
        let deadline = Date() + 20 + 10 * duration
        while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        try #require(
          process.terminationReason == .exit, "hangs after a kill at \(share) of the run")
        #expect(process.terminationStatus == 0)
        #expect(try outputs(in: folder) == expected, "killed at \(share) of the run")
      }
      #expect(killed > 0)
    }
  }

  @Test func workersDieWithTheirCoordinator() throws {
    try withFolder { folder in
      let process = try Program.start(options, in: folder)
      var workers: [pid_t] = []
      while process.isRunning, workers.isEmpty { workers = Program.children(of: process) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      try #require(!workers.isEmpty)
      func isAlive(_ worker: pid_t) -> Bool {
        FileManager.default.fileExists(atPath: "/proc/\(worker)/exe")
      }
      let deadline = Date() + 20
      while workers.contains(where: isAlive), Date() < deadline {
        Thread.sleep(forTimeInterval: 0.01)
      }
      #expect(!workers.contains(where: isAlive))
      #expect(try contents(folder).isEmpty)
    }
  }
}
