// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Peaks as users see them, for signals with known contents.
@Suite struct PeakTests {
  struct Peak: Equatable {
    let frequency: Double
    let level: Double
    let shape: String
  }

  private static let rate = 8000
  private static let seconds = 10

  /// A signal given as a function of time in seconds.
  private func signal(_ value: (Double) -> Double) -> [Double] {
    (0..<Self.rate * Self.seconds).map { value(Double($0) / Double(Self.rate)) }
  }

  private func tone(_ frequency: Double, _ time: Double) -> Double {
    sin(2 * .pi * frequency * time)
  }

  /// Reproducible Gaussian noise with a standard deviation of 1.
  private func noise(_ count: Int, seed: UInt64) -> [Double] {
    var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
    func uniform() -> Double {
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      return (Double((state &* 0x2545_f491_4f6c_dd1d) >> 11) + 0.5) * 0x1p-53
    }
    return (0..<count).map { _ in (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
  }

  private func write(_ samples: [Double], bits: UInt16, to url: URL) throws {
    let data =
      bits == 16
      ? pcm16(samples.map { Int16(max(-32768, min(32767, ($0 * 32768).rounded()))) })
      : pcmFloat(samples.map { Float($0) })
    try wav(data, format: bits == 16 ? 1 : 3, rate: UInt32(Self.rate), bits: bits).write(to: url)
  }

  private func report(_ arguments: [String], in folder: URL) throws -> [String: Any] {
    let result = try Program.run(arguments + ["--report", "json"], in: folder)
    #expect(result.status == 0, "\(result.error)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  private func peaks(_ arguments: [String], in folder: URL) throws -> [Peak] {
    let entries = try report(arguments, in: folder)["peaks"] as? [[String: Any]]
    return try #require(entries).map {
      Peak(
        frequency: try #require($0["frequency_hz"] as? Double),
        level: try #require($0["level_dbfs"] as? Double),
        shape: try #require($0["shape"] as? String))
    }
  }

  private func peaks(
    of samples: [Double], bits: UInt16 = 32, _ options: [String] = []
  ) throws -> [Peak] {
    try withFolder { folder in
      try write(samples, bits: bits, to: folder.appending(path: "x.wav"))
      return try peaks(["x.wav"] + options, in: folder)
    }
  }

  @Test(arguments: [(440, 442, 1), (440, 451, 1), (440, 440.3, 1), (1000.05, 1003, 0.1)])
  func twoSteadyLinesAreTwoPeaks(first: Double, second: Double, ratio: Double) throws {
    for bits: UInt16 in [16, 32] {
      let found = try peaks(
        of: signal { 0.4 * tone(first, $0) + 0.4 * ratio * tone(second, $0) }, bits: bits)
      #expect(found.count == 2, "\(found)")
      #expect(found.allSatisfy { $0.shape == "line" })
      for frequency in [first, second] {
        #expect(found.contains { abs($0.frequency - frequency) < 0.02 }, "\(found)")
      }
    }
  }

  @Test(arguments: ["flattop", "blackman-harris"])
  func aWeakLineBesideAStrongOneIsFound(window: String) throws {
    let found = try peaks(
      of: signal { 0.9 * tone(1000, $0) + 0.9 * pow(10, -3.5) * tone(1010, $0) },
      ["--window", window])
    #expect(found.count == 2, "\(found)")
    #expect(abs(found[1].frequency - 1010) < 0.05)
    #expect(abs(found[1].level - found[0].level + 70) < 0.2)
  }

  @Test(arguments: ["rectangular", "hann", "hamming", "blackman-harris", "flattop"], [1.0, 2.7])
  func sideLobesAreNoPeaks(window: String, padding: Double) throws {
    let length = String(Int(Double(Self.rate * Self.seconds) * padding))
    let found = try peaks(
      of: signal { 0.5 * tone(440.05, $0) }, ["--window", window, "--length", length])
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.shape == "line")
  }

  @Test func skirtsOfADecayingNoteAreNoPeaks() throws {
    for time in [0.3, 1, 3] {
      let found = try peaks(of: signal { 0.5 * tone(440, $0) * exp(-$0 / time) })
      #expect(found.count == 1, "\(time): \(found)")
      #expect(found.first?.shape == "note")
      #expect(abs((found.first?.frequency ?? 0) - 440) < 0.5)
    }
  }

  @Test func unsteadyNotesAreOnePeak() throws {
    let hiss = noise(Self.rate * Self.seconds, seed: 4).map { 1e-5 * $0 }
    func withHiss(_ samples: [Double]) -> [Double] { zip(samples, hiss).map { $0 + $1 } }
    let piano = try peaks(
      of: withHiss(signal { 0.3 * (tone(440, $0) + tone(440.35, $0)) * exp(-$0 / 2) }))
    #expect(piano.count == 1, "\(piano)")
    for depth in [0.4, 0.73, 1] {
      let vibrato = try peaks(
        of: withHiss(signal { 0.5 * sin(2 * .pi * 440 * $0 + depth * tone(6, $0)) }))
      #expect(vibrato.count == 1, "\(depth): \(vibrato)")
    }
  }

  @Test(arguments: [
    [3500, 3512], [3001, 3003.5], [881, 881.5], [435, 440, 445], [436, 440, 444],
    [110, 116.54, 123.47], [985, 1000, 1015],
  ])
  func steadyLinesAreListedHoweverTheyLie(frequencies: [Double]) throws {
    for strength in [1, 0.3] {
      let found = try peaks(
        of: signal { time in
          0.2
            * frequencies.enumerated().reduce(0) {
              $0 + ($1.offset == 1 ? 1 : strength) * tone($1.element, time)
            }
        }, bits: 16)
      #expect(found.count == frequencies.count, "\(found)")
      for frequency in frequencies {
        #expect(found.contains { abs($0.frequency - frequency) < 0.05 }, "\(frequency)")
      }
    }
  }

  /// A note that fills half of the recording has side lobes that look like lines.
  @Test(arguments: [0.0, 1.7, 5]) func sideLobesOfAnInterruptedToneAreNoPeaks(start: Double) throws
  {
    let found = try peaks(
      of: signal { $0 >= start && $0 < start + 5 ? 0.4 * tone(440, $0) : 0 }, bits: 16)
    #expect(found.count == 1, "\(found)")
    #expect(found.first?.shape == "note")
  }

  @Test func unevenNoiseHasNoPeaks() throws {
    let white = noise(Self.rate * Self.seconds, seed: 31)
    // Combed by an echo of 2 ms, and averaged over 20 samples.
    let echo = white.indices.map { 0.05 * (white[$0] + ($0 >= 16 ? 0.9 * white[$0 - 16] : 0)) }
    #expect(try peaks(of: echo, bits: 16).isEmpty)
    let averaged = white.indices.map { index in
      0.01 * white[max(0, index - 19)...index].reduce(0, +)
    }
    #expect(try peaks(of: averaged, bits: 16).isEmpty)
  }

  /// A table with a row for each line contains every line.
  @Test func linesInOneBandOfALongRecordingAreAllListed() throws {
    try withFolder { folder in
      // Above 2^21 samples bins are not stored in order.
      let rate = 8000
      let samples = (0..<rate * 280).map { index -> Double in
        let time = Double(index) / Double(rate)
        return 0.3 * tone(3001, time) + 0.3 * tone(3001.5, time)
      }
      try write(samples, bits: 16, to: folder.appending(path: "x.wav"))
      let found = try peaks(["x.wav"], in: folder)
      #expect(found.count == 2, "\(found)")
      #expect(found.contains { abs($0.frequency - 3001) < 0.001 })
      #expect(found.contains { abs($0.frequency - 3001.5) < 0.001 })
    }
  }

  @Test func aToneOutsideTheBandIsNotSeenInIt() throws {
    let samples = signal { 0.45 * tone(100.05, $0) + 0.45 * tone(3000.03, $0) }
    #expect(try peaks(of: samples, bits: 16, ["--band", "200:2000"]).isEmpty)
    #expect(try peaks(of: samples, ["--band", "200:2000", "--window", "hann"]).isEmpty)
  }

  @Test func roundingOfSamplesIsNoPeak() throws {
    // Without dither, the rounding of a periodic sine is a comb of lines.
    let found = try peaks(of: signal { 0.5 * tone(1000, $0) }, bits: 16)
    #expect(found.count == 1, "\(found)")
  }

  @Test func noiseHasNoPeaks() throws {
    var alarms = 0
    try withFolder { folder in
      let recordings = folder.appending(path: "noise")
      try FileManager.default.createDirectory(at: recordings, withIntermediateDirectories: true)
      for seed in 0..<120 {
        var samples = noise(8000, seed: UInt64(seed + 1)).map { 0.05 * $0 }
        if seed % 2 == 1 {
          // Brown noise: a leaky sum.
          var sum = 0.0
          samples = samples.map {
            sum = 0.98 * sum + 0.2 * $0
            return sum
          }
        }
        try write(samples, bits: 16, to: recordings.appending(path: "\(seed).wav"))
      }
      let result = try Program.run(
        ["batch", "noise", "--out-dir", "out", "--format", "csv", "--summary-format", "ndjson"],
        in: folder)
      #expect(result.status == 0, "\(result.error)")
      let summary = try String(
        contentsOf: folder.appending(path: "out/summary.ndjson"), encoding: .utf8)
      let lines = summary.split(separator: "\n")
      #expect(lines.count == 120)
      alarms = lines.filter { $0.contains("\"peaks\":[{") }.count
    }
    // The expected rate is one in a hundred; more than five of 120 has a probability below a
    // thousandth.
    #expect(alarms <= 5)
  }

  @Test func theReportSaysThatNothingStandsOut() throws {
    try withFolder { folder in
      try write(
        noise(16000, seed: 77).map { 0.1 * $0 }, bits: 16, to: folder.appending(path: "x.wav"))
      let result = try Program.run(["x.wav"], in: folder)
      #expect(result.output.contains("No peak stands out of the noise floor"))
      let tone = try Program.run(["x.wav", "--peaks", "0"], in: folder)
      #expect(!tone.output.contains("peaks") && !tone.output.contains("stands out"))
    }
  }

  @Test func everyListIsTheBeginningOfEveryLongerOne() throws {
    try withFolder { folder in
      for options in [[], ["--window", "hann"], ["--parts", "4"]] {
        let path = Program.fixture("bach.wav")
        let longest = try peaks([path, "--peaks", "60"] + options, in: folder)
        #expect(longest.count > 20)
        #expect(longest.map(\.level) == longest.map(\.level).sorted(by: >))
        for count in [1, 2, 3, 7, 20] {
          let some = try peaks([path, "--peaks", String(count)] + options, in: folder)
          #expect(some == Array(longest.prefix(count)))
        }
      }
    }
  }

  @Test(arguments: [
    [], ["--window", "hann"], ["--window", "flattop"], ["--parts", "3"],
    ["--length", "60000", "--window", "blackman-harris"], ["--precision", "single"],
  ])
  func peaksAreTheMaximaOfTheTransformBetweenTheBins(options: [String]) throws {
    // Half a second of a chorale, with notes that begin and end.
    try withFolder { folder in
      let selection = ["--start", "3", "--duration", "0.5", "--peaks", "6"]
      let found = try report([Program.fixture("bach.wav")] + selection + options, in: folder)
      let transform = try #require(found["transform"] as? [String: Any])
      let input = try #require(found["input"] as? [String: Any])
      let parts = try #require(transform["parts"] as? Int)
      let used = try #require(transform["used_samples"] as? Int)
      let spacing = try #require(transform["bin_spacing_hz"] as? Double)
      let window = try #require(transform["window"] as? [String: Any])
      let sum = try #require(window["sum"] as? Double)
      let name = try #require(window["name"] as? String)
      let start = try #require(input["start_frame"] as? Int)
      let samples = try mix(start..<start + used).enumerated().map { index, value in
        value * weight(name, 2 * .pi * Double(index) / Double(used))
      }
      func level(_ frequency: Double) -> Double {
        var total = 0.0
        for part in 0..<parts {
          var (re, im) = (0.0, 0.0)
          for index in stride(from: part, to: used, by: parts) {
            let angle = 2 * Double.pi * (frequency * Double(index - part) / 44100)
            re += samples[index] * cos(angle)
            im -= samples[index] * sin(angle)
          }
          total += (re * re + im * im).squareRoot()
        }
        return 20 * log10(2 * total / sum)
      }
      let entries = try #require(found["peaks"] as? [[String: Any]])
      #expect(entries.count >= 3)
      for entry in entries {
        let frequency = try #require(entry["frequency_hz"] as? Double)
        let expected = try #require(entry["level_dbfs"] as? Double)
        #expect(abs(level(frequency) - expected) < 0.02, "\(frequency)")
        // It is a maximum: no frequency nearby has a higher level.
        for step in [-0.2, -0.05, 0.05, 0.2] {
          #expect(level(frequency + step * spacing) < expected + 0.01, "\(frequency), \(step)")
        }
      }
    }
  }

  private func weight(_ window: String, _ angle: Double) -> Double {
    let factors: [String: [Double]] = [
      "hann": [0.5, -0.5], "blackman-harris": [0.35875, -0.48829, 0.14128, -0.01168],
      "flattop": [0.21557895, -0.41663158, 0.277263158, -0.083578947, 0.006947368],
    ]
    return (factors[window] ?? [1]).enumerated().reduce(0) {
      $0 + $1.element * cos(Double($1.offset) * angle)
    }
  }

  /// The mean of both channels of the chorale, a file with a header of 44 bytes.
  private func mix(_ frames: Range<Int>) throws -> [Double] {
    let data = try Data(contentsOf: URL(filePath: Program.fixture("bach.wav")))
    let start = try #require(data.range(of: Data("data".utf8))).upperBound + 4
    return frames.map { frame in
      (0..<2).reduce(0.0) { total, channel in
        let place = start + 4 * frame + 2 * channel
        let code = UInt16(data[place]) | UInt16(data[place + 1]) << 8
        return total + Double(Int16(bitPattern: code)) / 65536
      }
    }
  }

  @Test func theDistanceOfPeaksCanBeChosen() throws {
    let samples = signal { 0.4 * tone(440, $0) + 0.3 * tone(442, $0) + 0.2 * tone(880, $0) }
    #expect(try peaks(of: samples).count == 3)
    #expect(try peaks(of: samples, ["--peak-distance", "5Hz"]).count == 2)
    #expect(try peaks(of: samples, ["--peak-distance", "1.5Hz"]).count == 3)
    #expect(try peaks(of: samples, ["--peak-distance", "50cents"]).count == 2)
    #expect(try peaks(of: samples, ["--peak-distance", "1300 cents"]).count == 1)
    for wrong in ["5", "Hz", "-1Hz", "x cents"] {
      #expect(
        try Program.run([Program.fixture("bach.wav"), "--peak-distance", wrong]).status == 64)
    }
  }

