// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Transforms over the disk agree with those in memory, and whatever happens to them leaves nothing behind.
@Suite(.serialized) struct LargeTests {
  /// Too little for any transform of these tests in memory, and enough over the disk.
  private static let memory = ["--memory", "44M", "--scratch-dir", "scratch"]

  /// A recording, and the options of some analyses.
  struct Job: CustomTestStringConvertible, Sendable {
    let coding: Coding
    let channels: Int
    let frames: Int
    let options: [[String]]
    var testDescription: String { "\(coding), \(channels) channels" }
  }

  static let jobs = [
    Job(
      coding: .pcm16, channels: 1, frames: 3_000_000,
      options: [
        [], ["--parts", "3"], ["--parts", "8", "--window", "hann"],
        ["--length", "4194304", "--window", "flattop"],
        ["--precision", "double", "--window", "blackman-harris", "--parts", "7"],
      ]),
    Job(
      coding: .pcm24, channels: 2, frames: 2_000_000,
      options: [[], ["--channel", "2", "--start", "1.5", "--duration", "40"]]),
    Job(
      coding: .float, channels: 2, frames: 1_500_000,
      options: [["--parts", "8"], ["--channel", "1", "--precision", "single"]]),
    Job(coding: .aiff24, channels: 1, frames: 3_000_000, options: [["--window", "hamming"]]),
  ]

  @Test(arguments: jobs) func theReportIsThatOfATransformInMemory(job: Job) throws {
    try withRecording(job.coding, channels: job.channels, frames: job.frames) { folder in
      for options in job.options {
        let expected = try analysis(options, in: folder)
        let found = try analysis(options + Self.memory, in: folder)
        #expect(expected.disk == nil)
        #expect(found.disk != nil, "\(options)")
        let tolerance = found.isDouble ? 1e-9 : 1e-4
        #expect(found.rows.count == expected.rows.count && found.rows.count > 100)
        let top = expected.rows.map { $0[2] }.max() ?? 0
        for (one, other) in zip(found.rows, expected.rows) {
          // Rounding is in proportion to the strongest bin, and counts for those far below.
          let tolerance = tolerance * max(1, pow(10, (top - other[2] - 50) / 20))
          #expect(one[0] == other[0], "the strongest bin of a band, \(options)")
          #expect(abs(one[2] - other[2]) <= tolerance, "\(options): \(one[2] - other[2]) dB")
          #expect(abs(one[5] - other[5]) <= 0.3 * tolerance * other[5], "power, \(options)")
        }
        #expect(!expected.peaks.isEmpty && found.peaks.count == expected.peaks.count)
        for (one, other) in zip(found.peaks, expected.peaks) {
          // In memory a peak follows from some bins, over the disk from all samples (docs/peaks.md).
          #expect(abs(one.number("level_dbfs") - other.number("level_dbfs")) < 1e-3)
          #expect(abs(one.number("frequency_hz") - other.number("frequency_hz")) < 1e-5)
        }
        #expect(Set(found.signal.keys) == Set(expected.signal.keys))
        for (key, value) in expected.signal {
          let other = try #require(found.signal[key])
          #expect(abs(value - other) <= 1e-6, "\(key), \(options): \(value) and \(other)")
        }
      }
    }
  }

  @Test func theNumberOfWorkersChangesNothing() throws {
    try withRecording(.float, channels: 2, frames: 1_500_000) { folder in
      // In the first case two workers run over the disk; in the second the transform would fit with one.
      for options in [
        ["--length", "16777216", "--memory", "170M", "--points", "all", "--band", "950:1050"],
        ["--memory", "58M"],
      ] {
        let outputs = try [1, 2, 4].map { workers in
          let result = try Program.run(
            ["x.wav", "--scratch-dir", "scratch", "--out", "x.csv", "--out", "x.npy"]
              + options + ["--workers", "\(workers)"], in: folder)
          #expect(result.status == 0, "\(result.error)")
          #expect(result.output.contains("two passes over"), "\(workers) workers")
          let most = options.contains("170M") ? min(2, workers) : 1
          #expect(result.output.contains("with \(most) worker\(most == 1 ? "\n" : "s\n")"))
          return try ["x.csv", "x.npy"].map { try Data(contentsOf: folder.appending(path: $0)) }
        }
        #expect(outputs.allSatisfy { $0 == outputs[0] }, "\(options)")
      }
    }
  }

