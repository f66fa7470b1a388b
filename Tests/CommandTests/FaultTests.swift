// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Faults at an exact place by WAVFFT_FAULT, and their effect on the run.
@Suite struct FaultTests {
  /// A run and its stages.
  struct Job: CustomTestStringConvertible, Sendable {
    let name: String
    let options: [String]
    let stages: [String]
    var testDescription: String { name }
  }

  private static let outputs = ["--out", "x.csv", "--out", "x.npy", "--report", "none"]
  private static let jobs = [
    Job(
      name: "four-step",
      options: [Program.fixture("bach.wav"), "--points", "all", "--band", "100:2000"],
      stages: ["reserve bins", "columns", "rows", "write csv", "write npy"]),
    Job(
      name: "four-step, decimated",
      options: [Program.fixture("bach.wav"), "--parts", "4", "--length", "fast"],
      stages: ["energy", "columns", "rows"]),
    Job(
      name: "chirp", options: [Program.fixture("bach.wav"), "--duration", "3.000023"],
      stages: ["chirp", "columns", "rows", "bins"]),
    Job(
      name: "parts", options: [Program.fixture("two-channels.wav"), "--parts", "3"],
      stages: ["reserve", "samples", "parts", "bins"]),
    Job(
      name: "decoded", options: [Program.fixture("noise-16bit.flac")], stages: ["decode"]),
  ]

  private func files(in folder: URL) throws -> [Data] {
    try ["x.csv", "x.npy"].map { try Data(contentsOf: folder.appending(path: $0)) }
  }

  @Test(arguments: jobs) func aWorkerKilledAnywhereChangesNothing(job: Job) throws {
    try withFolder { folder in
      let options = job.options + Self.outputs + ["--workers", "2"]
      #expect(try Program.run(options, in: folder).status == 0)
      let expected = try files(in: folder)
      for stage in job.stages {
        // With endless faults the run fails: this proves that the stage exists and the fault
        // happens.
        let failure = try Program.run(
          options, in: folder, environment: ["WAVFFT_FAULT": "\(stage):0:start:\(SIGKILL)"])
        #expect(failure.status == 70, "\(stage): \(failure.error)")
        #expect(try files(in: folder) == expected, "the old files are as they were")
        for moment in ["start", "end", "commit"] {
          let result = try Program.run(
            options, in: folder,
            environment: ["WAVFFT_FAULT": "\(stage):0:\(moment):\(SIGKILL):1"])
          #expect(result.status == 0, "\(stage), \(moment): \(result.error)")
          #expect(try files(in: folder) == expected, "\(stage), \(moment)")
        }
      }
    }
  }

  @Test func aBlockThatKillsThreeWorkersEndsTheRun() throws {
    try withFolder { folder in
      let result = try Program.run(
        [Program.fixture("bach.wav"), "--out", "x.svg"], in: folder,
        environment: ["WAVFFT_FAULT": "columns:5:start:\(SIGSEGV)"])
      #expect(result.status == 70)
      #expect(
        result.error.hasPrefix(
          "wavfft: 3 workers ended by signal 11 (Segmentation fault) in block 5 of "))
      #expect(result.error.contains("stage \"columns\""))
      #expect(try contents(folder).isEmpty)
    }
  }

  @Test func aDecoderThatCrashesIsAnErrorOfTheFile() throws {
    let result = try Program.run(
      [Program.fixture("noise-16bit.flac")],
      environment: ["WAVFFT_FAULT": "decode:0:start:\(SIGSEGV)"])
    #expect(result.status == 65)
    #expect(result.error.contains("noise-16bit.flac is damaged: libsndfile fails"))
  }

  @Test(arguments: ["start", "commit"]) func aStoppedWorkerIsReplaced(moment: String) throws {
    try withFolder { folder in
      let options = [Program.fixture("bach.wav"), "--workers", "2"] + Self.outputs
      #expect(try Program.run(options, in: folder).status == 0)
      let expected = try files(in: folder)
      let result = try Program.run(
        options + ["--stall-timeout", "0.3"], in: folder,
        environment: ["WAVFFT_FAULT": "rows:1:\(moment):\(SIGSTOP):1"])
      #expect(result.status == 0)
      #expect(result.error.contains("made no progress for 0.3 s in block 1 of stage \"rows\""))
      #expect(result.error.split(separator: "\n").count == 1)
      #expect(try files(in: folder) == expected)
    }
  }

  /// Runs with a worker stopped, changes the file, and lets the worker continue.
  private func runWhileChanging(_ change: (URL) throws -> Void) throws -> (Int32, String) {
    try withFolder { folder in
      let file = folder.appending(path: "input.wav")
      try FileManager.default.copyItem(atPath: Program.fixture("bach.wav"), toPath: file.path)
      let errors = folder.appending(path: "errors")
      try Data().write(to: errors)
      let (process, worker) = try Program.startStopped(
        at: "columns:3:start", ["input.wav", "--report", "none"], in: folder,
        errors: try FileHandle(forWritingTo: errors))
      try change(file)
      kill(worker, SIGCONT)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit)
      return (process.terminationStatus, try String(contentsOf: errors, encoding: .utf8))
    }
  }

  @Test func aFileThatShrinksIsDetected() throws {
    let (status, error) = try runWhileChanging { file in
      try FileHandle(forWritingTo: file).truncate(atOffset: 100_000)
    }
    #expect(status == 65)
    #expect(error.contains("input.wav changed while it was being read"))
  }

  @Test func aFileThatGrowsIsDetected() throws {
    let (status, error) = try runWhileChanging { file in
      let handle = try FileHandle(forWritingTo: file)
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(count: 10))
    }
    #expect(status == 65)
    #expect(error.contains("input.wav changed while it was being read"))
  }

  @Test func aFileThatIsReplacedIsDetected() throws {
    let (status, error) = try runWhileChanging { file in
      let other = file.deletingLastPathComponent().appending(path: "other.wav")
      try wav(pcm16([1, 2, 3])).write(to: other)
      rename(other.path, file.path)
    }
    #expect(status == 65)
    #expect(error.contains("input.wav changed while it was being read"))
  }

  @Test func aFileWithItsTimeSetBackIsDetected() throws {
    let (status, error) = try runWhileChanging { file in
      let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
      let handle = try FileHandle(forWritingTo: file)
      try handle.seek(toOffset: 1000)
      try handle.write(contentsOf: Data([1, 2, 3]))
      try handle.close()
      try FileManager.default.setAttributes(
        [.modificationDate: attributes[.modificationDate] as Any], ofItemAtPath: file.path)
    }
    #expect(status == 65)
    #expect(error.contains("input.wav changed while it was being read"))
  }

  @Test func aFaultThatCannotHappenIsAnError() throws {
    for fault in ["nowhere:0:start:9", "columns:0:later:9", "nonsense"] {
      let result = try Program.run(
        [Program.fixture("bach.wav")], environment: ["WAVFFT_FAULT": fault])
      #expect(result.status == 71)
      #expect(result.error.contains("WAVFFT_FAULT is \(fault)"))
    }
  }
}
