// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@Suite struct AnalyzeTests {
  private let bach = Program.fixture("bach.wav")

  @Test func theReportTellsTheLoss() throws {
    let result = try Program.run([bach, "--parts", "8"])
    #expect(result.status == 0)
    #expect(result.error.isEmpty)
    for words in [
      "decimated in 8 parts, single precision", "1,113,664 used", "69,098 in 20–20000 Hz",
      "2756.25 Hz instead of 22050 Hz", "86.3 % of it is gone, 2.86 of 9.97 octaves",
      "averaged periodograms", "A4", "full-scale sine is 0 dBFS",
    ] {
      #expect(result.output.contains(words), "\(words) in \(result.output)")
    }
  }

  @Test func allOutputsHaveTheSameLossOfTheFullBand() throws {
    try withFolder { folder in
      let result = try Program.run(
        [bach, "--parts", "8", "--band", "full", "--out", "x.svg", "--out", "x.json"], in: folder)
      #expect(result.output.contains("in 0–22050 Hz, DC included"))
      #expect(result.output.contains("87.5 % of it is gone, the upper 3 octaves"))
      let svg = String(
        decoding: try Data(contentsOf: folder.appending(path: "x.svg")), as: UTF8.self)
      #expect(svg.contains("87.5 % of the band in Hz"))
      #expect(svg.contains("the upper 3 octaves"))
      #expect(svg.contains("class=\"hatch\" d=\"M"))
      #expect(svg.contains("above 2756.25 Hz, 87.5 % of the band."))
      let report = try #require(
        JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "x.json")))
          as? [String: Any])
      let loss = try #require(report["loss"] as? [String: Any])
      #expect(loss["band_share"] as? Double == 0.875)
      #expect(loss["octaves"] as? Double == 3)
      #expect(loss["band_octaves"] is NSNull)
      #expect((report["band"] as? [String: Any])?["high_hz"] as? Double == 22050)
      let batch = try Program.run(
        ["batch", bach, "--out-dir", "out", "--parts", "8", "--band", "full", "--format", "csv"]
          + ["--summary-format", "ndjson"], in: folder)
      #expect(batch.status == 0, "\(batch.error)")
      let summary = String(
        decoding: try Data(contentsOf: folder.appending(path: "out/summary.ndjson")),
        as: UTF8.self)
      #expect(summary.contains("\"loss_share\":0.875"), "\(summary)")
      // A reference of the full band can be repeated.
      let same = try Program.run(["compare", bach, "x.json"], in: folder)
      #expect(same.status == 0, "\(same.output) \(same.error)")
    }
  }

  @Test func theLossOfAShortRecordingIsNoEstimate() throws {
    let result = try Program.run([Program.fixture("two-channels.wav"), "--parts", "3"])
    #expect(result.output.contains("folds back (periodogram of the whole recording)"))
    #expect(!result.output.contains("about"))
  }

  @Test func theJSONReportCarriesEveryNumber() throws {
    let result = try Program.run([bach, "--parts", "8", "--report", "json", "--timings"])
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let input = try #require(report["input"] as? [String: Any])
    #expect(input["sample_rate_hz"] as? Int == 44100)
    #expect(input["channels"] as? Int == 2)
    #expect(input["frames"] as? Int == 1_113_664)
    let transform = try #require(report["transform"] as? [String: Any])
    #expect(transform["method"] as? String == "decimated")
    #expect(transform["length"] as? Int == 139_208)
    #expect(transform["precision"] as? String == "single")
    let window = try #require(transform["window"] as? [String: Any])
    #expect(window["sum"] as? Double == 1_113_664)
    #expect(window["square_sum"] as? Double == 1_113_664)
    let bandwidth = try #require(window["noise_bandwidth_hz"] as? Double)
    #expect(abs(bandwidth - 44100.0 / 1_113_664) < 1e-12)
    #expect((report["band"] as? [String: Any])?["points"] as? Int == 69098)
    let loss = try #require(report["loss"] as? [String: Any])
    #expect(loss["limit_hz"] as? Double == 2756.25)
    let share = try #require(loss["energy_share_above"] as? Double)
    #expect(share > 0.01 && share < 0.03)
    #expect((report["peaks"] as? [Any])?.count == 10)
    #expect((report["timings_seconds"] as? [String: Double])?.isEmpty == false)
  }

  @Test func theEnergyAboveTheLimitIsMeasured() throws {
    // Two sines, a quarter of the energy above 500 Hz.
    let samples = (0..<8000).map { index in
      let time = Double(index) / 8000
      return Float(0.3 * sin(2 * .pi * 200 * time) + 0.1732050808 * sin(2 * .pi * 1200 * time))
    }
    try withFolder { folder in
      try wav(pcmFloat(samples), format: 3, bits: 32).write(
        to: folder.appending(path: "input.wav"))
      let result = try Program.run(
        ["input.wav", "--parts", "8", "--report", "json"], in: folder)
      let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      let loss = ((report as? [String: Any])?["loss"] as? [String: Any])
      let share = try #require(loss?["energy_share_above"] as? Double)
      #expect(abs(share - 0.25) < 1e-6)
    }
  }

  @Test func samplesThatFillNoPartAreLeftOut() throws {
    try withFolder { folder in
      try wav(pcm16([Int16](repeating: 1000, count: 1003))).write(
        to: folder.appending(path: "input.wav"))
      let result = try Program.run(["input.wav", "--parts", "8"], in: folder)
      #expect(result.output.contains("1,000 used, 3 at the end left out"))
    }
  }

  @Test func aSineOfAmplitudeOneHasLevelZero() throws {
    // A hundred full periods, so that the sine is on a bin.
    let samples = (0..<8000).map { Float(sin(2 * .pi * Double($0) / 80)) }
    try withFolder { folder in
      try wav(pcmFloat(samples), format: 3, bits: 32).write(
        to: folder.appending(path: "input.wav"))
      let options = [[], ["--parts", "4"], ["--window", "flattop"], ["--window", "hann"]]
      for options in options {
        let result = try Program.run(["input.wav", "--out", "x.csv"] + options, in: folder)
        #expect(result.status == 0, "\(result.error)")
        let rows = try table(folder.appending(path: "x.csv")).rows
        let strongest = try #require(rows.max { $0[1] < $1[1] })
        #expect(strongest[0] == 100)
        #expect(abs(strongest[2]) < 1e-6)
        let power = rows.reduce(0) { $0 + $1[5] }
        #expect(abs(power - 0.5) < 1e-6)
      }
    }
  }

  @Test(
    arguments: ["rectangular", "hann", "blackman-harris", "flattop"], [0.0, 0.13, 0.25, 0.5, 0.81])
  func peaksBetweenBinsAreFound(window: String, place: Double) throws {
    // Bins are 1 Hz apart; an amplitude of 0.5 has the level -6.02 dBFS.
    let frequency = 997 + place
    let samples = (0..<8000).map {
      Float(0.5 * sin(2 * .pi * frequency * Double($0) / 8000 + 0.3))
    }
    try withFolder { folder in
      try wav(pcmFloat(samples), format: 3, bits: 32).write(
        to: folder.appending(path: "input.wav"))
      for options in [[], ["--parts", "2"], ["--length", "fast"], ["--length", "10007"]] {
        let result = try Program.run(
          ["input.wav", "--window", window, "--report", "json"] + options, in: folder)
        let report = try #require(
          JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        let peak = try #require((report["peaks"] as? [[String: Any]])?.first)
        let found = try #require(peak["frequency_hz"] as? Double)
        let level = try #require(peak["level_dbfs"] as? Double)
        // The flat top has its maximum 0.27 bins from the sine.
        #expect(abs(found - frequency) < (window == "flattop" ? 0.28 : 0.02), "\(options)")
        #expect(abs(level - 20 * log10(0.5)) < 0.1, "\(options)")
      }
    }
  }

  @Test(arguments: ["silence.wav", "one-sample.wav", "two-samples.wav", "dc.wav"])
  func tinyAndSilentFilesWork(name: String) throws {
    try withFolder { folder in
      let result = try Program.run(
        [Program.fixture(name), "--parts", "1", "--out", "x.svg", "--out", "x.csv"]
          + ["--out", "x.json"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let json = try Data(contentsOf: folder.appending(path: "x.json"))
      _ = try JSONSerialization.jsonObject(with: json)
      let csv = String(
        decoding: try Data(contentsOf: folder.appending(path: "x.csv")), as: UTF8.self)
      #expect(!csv.contains("nan"))
      if name == "silence.wav" {
        #expect(csv.contains(",0.0,-inf,"))
        #expect(String(decoding: json, as: UTF8.self).contains("\"magnitude\" : 0"))
        #expect(!String(decoding: json, as: UTF8.self).contains("inf"))
        let svg = String(
          decoding: try Data(contentsOf: folder.appending(path: "x.svg")), as: UTF8.self)
        #expect(!svg.contains("class=\"curve\""))
      }
    }
  }

  @Test(arguments: [["--points", "all"], []], ["single", "double"])
  func arraysHoldTheNumbersOfTheTable(points: [String], precision: String) throws {
    try withFolder { folder in
      let result = try Program.run(
        [bach, "--parts", "8", "--precision", precision, "--out", "x.npy", "--out", "x.csv"]
          + points, in: folder)
      #expect(result.status == 0, "\(result.error)")
      let data = try Data(contentsOf: folder.appending(path: "x.npy"))
      #expect(data.prefix(8) == Data([0x93, 78, 85, 77, 80, 89, 1, 0]))
      let length = Int(data[8]) + 256 * Int(data[9])
      #expect((10 + length) % 64 == 0)
      let header = String(decoding: data[10..<10 + length], as: UTF8.self)
      let (names, rows) = try table(folder.appending(path: "x.csv"))
      for name in names.split(separator: ",") { #expect(header.contains("('\(name)', '<f")) }
      #expect(header.contains("'shape': (\(rows.count),)"))
      let isShort = precision == "single" && !points.isEmpty
      let rowBytes = isShort ? 16 : 8 * names.split(separator: ",").count
      try #require(data.count == 10 + length + rowBytes * rows.count)
      data.dropFirst(10 + length).withUnsafeBytes { bytes in
        for (index, row) in rows.enumerated() {
          let base = index * rowBytes
          let numbers = row.indices.map { column in
            isShort && column > 0
              ? Double(
                bytes.loadUnaligned(fromByteOffset: base + 4 + 4 * column, as: Float.self))
              : bytes.loadUnaligned(fromByteOffset: base + 8 * column, as: Double.self)
          }
          // Levels have five decimals, the other columns at least the digits of single precision.
          // An expectation for each number would take longer than the program.
          let isSame =
            abs(numbers[0] - row[0]) < 1e-6
            && (abs(numbers[2] - row[2]) <= 1e-5 || numbers[2] == row[2])
            && row.indices.allSatisfy {
              $0 == 0 || $0 == 2 || Float(numbers[$0]) == Float(row[$0])
            }
          if !isSame { Issue.record("row \(index): \(numbers) and \(row)") }
        }
      }
    }
  }

  @Test(arguments: ["single", "double"], [[], ["--parts", "8"], ["--band", "full"]])
  func everyBinIsARowOfTheJSON(precision: String, options: [String]) throws {
    try withFolder { folder in
      let arguments =
        [bach, "--duration", "0.5", "--points", "all", "--precision", precision] + options
      var first: Data?
      for workers in ["1", "2", "7"] {
        let result = try Program.run(
          arguments + ["--workers", workers, "--out", "x.json", "--out", "x.csv"], in: folder)
        #expect(result.status == 0, "\(result.error)")
        let data = try Data(contentsOf: folder.appending(path: "x.json"))
        if let first { #expect(data == first, "\(workers) workers") } else { first = data }
      }
      let piped = try Program.run(arguments + ["--out", "-", "--format", "json"], in: folder)
      #expect(Data(piped.output.utf8) == first)
      let report = try #require(
        JSONSerialization.jsonObject(with: first ?? Data()) as? [String: Any])
      let rows = try #require(report["spectrum"] as? [[String: Any]])
      // The numbers of the table, digit by digit.
      let lines = String(
        decoding: try Data(contentsOf: folder.appending(path: "x.csv")), as: UTF8.self
      ).split(separator: "\n").dropFirst().map { line in
        let numbers = line.split(separator: ",")
        return
          "{\"frequency_hz\":\(numbers[0]),\"magnitude\":\(numbers[1]),\"level_dbfs\":\(numbers[2])}"
      }
      #expect(
        String(decoding: first ?? Data(), as: UTF8.self).hasPrefix(
          "{\n  \"spectrum\" : [\n" + lines.joined(separator: ",\n") + "\n  ],\n"))
      #expect(rows.count == lines.count)
      #expect(rows.allSatisfy { $0.count == 3 })
      let band = try #require(report["band"] as? [String: Any])
      #expect(band["points"] as? Int == lines.count)
      #expect(band["rows"] as? Int == lines.count)
      #expect((report["peaks"] as? [Any])?.isEmpty == false)
      #expect(report["shared_memory"] == nil)
      let same = try Program.run(["compare", bach, "x.json"], in: folder)
      #expect(same.status == 0, "\(same.output) \(same.error)")
      #expect(same.output.contains("\(lines.count / 1000),"))
    }
  }

  @Test func silentBinsHaveNoLevelInJSON() throws {
    let result = try Program.run(
      [Program.fixture("silence.wav"), "--points", "all", "--out", "-", "--format", "json"])
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let rows = try #require(report["spectrum"] as? [[String: Any]])
    #expect(rows.count == 498)
    #expect(rows.allSatisfy { $0["level_dbfs"] is NSNull })
  }

  @Test func tooManyRowsForJSONAreRefused() throws {
    try withFolder { folder in
      // 2^22 bins are allowed, one more is not.
      let options = ["--points", "all", "--band", "full", "--out", "x.json"]
      let short = Program.fixture("impulse.wav")
      let refused = try Program.run([short, "--length", "8388608"] + options, in: folder)
      #expect(refused.status == 64)
      #expect(
        refused.error.contains("4,194,305 rows") && refused.error.contains("at most 4,194,304")
          && refused.error.contains(".csv or .npy"), "\(refused.error)")
      #expect(try contents(folder).isEmpty)
      let array = try Program.run(
        [short, "--length", "8388608", "--out", "x.npy"] + options.dropLast(2), in: folder)
      #expect(array.status == 0, "\(array.error)")
    }
  }

  @Test(arguments: [(1, 1), (12, 12), (200, 200), (4096, 2048), (0, 2048)])
  func aFigureHasAsManyColumnsAsPoints(points: Int, columns: Int) throws {
    try withFolder { folder in
      let count = points == 0 ? "all" : String(points)
      let result = try Program.run(
        [bach, "--points", count, "--band", "100:10000", "--out", "x.svg"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let svg = String(
        decoding: try Data(contentsOf: folder.appending(path: "x.svg")), as: UTF8.self)
      let curve = try #require(svg.split(separator: "class=\"curve\" d=\"").dropFirst().first)
      let corners = curve.prefix { $0 != "\"" }.split { "ML".contains($0) }
      // A wide column is a step with two ends.
      #expect(corners.count == (columns <= 200 ? 2 * columns : columns))
      if columns == 12 {
        let heights = corners.map { $0.split(separator: " ").last ?? "" }
        for index in 0..<12 { #expect(heights[2 * index] == heights[2 * index + 1]) }
        #expect(corners.first?.hasPrefix("84 ") == true)
        #expect(corners.last?.hasPrefix("1112 ") == true)
      }
    }
  }

  @Test func outputsAreTheSameForAnyNumberOfWorkers() throws {
    try withFolder { folder in
      let choices = [
        ["--parts", "8"], ["--points", "all"], ["--channel", "left", "--parts", "3"],
      ]
      for options in choices {
        var first: [Data]?
        for workers in ["1", "2", "3", "7", "7"] {
          let result = try Program.run(
            [bach, "--workers", workers, "--out", "x.svg", "--out", "x.csv", "--out", "x.npy"]
              + options, in: folder)
          #expect(result.status == 0, "\(result.error)")
          let files = try ["x.svg", "x.csv", "x.npy"].map {
            try Data(contentsOf: folder.appending(path: $0))
          }
          if let first { #expect(files == first, "\(workers) workers") } else { first = files }
        }
      }
    }
  }

  @Test func aPartOfAFileAndAChannelAreThose() throws {
    try withFolder { folder in
      let left = (0..<4000).map { Int16(7000 * sin(0.2 * Double($0))) }
      let right = (0..<4000).map { Int16(($0 * 7919) % 3001 - 1500) }
      let frames = zip(left, right).flatMap { [$0, $1] }
      try wav(pcm16(frames), channels: 2).write(to: folder.appending(path: "both.wav"))
      try wav(pcm16(Array(right[800..<3200]))).write(to: folder.appending(path: "part.wav"))
      let all = ["--points", "all", "--band", "full"]
      func run(_ arguments: String...) throws {
        let result = try Program.run(arguments + all, in: folder)
        #expect(result.status == 0, "\(result.error)")
      }
      try run(
        "both.wav", "--channel", "right", "--start", "0.1", "--duration", "0.3", "--out", "a.csv")
      try run("part.wav", "--out", "b.csv")
      let a = try Data(contentsOf: folder.appending(path: "a.csv"))
      #expect(try Data(contentsOf: folder.appending(path: "b.csv")) == a)
      try run("both.wav", "--channel", "each", "--out", "c.csv")
      #expect(try contents(folder).filter { $0.hasPrefix("c") } == ["c.1.csv", "c.2.csv"])
      for (number, name) in [(1, "left"), (2, "right")] {
        try run("both.wav", "--channel", name, "--out", "d.csv")
        let one = try Data(contentsOf: folder.appending(path: "c.\(number).csv"))
        #expect(try Data(contentsOf: folder.appending(path: "d.csv")) == one)
      }
    }
  }

  @Test(arguments: [1, 2, 3], ["8000", "44100", "192000"])
  func aFewSamplesWorkWithoutOptions(count: Int, rate: String) throws {
    try withFolder { folder in
      let samples = pcm16([Int16](repeating: 9000, count: count))
      try wav(samples, rate: UInt32(rate) ?? 0).write(to: folder.appending(path: "input.wav"))
      let result = try Program.run(["input.wav", "--out", "x.svg", "--out", "x.csv"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(try contents(folder) == ["input.wav", "x.csv", "x.svg"])
    }
  }

  @Test func stdoutTakesAnOutputInPlaceOfTheReport() throws {
    let result = try Program.run(
      [Program.fixture("sine-on-bin.wav"), "--out", "-", "--format", "csv", "--points", "10"])
    #expect(result.status == 0, "\(result.error)")
    #expect(result.output.hasPrefix("frequency_hz,magnitude,level_dbfs,low_hz,high_hz,power\n"))
    // Two of the ten bands are above the Nyquist frequency of the file, and empty.
    #expect(result.output.filter(\.isNewline).count == 9)
  }

  @Test func stdoutRedirectedToAFileIsWrittenToAndNotReplaced() throws {
    try withFolder { folder in
      let log = folder.appending(path: "log")
      try Data("before\n".utf8).write(to: log)
      let handle = try FileHandle(forWritingTo: log)
      try handle.seekToEnd()
      let result = try Program.run(
        [Program.fixture("sine-on-bin.wav"), "--out", "-", "--format", "csv", "--points", "2"],
        output: handle)
      #expect(result.status == 0)
      let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
      #expect(text.hasPrefix("before\nfrequency_hz,"))
    }
  }

  @Test func helpAndVersion() throws {
    let help = try Program.run(["--help"])
    #expect(help.status == 0)
    for option in ["--parts", "--band", "--points", "--out", "--workers", "--report"] {
      #expect(help.output.contains(option))
    }
    #expect(help.output.contains("wavfft batch --help"))
    #expect(help.output.contains("wavfft compare --help"))
    let version = try Program.run(["--version"])
    #expect(version.status == 0)
    #expect(version.output.contains("wavfft 0."))
    #expect(version.output.contains("FFTW 3."))
    #expect(version.output.contains("libsndfile 1."))
  }

  @Test func nothingStaysInSharedMemory() throws {
    try withFolder { folder in
      let process = try Program.start([bach, "--parts", "8"], in: folder)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      // Names begin with the process that created them.
      let name = "wavfft.\(process.processIdentifier)."
      #expect(try contents(URL(filePath: "/dev/shm")).filter { $0.hasPrefix(name) }.isEmpty)
    }
  }

  @Test(arguments: ["one-sample.wav", "two-samples.wav", "silence.wav"])
  func everyBinOfNextToNothing(name: String) throws {
    try withFolder { folder in
      let result = try Program.run(
        [Program.fixture(name), "--points", "all", "--out", "x.csv", "--out", "x.npy"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(try table(folder.appending(path: "x.csv")).header.hasPrefix("frequency_hz"))
    }
  }
}