  @Test(arguments: [[], ["--parts", "3"], ["--precision", "double", "--length", "4194304"]])
  func everyBinIsThatOfATransformInMemory(options: [String]) throws {
    try withRecording(.pcm16, channels: 1, frames: 3_000_000) { folder in
      let options = options + ["--points", "all"]
      let expected = try everyBin(options + ["--band", "full"], in: folder)
      let found = try everyBin(options + ["--band", "full"] + Self.memory, in: folder)
      #expect(found.count == expected.count && found.count > 400_000)
      let greatest = expected.max() ?? 0
      // Differences accumulate in a loop: an expectation for each of a million bins would take minutes.
      var worst = 0.0
      for (one, other) in zip(found, expected) { worst = max(worst, abs(one - other)) }
      let tolerance = options.contains("double") ? 1e-13 : 1e-6
      #expect(worst <= tolerance * greatest, "\(worst / greatest)")
      // The same as text, in a band that begins and ends within tiles.
      let result = try Program.run(
        ["x.wav", "--out", "x.csv", "--band", "123:1357"] + options + Self.memory, in: folder)
      #expect(result.status == 0, "\(result.error)")
      let rows = try table(folder.appending(path: "x.csv")).rows
      let spacing = (rows[rows.count - 1][0] - rows[0][0]) / Double(rows.count - 1)
      let first = Int((rows[0][0] / spacing).rounded())
      #expect(abs(rows[0][0] - 123) <= spacing && abs(rows[rows.count - 1][0] - 1357) <= spacing)
      #expect(zip(rows, found[first...]).allSatisfy { abs($0[1] - $1) <= 1e-6 * $1 })
    }
  }

  /// Two passes, with enough memory for two workers, and four.
  @Test(arguments: [
    ["--length", "16777216", "--precision", "double", "--memory", "170M"],
    ["--length", "3000017", "--precision", "single", "--memory", "44M"],
  ])
  func complexBinsAreThoseOfATransformInMemory(options: [String]) throws {
    try withRecording(.float, channels: 2, frames: 1_500_000) { folder in
      func bins(_ options: [String]) throws -> (Data, String, [SIMD2<Double>]) {
        let result = try Program.run(
          ["x.wav", "--scratch-dir", "scratch", "--points", "all", "--values", "complex"]
            + ["--band", "900:1100", "--out", "x.npy"] + options,
          in: folder)
        #expect(result.status == 0, "\(result.error)")
        let file = folder.appending(path: "x.npy")
        return (try Data(contentsOf: file), result.output, try ComplexArray(file).numbers)
      }
      let expected = try bins(Array(options.prefix(4)))
      #expect(!expected.1.contains("over the disk"))
      let isTwo = options.contains("170M")
      let found = try [1, 2, 3].map { try bins(options + ["--workers", "\($0)"]) }
      for (index, result) in found.enumerated() {
        #expect(result.1.contains(isTwo ? "two passes over " : "four passes over "))
        let workers = isTwo && index > 0 ? "2 workers" : "1 worker\n"
        #expect(result.1.contains("with \(workers)"), "\(result.1)")
        #expect(result.0 == found[0].0, "\(index + 1) workers")
      }
      try #require(expected.2.count > 10000 && found[0].2.count == expected.2.count)
      #expect(distance(found[0].2, expected.2) <= (isTwo ? 1e-13 : 1e-6))
    }
  }

  /// Bins that are written again after the death of a worker are the same.
  @Test(arguments: [["rows"], ["rows", "bins", "--length", "3000017"]])
  func aWorkerKilledChangesNoComplexBin(words: [String]) throws {
    try withRecording(.pcm16, channels: 1, frames: 3_000_000) { folder in
      let options =
        ["x.wav", "--points", "all", "--values", "complex", "--out", "x.npy"]
        + words.drop { !$0.hasPrefix("--") } + Self.memory
      func array(_ fault: String?) throws -> Data {
        let result = try Program.run(
          options, in: folder, environment: fault.map { ["WAVFFT_FAULT": $0] } ?? [:])
        #expect(result.status == 0, "\(result.error)")
        return try Data(contentsOf: folder.appending(path: "x.npy"))
      }
      let expected = try array(nil)
      for stage in words.prefix(while: { !$0.hasPrefix("--") }) + ["write npy"] {
        for moment in ["end", "commit"] {
          #expect(try array("\(stage):1:\(moment):\(SIGKILL):1") == expected, "\(stage)")
        }
      }
    }
  }

