// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Workers that are killed are replaced, and the result has the same bytes.
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
        // A worker that waited for a lost block would wait for ever.
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

  /// State of a process in /proc, such as S, T or Z; nil if there is no such process.
  private func state(_ process: pid_t) -> String? {
    let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    return text?.split(separator: ")").last?.split(separator: " ").first.map(String.init)
  }

  private func wait(seconds: Double, until isReached: () -> Bool) {
    let deadline = Date() + seconds
    while !isReached(), Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
  }

  /// Another worker takes the lock of a dead one before the coordinator knows of the death.
  @Test func anotherWorkerRepairsAHalfWrittenResult() throws {
    try withFolder { folder in
      let options = options.map { $0 == "3" ? "2" : $0 }
      _ = try Program.run(options, in: folder)
      let expected = try outputs(in: folder)
      // The coordinator must stop after it has started both workers, and before it knows of the death.
      var stopped: Process?
      for _ in 0..<10 where stopped == nil {
        let process = try Program.start(
          options, in: folder, environment: ["WAVFFT_FAULT": "bands:1:commit:9:1"])
        var workers: [pid_t] = []
        while process.isRunning, workers.count < 2 { workers = Program.children(of: process) }
        kill(process.processIdentifier, SIGSTOP)
        wait(seconds: 5) { workers.contains { state($0) == "Z" } }
        if workers.contains(where: { state($0) == "Z" }) {
          stopped = process
        } else {
          kill(process.processIdentifier, SIGCONT)
          process.waitUntilExit()
        }
      }
      let process = try #require(stopped)
      // Time for the other worker to take the lock.
      Thread.sleep(forTimeInterval: 0.3)
      kill(process.processIdentifier, SIGCONT)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(try outputs(in: folder) == expected)
    }
  }

  /// A stopped worker cannot end by itself.
  ///
  /// The shell stays, because the kernel wakes up the stopped processes of an orphaned process
  /// group.
  @Test func workersDieWithTheirCoordinator() throws {
    try withFolder { folder in
      let shell = try Program.startShell(
        "wavfft '\(Program.fixture("bach.wav"))' --workers 2; sleep 60", in: folder,
        environment: ["WAVFFT_FAULT": "columns:2:start:19"])
      defer { shell.terminate() }
      var (coordinator, workers): (pid_t?, [pid_t]) = (nil, [])
      func isStopped(_ worker: pid_t) -> Bool { state(worker) == "T" }
      wait(seconds: 20) {
        coordinator = Program.children(of: shell).first
        workers = coordinator.map { Program.children(of: $0) } ?? []
        return workers.contains(where: isStopped)
      }
      defer { for worker in workers { kill(worker, SIGKILL) } }
      try #require(workers.contains(where: isStopped))
      kill(try #require(coordinator), SIGKILL)
      func isAlive(_ worker: pid_t) -> Bool { state(worker).map { $0 != "Z" } ?? false }
      wait(seconds: 10) { !workers.contains(where: isAlive) }
      #expect(!workers.contains(where: isAlive))
    }
  }
}
