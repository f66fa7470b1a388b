// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `--method welch` through the whole program.
@Suite struct WelchTests {
  private let bach = Program.fixture("bach.wav")

  /// Uniform noise with the variance amplitude^2 / 3, beside a tone.
  private func recording(
    _ seconds: Double, rate: Int = 8000, amplitude: Double = 0.1, seed: Int = 1
  ) -> Data {
    var state = seed
    let count = Int(seconds * Double(rate))
    return pcm16(
      (0..<count).map { index in
        state = state * 48271 % 2_147_483_647
        let noise = amplitude * (2 * Double(state) / 2_147_483_647 - 1)
        let tone = 0.25 * sin(2 * .pi * 1000 * Double(index) / Double(rate))
        return Int16((32767 * (noise + tone)).rounded())
      })
  }

  private func write(_ data: Data, _ name: String, in folder: URL) throws {
    try data.write(to: folder.appending(path: name))
  }

  private func json(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  /// Any number of workers, also if one dies or stops at any moment of any stage: the same bytes.
  @Test(arguments: ["mean", "median"], ["single", "double"])
  func bytesDoNotDependOnWorkers(average: String, precision: String) throws {
    try withFolder { folder in
      func bytes(_ workers: Int, fault: String? = nil) throws -> [Data] {
        let result = try Program.run(
          [
            bach, "--method", "welch", "--segment", "2048", "--average", average, "--precision",
            precision,
            "--workers", "\(workers)", "--stall-timeout", "0.5", "--points", "all", "--out",
            "x.csv",
            "--out", "x.json", "--out", "x.svg", "--report", "none",
          ], in: folder, environment: fault.map { ["WAVFFT_FAULT": $0] } ?? [:])
        #expect(result.status == 0, "\(fault ?? ""): \(result.error)")
        #expect((fault == nil) == result.error.isEmpty || fault?.contains(":9:") ?? true)
        return try ["x.csv", "x.json", "x.svg"].map {
          try Data(contentsOf: folder.appending(path: $0))
        }
      }
      let expected = try bytes(1)
      for workers in [2, 3, 8] { #expect(try bytes(workers) == expected, "\(workers)") }
      for stage in ["segments", "average", "bands"] {
        for moment in ["start", "end", "commit"] {
          #expect(try bytes(2, fault: "\(stage):0:\(moment):9:1") == expected, "\(stage) \(moment)")
        }
      }
      #expect(try bytes(2, fault: "segments:0:start:19:1") == expected)
    }
  }

  @Test func workersThatKeepDyingEndTheProgram() throws {
    try withFolder { folder in
      let result = try Program.run(
        [bach, "--method", "welch", "--out", "x.csv"], in: folder,
        environment: ["WAVFFT_FAULT": "segments:0:start:9:9"])
      #expect(result.status == 70 && result.error.contains("stage \"segments\""))
      #expect(try contents(folder).isEmpty)
    }
  }

  /// Every number of the report of 10 s, in segments of 1 s that share a half.
  @Test func theReportSaysHowToReadIt() throws {
    try withFolder { folder in
      try write(wav(recording(10.3)), "a.wav", in: folder)
      let result = try Program.run(["a.wav", "--method", "welch"], in: folder)
      let lines = [
        "Method       welch: segments of the recording, mean of their powers, single precision",
        "Samples      80,000 used, 2,400 at the end left out (segments of equal length)",
        "Segments     19 of 8,000 samples (1 s), 50 % of each also in the next; their means are subtracted",
        "Bins         1 Hz apart, 3,980 in 20–20000 Hz",
        "Window       hann, sum 4000, sum of squares 3000, coherent gain 0.5, noise bandwidth 1.5 Hz",
        "Noise        density in dB re 1 FS²/Hz: 4.77 dB below the level of a bin",
      ]
      for line in lines { #expect(result.output.contains("\n" + line + "\n"), "\(line)") }
      // 36 K^2 / (19 K - 1) with K = 19: chi-square tables for 36.1 degrees.
      #expect(
        result.output.contains(
          "\nCertainty    36.1 degrees of freedom; for noise the true density of a bin is, with a probability of 95 %, "
        ))
      #expect(result.output.contains("-1.79 to +2.27 dB from the estimate"))
      #expect(result.output.firstRange(of: /\n +(999.99\d|1000.00\d) +-12.0[345] .*line/) != nil)
    }
  }

  /// The density of noise, the level of a tone and the power of bands, in JSON.
  @Test(arguments: ["1s", "0.25s", "3000"], ["0%", "50%", "75%"])
  func densityLevelAndPowerAreTrue(segment: String, overlap: String) throws {
    try withFolder { folder in
      try write(wav(recording(60)), "a.wav", in: folder)
      _ = try Program.run(
        [
          "a.wav", "--method", "welch", "--segment", segment, "--overlap", overlap, "--band",
          "full",
          "--points", "100", "--out", "x.json", "--report", "none",
        ], in: folder)
      let text = try String(contentsOf: folder.appending(path: "x.json"), encoding: .utf8)
      let report = try json(text)
      #expect(report["density_reference"] as? String == "dB re 1 FS^2/Hz, one-sided")
      let rows = try #require(report["spectrum"] as? [[String: Any]])
      func numbers(_ key: String) -> [Double] { rows.map { $0[key] as? Double ?? .nan } }
      let (low, high) = (numbers("low_hz"), numbers("high_hz"))
      let (densities, decibels) = (numbers("density_fs2_per_hz"), numbers("density_db"))
      // Variance 0.1^2 / 3 over 4000 Hz; wide rows of noise alone.
      let noise = 0.01 / 3 / 4000
      for row in rows.indices where low[row] > 1200 {
        #expect(abs(densities[row] / noise - 1) < 0.1, "\(low[row])–\(high[row]) Hz")
        #expect(abs(decibels[row] - 10 * log10(densities[row])) < 1e-9)
      }
      // All powers add up to the mean square of the samples: that of the noise and that of the tone.
      let power = numbers("power").reduce(0, +)
      #expect(abs(power / (0.01 / 3 + 0.25 * 0.25 / 2) - 1) < 0.01)
      let peaks = try #require(report["peaks"] as? [[String: Any]])
      #expect(peaks.count == 1)
      #expect(abs((peaks[0]["frequency_hz"] as? Double ?? 0) - 1000) < 0.01)
      #expect(abs((peaks[0]["level_dbfs"] as? Double ?? 0) + 12.04) < 0.05)
      let transform = try #require(report["transform"] as? [String: Any])
      let segments = try #require(transform["segments"] as? [String: Any])
      let length = try #require(segments["length"] as? Int)
      let hop = try #require(segments["hop"] as? Int)
      #expect(segments["count"] as? Int == (480_000 - length) / hop + 1)
      #expect(hop == length - length * (Int(overlap.dropLast()) ?? 0) / 100)
    }
  }

  @Test func memoryIsKeptOrRefused() throws {
    try withFolder { folder in
      try write(wav(recording(30)), "a.wav", in: folder)
      func run(_ options: [String]) throws -> Program.Result {
        try Program.run(["a.wav", "--method", "welch", "--out", "x.csv"] + options, in: folder)
      }
      let refused = try run(["--memory", "10M"])
      #expect(refused.status == 71)
      #expect(refused.error.contains("10.0 MB of memory is too little"))
      #expect(refused.error.contains("choose a shorter --segment"))
      #expect(refused.error.split(separator: "\n").count == 1)
      let median = try run(["--memory", "10M", "--average", "median"])
      #expect(median.error.contains("or another --average"))
      // What is said to be enough is.
      let words = refused.error.split(separator: " ")
      let place = try #require(words.firstIndex(of: "MB").map { words[($0 + 1)...] })
      let unit = try #require(place.firstIndex(of: "MB"))
      let enough = try run(["--memory", "\(words[unit - 1])M", "--workers", "8"])
      #expect(enough.status == 0, "\(enough.error)")
      let bytes = try Data(contentsOf: folder.appending(path: "x.csv"))
      _ = try run(["--workers", "3"])
      #expect(try Data(contentsOf: folder.appending(path: "x.csv")) == bytes)
    }
  }

  /// Compressed recordings are decoded in memory, or to the disk with little of it.
  @Test func compressedRecordingsAreDecoded() throws {
    try withFolder { folder in
      let flac = Program.fixture("noise-24bit.flac")
      let options = [flac, "--method", "welch", "--segment", "512", "--out", "x.csv"]
      let inMemory = try Program.run(options, in: folder)
      #expect(inMemory.status == 0, "\(inMemory.error)")
      #expect(!inMemory.output.contains("\nDisk"))
      let bytes = try Data(contentsOf: folder.appending(path: "x.csv"))
      try write(wav(recording(600)), "long.wav", in: folder)
      #expect(!bytes.isEmpty)
      for workers in ["1", "3"] {
        _ = try Program.run(options + ["--workers", workers], in: folder)
        #expect(try Data(contentsOf: folder.appending(path: "x.csv")) == bytes)
      }
    }
  }

  @Test func standardInputIsTheFile() throws {
    try withFolder { folder in
      let options = "--method welch --segment 1024 --report none --out"
      _ = try Program.shell("wavfft '\(bach)' \(options) a.csv", in: folder)
      _ = try Program.shell("cat '\(bach)' | wavfft - \(options) b.csv", in: folder)
      #expect(
        try Data(contentsOf: folder.appending(path: "a.csv"))
          == Data(contentsOf: folder.appending(path: "b.csv")))
    }
  }

  /// `--start` and `--duration` select, `--salvage` takes what is there.
  @Test func partsAndTruncatedRecordings() throws {
    try withFolder { folder in
      let data = recording(4)
      try write(wav(data), "a.wav", in: folder)
      try write(wav(data.dropFirst(16000).prefix(32000)), "part.wav", in: folder)
      try write(wav(data.prefix(48000), promisedBytes: data.count), "cut.wav", in: folder)
      let options = ["--method", "welch", "--segment", "1000", "--report", "none", "--out"]
      _ = try Program.run(
        ["a.wav", "--start", "1", "--duration", "2"] + options + ["x.csv"], in: folder)
      _ = try Program.run(["part.wav"] + options + ["y.csv"], in: folder)
      #expect(
        try Data(contentsOf: folder.appending(path: "x.csv"))
          == Data(contentsOf: folder.appending(path: "y.csv")))
      #expect(try Program.run(["cut.wav"] + options + ["z.csv"], in: folder).status == 65)
      let salvaged = try Program.run(["cut.wav", "--salvage"] + options + ["z.csv"], in: folder)
      #expect(salvaged.status == 0)
      _ = try Program.run(["a.wav", "--duration", "3"] + options + ["x.csv"], in: folder)
      #expect(
        try Data(contentsOf: folder.appending(path: "x.csv"))
          == Data(contentsOf: folder.appending(path: "z.csv")))
    }
  }

  /// The frame is named wherever it is, also at the end that no segment has.
  @Test(arguments: [0, 12_345, 20_499])
  func framesThatAreNotFiniteAreNamed(frame: Int) throws {
    try withFolder { folder in
      var samples = [Float](repeating: 0.25, count: 20_500)
      samples[frame] = .nan
      try write(wav(pcmFloat(samples), format: 3, bits: 32), "a.wav", in: folder)
      let result = try Program.run(
        ["a.wav", "--method", "welch", "--segment", "1000", "--out", "x.csv"], in: folder)
      #expect(result.status == 65)
      #expect(result.error.hasPrefix("wavfft: a.wav: frame \(frame) is nan, not a finite number"))
      #expect(try contents(folder) == ["a.wav"])
    }
  }

  @Test func tinyRecordingsHaveASpectrumOrAReason() throws {
    try withFolder { folder in
      for count in [1, 2, 3, 10, 100] {
        let samples = (0..<count).map { Int16(1000 * sin(1 + Double($0))) }
        try write(wav(pcm16(samples)), "a.wav", in: folder)
        let options = ["a.wav", "--method", "welch", "--band", "full", "--out", "x.csv"]
        let result = try Program.run(options, in: folder)
        #expect((result.status == 0) == (count > 1), "\(count): \(result.error)")
        if count == 1 {
          #expect(result.error.contains("--window hann leaves nothing of 1 sample"))
        } else {
          let rows = try table(folder.appending(path: "x.csv")).rows
          #expect(rows.joined().allSatisfy { !$0.isNaN })
        }
        let tooLong = try Program.run(options + ["--segment", "\(count + 1)"], in: folder)
        #expect(tooLong.status == 64)
        #expect(
          tooLong.error.hasPrefix(
            "wavfft: --segment of \(count + 1) samples is longer than the \(count) samples of a.wav"
          ))
      }
    }
  }

  @Test(arguments: [
    ["--segment", "1"], ["--segment", "0s"], ["--segment", "1.5"], ["--resolution", "0"],
    ["--segment", "100", "--resolution", "1Hz"], ["--overlap", "100%"], ["--overlap", "-1%"],
    ["--overlap", "50"], ["--average", "mode"], ["--detrend", "linear"], ["--parts", "2"],
    ["--length", "fast"],
  ])
  func optionsThatMeanNothingAreRefused(options: [String]) throws {
    let result = try Program.run([bach, "--method", "welch"] + options)
    #expect(result.status == 64 && result.output.isEmpty, "\(options)")
    #expect(result.error.contains(options[options.count - 2]), "\(options): \(result.error)")
  }

  @Test func otherMethodsHaveNoSegments() throws {
    for option in [["--segment", "100"], ["--overlap", "50%"], ["--average", "median"]] {
      let result = try Program.run([bach] + option)
      #expect(result.status == 64 && result.error.contains("\(option[0]) goes with --method welch"))
    }
  }

  // MARK: Batches

  /// Summaries have the RMS of the band, and changed segments are computed again.
  @Test func batchesKnowTheirSegments() throws {
    try withFolder { folder in
      let input = folder.appending(path: "in")
      try FileManager.default.createDirectory(at: input, withIntermediateDirectories: true)
      for index in 0..<4 {
        try write(wav(recording(8, seed: index + 1)), "\(index).wav", in: input)
      }
      func run(_ options: [String]) throws -> Program.Result {
        try Program.run(
          ["batch", "in", "--out-dir", "out", "--format", "csv,json,svg", "--method", "welch"]
            + options,
          in: folder)
      }
      let first = try run(["--segment", "1s", "--workers", "2", "--band", "full"])
      #expect(first.status == 0 && first.output.contains("4 done"), "\(first.error)")
      let summary = try String(
        contentsOf: folder.appending(path: "out/summary.csv"), encoding: .utf8
      ).split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      let column = try #require(summary[0].firstIndex(of: "rms_dbfs"))
      for row in summary.dropFirst() {
        let expected = 10 * log10(2 * (0.01 / 3 + 0.25 * 0.25 / 2))
        #expect(abs((Double(row[column]) ?? 0) - expected) < 0.05)
      }
      let bytes = try Data(contentsOf: folder.appending(path: "out/2.csv"))
      _ = try Program.run(
        [
          "in/2.wav", "--method", "welch", "--segment", "1s", "--band", "full", "--out", "2.csv",
        ], in: folder)
      #expect(try Data(contentsOf: folder.appending(path: "2.csv")) == bytes)
      let again = try run(["--segment", "1s", "--band", "full", "--resume"])
      #expect(again.output.contains("4 done (4 of them before)"))
      #expect(try Data(contentsOf: folder.appending(path: "out/2.csv")) == bytes)
      for change in [["--segment", "0.5s"], ["--overlap", "75%"], ["--average", "median"]] {
        let changed = try run(["--band", "full", "--resume"] + change)
        #expect(changed.status == 0, "\(changed.error)")
        let now = try Data(contentsOf: folder.appending(path: "out/2.csv"))
        #expect(now != bytes, "\(change)")
      }
    }
  }
}