  @Test func theErrorOfTooLittleMemoryNamesWhatIsEnough() throws {
    try withRecording(.pcm16, channels: 1, frames: 3_000_000) { folder in
      // The second length is a prime.
      for length in ["exact", "3000017"] {
        let options = ["x.wav", "--scratch-dir", "scratch", "--length", length]
        let small = try Program.run(options + ["--memory", "20M"], in: folder)
        #expect(small.status == 71)
        #expect(small.error.contains("20.0 MB of memory is too little; "), "\(small.error)")
        let words = small.error.split(separator: " ")
        let end = try #require(words.firstIndex(of: "enough"))
        let enough = words[end - 3] + "M"
        #expect(words[end - 2] == "MB")
        let result = try Program.run(options + ["--memory", String(enough)], in: folder)
        #expect(result.status == 0, "\(enough): \(result.error)")
      }
    }
  }

  @Test func aScratchFolderThatCannotBeUsedIsAnError() throws {
    try withRecording(.pcm16, channels: 1, frames: 3_000_000) { folder in
      let options = ["x.wav", "--memory", "44M"]
      for (place, reason) in [("missing", "No such file"), ("x.wav", "Not a directory")] {
        let result = try Program.run(options + ["--scratch-dir", place], in: folder)
        #expect(result.status == 64)
        #expect(result.error.contains("'\(place)' is invalid for '--scratch-dir"))
        #expect(result.error.contains("': \(reason)"))
      }
      let missing = try Program.run(options, in: folder, environment: ["TMPDIR": "/missing"])
      #expect(missing.status == 71)
      #expect(missing.error.contains("in /missing: No such file or directory; set TMPDIR"))
      if FileManager.default.isWritableFile(atPath: "/dev/shm") {
        let memory = try Program.run(options + ["--scratch-dir", "/dev/shm"], in: folder)
        #expect(memory.status == 71)
        #expect(memory.error.contains("/dev/shm is memory, too; "), "\(memory.error)")
      }
      let full = try Program.run(
        after: "ulimit -f 10000;", options + ["--scratch-dir", "scratch"], in: folder)
      #expect(full.status == 71)
      #expect(full.error.contains("MB in scratch: File too large; raise the limit on file sizes"))
      #expect(try contents(folder) == ["scratch", "x.wav"])
      #expect(try contents(folder.appending(path: "scratch")).isEmpty)
    }
  }

  @Test func aSampleThatIsNoNumberIsNamed() throws {
    try withRecording(.float, channels: 2, frames: 1_500_000) { folder in
      let file = try FileHandle(forUpdating: folder.appending(path: "x.wav"))
      try file.seek(toOffset: 44 + 8 * 1_234_567 + 4)
      try file.write(contentsOf: pcmFloat([.nan]))
      try file.close()
      for options in [[], ["--start", "1"], ["--parts", "8"]] {
        let result = try Program.run(["x.wav"] + options + Self.memory, in: folder)
        #expect(result.status == 65)
        #expect(result.error.contains("frame 1234567 is nan, not a finite number"))
      }
      let other = try Program.run(["x.wav", "--channel", "1"] + Self.memory, in: folder)
      #expect(other.status == 0)
    }
  }