  @Test func notesReferToTheChosenPitch() throws {
    try withFolder { folder in
      try write(
        signal { 0.4 * tone(415, $0) }, bits: 32, to: folder.appending(path: "x.wav"))
      let standard = try #require(report(["x.wav"], in: folder)["peaks"] as? [[String: Any]])
      #expect(standard.first?["note"] as? String == "G#4")
      let baroque = try #require(
        report(["x.wav", "--a4", "415"], in: folder)["peaks"] as? [[String: Any]])
      #expect(baroque.first?["note"] as? String == "A4")
      #expect(abs((baroque.first?["cents"] as? Double ?? 99)) < 0.1)
      #expect(try Program.run(["x.wav", "--a4", "0"], in: folder).status == 64)
    }
  }

  @Test func theTuningOfARecordingIsFound() throws {
    try withFolder { folder in
      let notes = [0, 2, 4, 5, 7, 9, 11].map { 443 * exp2(Double($0) / 12) }
      try write(
        signal { time in 0.1 * notes.reduce(0) { $0 + tone($1, time) } }, bits: 32,
        to: folder.appending(path: "x.wav"))
      let tuning = try #require(report(["x.wav"], in: folder)["tuning"] as? [String: Any])
      #expect(abs(try #require(tuning["a4_hz"] as? Double) - 443) < 0.1)
      let text = try Program.run(["x.wav"], in: folder).output
      #expect(text.contains("Tuning: A4 = 443.0 Hz (+12 cents)"))
    }
  }
}
