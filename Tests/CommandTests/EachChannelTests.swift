// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// All channels of a recording in one figure and in one table.
@Suite struct EachChannelTests {
  private let two = Program.fixture("two-channels.wav")

  private func run(_ arguments: [String], in folder: URL) throws -> Program.Result {
    let result = try Program.run(arguments, in: folder)
    #expect(result.status == 0, "\(result.error)")
    return result
  }

  /// The fields of a table of text.
  private func fields(_ name: String, in folder: URL) throws -> (header: [String], rows: [[String]])
  {
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    var lines = text.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    let header = lines.removeFirst()
    return (header, lines)
  }

  /// Every column is that of the channel alone, to the digit.
  @Test(arguments: [
    [], ["--method", "welch"], ["--bands", "third-octave", "--weighting", "A"],
    ["--bands", "semitone"], ["--parts", "4", "--points", "100"],
  ])
  func aTableHasTheColumnsOfEachChannel(options: [String]) throws {
    try withFolder { folder in
      _ = try run([two, "--channel", "each", "--out", "x.csv"] + options, in: folder)
      #expect(try contents(folder) == ["x.csv"])
      let (header, rows) = try fields("x.csv", in: folder)
      var expected = 0
      for number in [1, 2] {
        _ = try run([two, "--channel", "\(number)", "--out", "one.csv"] + options, in: folder)
        let one = try fields("one.csv", in: folder)
        #expect(rows.count == one.rows.count && rows.count > 10)
        for (index, name) in one.header.enumerated() {
          let isShared = header.contains(name)
          let column = try #require(header.firstIndex(of: isShared ? name : "\(name)_\(number)"))
          #expect(rows.map { $0[column] } == one.rows.map { $0[index] }, "\(name)")
          if number == 1 || !isShared { expected += 1 }
        }
        #expect(header.contains("level_dbfs_\(number)"))
      }
      #expect(header.count == expected)
      #expect(header.filter { $0 == "low_hz" }.count == 1)
      #expect(header.contains("bins") == options.contains("--bands"))
    }
  }