  @Test(arguments: ["columns:2:start", "peaks:20:start"])
  func aFileThatShrinksIsDetected(place: String) throws {
    try withRecording(.pcm16, channels: 1, frames: 3_000_000) { folder in
      let errors = folder.appending(path: "errors")
      try Data().write(to: errors)
      let (process, worker) = try Program.startStopped(
        at: place, ["x.wav"] + Self.memory, in: folder,
        errors: try FileHandle(forWritingTo: errors))
      try FileHandle(forUpdating: folder.appending(path: "x.wav")).truncate(atOffset: 100_000)
      kill(worker, SIGCONT)
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == 65)
      #expect(
        try String(contentsOf: errors, encoding: .utf8)
          .contains("x.wav changed while it was being read"))
    }
  }

  @Test(arguments: [SIGINT, SIGKILL]) func anEndLeavesNothingBehind(signal: Int32) throws {
    try withRecording(.pcm16, channels: 1, frames: 3_000_000) { folder in
      let errors = folder.appending(path: "errors")
      for place in ["columns:1:end", "rows:1:start", "peaks:2:end"] {
        try Data().write(to: errors)
        let (process, worker) = try Program.startStopped(
          at: place, ["x.wav", "--points", "all", "--out", "x.npy"] + Self.memory, in: folder,
          errors: try FileHandle(forWritingTo: errors))
        // Without this the test might look into the wrong folder.
        #expect(openFiles(of: worker).contains { $0.contains("/scratch/") })
        #expect(kill(process.processIdentifier, signal) == 0)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
        #expect(process.terminationStatus == signal)
        let text = try String(contentsOf: errors, encoding: .utf8)
        #expect(
          text
            == (signal == SIGKILL
              ? "" : "wavfft: stopped by a signal; no output was written\n"))
        let deadline = Date() + 20
        while kill(worker, 0) == 0, Date() < deadline { Thread.sleep(forTimeInterval: 0.005) }
        #expect(kill(worker, 0) != 0, "the worker ends, too")
        #expect(try contents(folder) == ["errors", "scratch", "x.wav"])
        #expect(try contents(folder.appending(path: "scratch")).isEmpty)
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/dev/shm")
        #expect(
          !(names ?? []).contains { $0.hasPrefix("wavfft.\(process.processIdentifier).") })
      }
    }
  }

  @Test(arguments: [[], ["--parts", "3", "--length", "1048576"]])
  func aWorkerKilledAnywhereChangesNothing(options: [String]) throws {
    try withRecording(.float, channels: 2, frames: 1_500_000) { folder in
      let options =
        ["x.wav", "--points", "all", "--band", "100:4000", "--out", "x.csv", "--out", "x.npy"]
        + options + Self.memory
      func outputs(_ fault: String) throws -> (Program.Result, [Data]) {
        let result = try Program.run(options, in: folder, environment: ["WAVFFT_FAULT": fault])
        return (
          result, try ["x.csv", "x.npy"].map { try Data(contentsOf: folder.appending(path: $0)) }
        )
      }
      let expected = try Program.run(options, in: folder)
      #expect(expected.status == 0, "\(expected.error)")
      let files = try ["x.csv", "x.npy"].map { try Data(contentsOf: folder.appending(path: $0)) }
      for stage in ["columns", "rows", "peaks", "write npy"] {
        let (failure, old) = try outputs("\(stage):1:start:\(SIGKILL)")
        #expect(failure.status == 70, "\(stage): \(failure.error)")
        #expect(old == files, "the old files are as they were")
        for moment in ["end", "commit"] {
          let (result, found) = try outputs("\(stage):1:\(moment):\(SIGKILL):1")
          #expect(result.status == 0, "\(stage), \(moment): \(result.error)")
          #expect(found == files && result.output == expected.output, "\(stage), \(moment)")
        }
      }
      #expect(try contents(folder.appending(path: "scratch")).isEmpty)
    }
  }
}

// MARK: Runs

/// The parts of an analysis that are compared.
private struct LargeAnalysis {
  let rows: [[Double]]
  let peaks: [[String: Double]]
  let signal: [String: Double]
  let disk: [String: Any]?
  let isDouble: Bool
}

private func analysis(_ options: [String], in folder: URL) throws -> LargeAnalysis {
  let result = try Program.run(
    ["x.wav", "--out", "x.csv", "--report", "json"] + options, in: folder)
  #expect(result.status == 0, "\(result.error)")
  let document = try #require(
    JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  let peaks = try #require(document["peaks"] as? [[String: Any]])
  let transform = try #require(document["transform"] as? [String: Any])
  return LargeAnalysis(
    rows: try table(folder.appending(path: "x.csv")).rows,
    peaks: peaks.map(numbers), signal: numbers(document["signal"] as? [String: Any] ?? [:]),
    disk: document["disk"] as? [String: Any],
    isDouble: transform["precision"] as? String == "double")
}

private func numbers(_ object: [String: Any]) -> [String: Double] {
  object.compactMapValues { $0 as? Double }
}

extension [String: Double] {
  /// A number of the report; not a number if it is not there.
  fileprivate func number(_ name: String) -> Double { self[name] ?? .nan }
}

/// The magnitudes of a table with a row for every bin.
private func everyBin(_ options: [String], in folder: URL) throws -> [Double] {
  let result = try Program.run(
    ["x.wav", "--out", "x.npy", "--report", "none"] + options, in: folder)
  #expect(result.status == 0, "\(result.error)")
  let data = try Data(contentsOf: folder.appending(path: "x.npy"))
  // After the header come rows of frequency, magnitude and level, the latter two in the precision of the transform.
  let start = 10 + Int(data[8]) + 256 * Int(data[9])
  let isSingle = String(decoding: data[..<start], as: UTF8.self).contains("<f4")
  return data[start...].withUnsafeBytes { bytes in
    isSingle
      ? (0..<bytes.count / 16).map {
        Double(bytes.loadUnaligned(fromByteOffset: 16 * $0 + 8, as: Float.self))
      }
      : (0..<bytes.count / 24).map {
        bytes.loadUnaligned(fromByteOffset: 24 * $0 + 8, as: Double.self)
      }
  }
}