  /// The peaks of all channels have names and markers, each with the channel in which it is strongest.
  @Test func peaksAreNamedWithTheirChannel() throws {
    try withFolder { folder in
      func sine(_ frequency: Double, _ amplitude: Double, _ index: Int) -> Double {
        amplitude * sin(2 * .pi * frequency * Double(index) / 8000)
      }
      let samples = (0..<16000).flatMap { index -> [Int16] in
        let left = sine(440, 0.5, index) + sine(1000, 0.05, index)
        let right = sine(440, 0.1, index) + sine(1000, 0.3, index) + sine(3000, 0.02, index)
        return [left, right].map { Int16((32000 * $0).rounded()) }
      }
      try wav(pcm16(samples), channels: 2)
        .write(to: folder.appending(path: "x.wav"))
      func drawing(_ options: [String]) throws -> Drawing {
        _ = try run(["x.wav", "--channel", "each", "--out", "x.svg"] + options, in: folder)
        return try Drawing(String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8))
      }
      let all = try drawing([])
      let texts = all.texts.map(\.text)
      for name in ["440 Hz, ch. 1", "1000 Hz, ch. 2", "3000 Hz, ch. 2"] {
        #expect(texts.contains(name), "\(texts)")
      }
      #expect(all.circles.count == 3 && !texts.contains { $0.contains("440 Hz, ch. 2") })
      // A marker is at the top of its curve.
      let scale = all.levelScale()
      let highest = try #require(all.circles.min { $0.y < $1.y })
      #expect(abs(scale.value(highest.y) - 20 * log10(0.5 * 32000 / 32768)) < 0.2)
      // And it has the colour of that: from left to right 440, 1000 and 3000 Hz.
      let markers = zip(all.circles, all.circleStyles).sorted { $0.0.x < $1.0.x }
      #expect(markers.map(\.1) == ["peak-series-1", "peak-series-2", "peak-series-2"])
      let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      for style in Set(all.circleStyles) {
        // The light and the dark one.
        func colours(_ style: String) throws -> [String] {
          try svg.matches(of: Regex("\\.\(style) \\{[^}]*stroke: (#[0-9a-f]+)"))
            .compactMap { $0[1].substring.map(String.init) }
        }
        let own = try colours(style)
        #expect(own.count == 2)
        #expect(try own == colours(String(style.dropFirst("peak-".count))))
      }
      #expect(try drawing(["--peaks", "2"]).circles.count == 2)
      #expect(try drawing(["--bands", "octave"]).circles.isEmpty)
      // The smallest figure has no room for names, and says so.
      let small = try drawing(["--size", "600x400", "--peaks", "3"])
      #expect(small.circles.count == 3 || small.texts.contains { $0.text.contains("not marked") })
      let welch = try drawing(["--method", "welch"]).texts.map(\.text)
      #expect(welch.contains { $0.contains("density of noise is in tables") })
    }
  }

  @Test func anArrayHasTheSameColumns() throws {
    try withFolder { folder in
      _ = try run(
        [two, "--channel", "each", "--points", "50", "--out", "x.csv", "--out", "x.npy"], in: folder
      )
      let (header, rows) = try fields("x.csv", in: folder)
      let file = try Data(contentsOf: folder.appending(path: "x.npy"))
      let length = Int(file[8]) + Int(file[9]) << 8
      let text = String(decoding: file[10..<10 + length], as: UTF8.self)
      #expect(header.allSatisfy { text.contains("('\($0)', '<f8')") })
      #expect(text.contains("'shape': (\(rows.count),)"))
      let numbers = file.dropFirst(10 + length).withUnsafeBytes { bytes in
        (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
      }
      #expect(numbers.count == header.count * rows.count)
      for (number, field) in zip(numbers, rows.joined()) {
        // Text has the digits of single precision.
        #expect(Double(field) == number || Float(field) == Float(number))
      }
    }
  }

  @Test func aDocumentHasTheReportOfEachChannel() throws {
    try withFolder { folder in
      _ = try run([two, "--channel", "each", "--out", "x.json"], in: folder)
      let data = try Data(contentsOf: folder.appending(path: "x.json"))
      let reports = try #require(
        try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
      #expect(reports.count == 2)
      for (index, report) in reports.enumerated() {
        _ = try run([two, "--channel", "\(index + 1)", "--out", "one.json"], in: folder)
        let one = try JSONSerialization.jsonObject(
          with: Data(contentsOf: folder.appending(path: "one.json")))
        #expect(NSDictionary(dictionary: report) == one as? NSDictionary)
      }
    }
  }

  @Test(arguments: [[], ["--method", "welch"], ["--bands", "octave"]])
  func aFigureHasACurveOfEachChannel(options: [String]) throws {
    try withFolder { folder in
      let three = Program.fixture("three-channels.wav")
      _ = try run([three, "--channel", "each", "--out", "x.svg"] + options, in: folder)
      #expect(try contents(folder) == ["x.svg"])
      let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      for number in 1...3 {
        #expect(svg.contains(">channel \(number)<"))
        // The curve, and its line in the legend.
        #expect(svg.split(separator: "<path class=\"series-\(number)\"").count == 3)
      }
      #expect(!svg.contains("<path class=\"series-4\""))
      #expect(svg.contains("each of 3 channels"))
    }
  }

  @Test func twoChannelsAreLeftAndRight() throws {
    try withFolder { folder in
      _ = try run([two, "--channel", "each", "--out", "x.svg"], in: folder)
      let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(svg.contains(">channel 1 (left)<") && svg.contains(">channel 2 (right)<"))
    }
  }

  @Test func oneChannelHasTheUsualFigure() throws {
    try withFolder { folder in
      let mono = Program.fixture("sine-on-bin.wav")
      _ = try run([mono, "--channel", "1", "--out", "a.svg"], in: folder)
      _ = try run([mono, "--channel", "each", "--out", "b.svg", "--out", "b.csv"], in: folder)
      #expect(
        try Data(contentsOf: folder.appending(path: "a.svg"))
          == Data(contentsOf: folder.appending(path: "b.svg")))
      #expect(try fields("b.csv", in: folder).header.contains("level_dbfs_1"))
    }
  }

  @Test func aSilentChannelHasNoCurve() throws {
    try withFolder { folder in
      let samples = (0..<8000).map { $0 % 2 == 0 ? 0.5 * sin(Double($0)) : 0.0 }
      try wav(pcmDouble(samples), format: 3, channels: 2, bits: 64)
        .write(to: folder.appending(path: "in.wav"))
      _ = try run(["in.wav", "--channel", "each", "--out", "x.svg", "--out", "x.csv"], in: folder)
      let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(svg.contains("no curve: channel 2 (right)"))
      #expect(svg.split(separator: "<path class=\"series-2\"").count == 2)
      let (header, rows) = try fields("x.csv", in: folder)
      let column = try #require(header.firstIndex(of: "level_dbfs_2"))
      #expect(rows.allSatisfy { $0[column] == "-inf" })
    }
  }

  @Test func nineChannelsFitIntoTablesAlone() throws {
    try withFolder { folder in
      let samples = pcm16((0..<9 * 500).map { Int16(truncatingIfNeeded: $0 * 7919) })
      try wav(samples, channels: 9).write(to: folder.appending(path: "in.wav"))
      let refused = try Program.run(
        ["in.wav", "--channel", "each", "--out", "x.csv", "--out", "x.svg"], in: folder)
      #expect(refused.status == 64)
      #expect(
        refused.error
          == "wavfft: x.svg: a figure or page shows at most 8 channels, and in.wav has 9; choose one of them with --channel, "
          + "or write a table (.csv, .json or .npy)\n")
      #expect(try contents(folder) == ["in.wav"])
      _ = try run(["in.wav", "--channel", "each", "--out", "x.csv"], in: folder)
      #expect(try fields("x.csv", in: folder).header.contains("level_dbfs_9"))
    }
  }

  @Test func aTableMayGoToStdout() throws {
    try withFolder { folder in
      let result = try run(
        [two, "--channel", "each", "--out", "-", "--format", "csv", "--points", "9"], in: folder)
      #expect(
        result.output.hasPrefix("low_hz,high_hz,frequency_hz_1,magnitude_1,level_dbfs_1,power_1,"))
      let apart = try Program.run(
        [two, "--channel", "each", "--out", "-", "--format", "csv", "--points", "all"], in: folder)
      #expect(apart.status == 64 && apart.error.contains("name files"))
    }
  }

  /// Such tables are refused where one spectrum is read, instead of one channel being taken for it.
  @Test func comparisonsRefuseTablesOfChannels() throws {
    try withFolder { folder in
      for name in ["x.csv", "x.json", "x.npy"] {
        _ = try run([two, "--channel", "each", "--out", name], in: folder)
        for command in ["compare", "overlay"] {
          let result = try Program.run([command, name, two], in: folder)
          #expect(result.status == 65, "\(result.error)")
          #expect(result.error.contains("\(name) holds the spectra of several channels"))
        }
      }
    }
  }
}