/// The names of the files that a process has open.
private func openFiles(of process: pid_t) -> [String] {
  let links = "/proc/\(process)/fd"
  let names = (try? FileManager.default.contentsOfDirectory(atPath: links)) ?? []
  return names.compactMap {
    try? FileManager.default.destinationOfSymbolicLink(atPath: "\(links)/\($0)")
  }
}

// MARK: Recordings

/// How samples are written.
enum Coding: Sendable {
  case pcm16
  case pcm24
  case float
  case aiff24

  fileprivate var bytes: Int { self == .pcm16 ? 2 : self == .float ? 4 : 3 }
}

/// Runs `body` with a folder that has a recording of tones and noise, `x.wav`, and an empty folder.
private func withRecording(
  _ coding: Coding, channels: Int, frames: Int, _ body: (URL) throws -> Void
) throws {
  try withFolder { folder in
    try FileManager.default.createDirectory(
      at: folder.appending(path: "scratch"), withIntermediateDirectories: false)
    let samples = tonesAndNoise(coding, channels: channels, frames: frames)
    let file =
      coding == .aiff24
      ? aiff24(samples, frames: frames, channels: channels)
      : wav(
        samples, format: coding == .float ? 3 : 1, channels: UInt16(channels), rate: 44100,
        bits: UInt16(8 * coding.bytes))
    try file.write(to: folder.appending(path: "x.wav"))
    try body(folder)
  }
}

/// A tone of 1000 Hz at 44.1 kHz in the first channel, of 300 Hz in the second, and noise.
private func tonesAndNoise(_ coding: Coding, channels: Int, frames: Int) -> Data {
  let period = 441
  let tones = [10.0, 3.0].map { cycles in
    (0..<period).map { frame in
      let phase = 2 * Double.pi * cycles * Double(frame) / Double(period)
      return Int32(2e6 * sin(phase))
    }
  }
  var data = Data(count: frames * channels * coding.bytes)
  data.withUnsafeMutableBytes { bytes in
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var place = 0
    var time = 0
    for _ in 0..<frames {
      for channel in 0..<channels {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        // 24 bits.
        let value = tones[channel][time] &+ Int32(truncatingIfNeeded: state) >> 13
        switch coding {
        case .pcm16:
          bytes.storeBytes(
            of: Int16(truncatingIfNeeded: value >> 8), toByteOffset: place, as: Int16.self)
        case .float:
          bytes.storeBytes(of: Float(value) * 0x1p-23, toByteOffset: place, as: Float.self)
        case .pcm24, .aiff24:
          let isBig = coding == .aiff24
          bytes[place] = UInt8(truncatingIfNeeded: isBig ? value >> 16 : value)
          bytes[place + 1] = UInt8(truncatingIfNeeded: value >> 8)
          bytes[place + 2] = UInt8(truncatingIfNeeded: isBig ? value : value >> 16)
        }
        place &+= coding.bytes
      }
      time = time &+ 1 == period ? 0 : time &+ 1
    }
  }
  return data
}

/// An AIFF file at 44.1 kHz.
private func aiff24(_ samples: Data, frames: Int, channels: Int) -> Data {
  func bytes<Number: FixedWidthInteger>(_ number: Number) -> Data {
    withUnsafeBytes(of: number.bigEndian) { Data($0) }
  }
  let common =
    Data("COMM".utf8) + bytes(UInt32(18)) + bytes(UInt16(channels)) + bytes(UInt32(frames))
    // The rate is an extended number: 44100 * 2^48, and the exponent of its first bit.
    + bytes(UInt16(24)) + bytes(UInt16(0x400E)) + bytes(UInt64(44100) << 48)
  let sound =
    Data("SSND".utf8) + bytes(UInt32(8 + samples.count)) + bytes(UInt64(0)) + samples
  return Data("FORM".utf8) + bytes(UInt32(4 + common.count + sound.count)) + Data("AIFF".utf8)
    + common + sound
}
