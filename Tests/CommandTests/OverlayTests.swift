// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Several spectra in one figure.
@Suite struct OverlayTests {
  private let bach = Program.fixture("bach.wav")
  private let sine = Program.fixture("sine-on-bin.wav")
  private let noise = Program.fixture("noise-16bit.wav")

  private func overlay(
    _ arguments: [String], in folder: URL? = nil
  ) throws -> Program.Result {
    let result = try Program.run(["overlay"] + arguments, in: folder)
    #expect(result.status == 0, "\(result.error)")
    return result
  }

  /// The table of an overlay: columns of numbers, NaN where a spectrum has no bin.
  private func overlayTable(_ url: URL) throws -> (header: [String], rows: [[Double]]) {
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    return (
      lines[0].split(separator: ",").map(String.init),
      lines.dropFirst().map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
      }
    )
  }

  /// A recording in an overlay has the levels that it has alone, in the same bands.
  @Test(arguments: [[], ["--method", "welch"], ["--window", "hann", "--points", "300"]])
  func levelsAreThoseOfEachAlone(options: [String]) throws {
    try withFolder { folder in
      _ = try overlay([bach, noise, "--out", "x.csv"] + options, in: folder)
      let (header, rows) = try overlayTable(folder.appending(path: "x.csv"))
      #expect(
        header == [
          "frequency_hz", "low_hz", "high_hz", "level_dbfs bach.wav", "level_dbfs noise-16bit.wav",
        ])
      for (column, file) in [(3, bach), (4, noise)] {
        let result = try Program.run([file, "--out", "one.csv"] + options, in: folder)
        #expect(result.status == 0)
        let one = try table(folder.appending(path: "one.csv"))
        let own = rows.filter { !$0[column].isNaN }
        #expect(own.count == one.rows.count)
        for (row, single) in zip(own, one.rows) {
          #expect(abs(row[column] - single[2]) < 1e-5)
          #expect(abs(row[1] / single[3] - 1) < 1e-12 && abs(row[2] / single[4] - 1) < 1e-12)
          #expect(row[1] <= row[0] && row[0] <= row[2])
        }
      }
    }
  }

  /// A spectrum in a file is drawn as the recording that it comes from.
  @Test(arguments: ["csv", "json", "npy"])
  func spectraAndRecordingsAreTheSame(format: String) throws {
    try withFolder { folder in
      for options in [[], ["--points", "all"]] {
        let made = try Program.run([noise, "--out", "n.\(format)"] + options, in: folder)
        #expect(made.status == 0)
        let result = try overlay(
          [noise, "n.\(format)", "--out", "x.csv"], in: folder)
        let (_, rows) = try overlayTable(folder.appending(path: "x.csv"))
        var compared = 0
        // Near half the sampling rate a magnitude counts half as a level: the strongest bin is not the same by both.
        for row in rows where row[0] < 5500 && !row[3].isNaN && !row[4].isNaN {
          #expect(abs(row[3] - row[4]) < 1e-4)
          compared += 1
        }
        #expect(compared > 500)
        // Only a report says how the spectrum was made.
        #expect(result.output.contains("not known") == (format != "json"))
        #expect(!result.output.contains("do not compare"))
      }
    }
  }

  @Test func theReportNamesEachWithItsPeak() throws {
    let result = try overlay([sine, bach])
    let lines = result.output.split(separator: "\n")
    #expect(lines[0] == "2 spectra, 20–20000 Hz")
    #expect(lines[2].contains("sine-on-bin.wav") && lines[2].contains("8000"))
    #expect(lines[2].contains("1000.000") || lines[2].contains("-6.02"))
    #expect(lines[3].contains("bach.wav") && lines[3].contains("44100"))
    #expect(try overlay([sine, bach, "--report", "none"]).output.isEmpty)
  }

  @Test func whatDoesNotCompareIsSaid() throws {
    try withFolder { folder in
      let lengths = try overlay([bach, noise])
      #expect(lengths.output.contains("Levels of noise do not compare"))
      #expect(lengths.output.contains("noise bandwidth of a bin (0.0396 to 3.68 Hz) differs"))
      let result = try Program.run([noise, "--window", "hann", "--out", "h.json"], in: folder)
      #expect(result.status == 0)
      let windows = try overlay([noise, "h.json", "--out", "x.svg"], in: folder)
      #expect(windows.output.contains("window (rectangular, hann) and noise bandwidth"))
      let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(svg.contains("window (rectangular, hann)"))
      let same = try overlay([noise, Program.fixture("noise-16bit.flac")])
      #expect(!same.output.contains("compare"))
      // Averages over segments have the same bins whatever the length.
      let welch = try overlay([bach, bach, "--method", "welch"])
      #expect(!welch.output.contains("compare"))
    }
  }

  @Test func figuresAndDocumentsAreWritten() throws {
    try withFolder { folder in
      let outputs = ["svg", "png", "pdf", "csv", "json"].flatMap { ["--out", "x.\($0)"] }
      _ = try overlay([bach, noise, sine] + outputs, in: folder)
      #expect(try contents(folder) == ["x.csv", "x.json", "x.pdf", "x.png", "x.svg"])
      let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      for number in 1...3 { #expect(svg.contains("<path class=\"series-\(number)\"")) }
      #expect(svg.contains(">bach.wav<") && svg.contains(">A4<"))
      let document = try #require(
        try JSONSerialization.jsonObject(
          with: Data(contentsOf: folder.appending(path: "x.json"))) as? [String: Any])
      let spectra = try #require(document["spectra"] as? [[String: Any]])
      #expect(
        spectra.map { $0["name"] as? String } == ["bach.wav", "noise-16bit.wav", "sine-on-bin.wav"])
      #expect(spectra.map { $0["sample_rate_hz"] as? Int } == [44100, 11025, 8000])
      let bands = try #require(document["bands"] as? [[String: Any]])
      let rows = try overlayTable(folder.appending(path: "x.csv")).rows
      #expect(bands.count == rows.count)
      #expect(bands.allSatisfy { ($0["levels_dbfs"] as? [Any])?.count == 3 })
    }
  }

  @Test func silenceIsNoObstacle() throws {
    try withFolder { folder in
      let silence = Program.fixture("silence.wav")
      let result = try overlay([silence, noise, "--out", "x.svg", "--out", "x.csv"], in: folder)
      #expect(result.output.contains("none"))
      _ = try overlay([silence, silence, "--out", "y.svg"], in: folder)
      let svg = try String(contentsOf: folder.appending(path: "y.svg"), encoding: .utf8)
      #expect(svg.contains("All of them are silent here"))
    }
  }

  @Test func recordingsOfTheSameNameAreToldApart() throws {
    try withFolder { folder in
      for take in ["one", "two"] {
        try FileManager.default.createDirectory(
          at: folder.appending(path: take), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
          atPath: noise, toPath: folder.appending(path: "\(take)/mix.wav").path)
      }
      let result = try overlay(["one/mix.wav", "two/mix.wav", "--out", "x.svg"], in: folder)
      #expect(result.output.contains("one/mix.wav") && result.output.contains("two/mix.wav"))
    }
  }

  @Test func whatMakesNoSenseIsRefusedBeforeAnyWork() throws {
    try withFolder { folder in
      func refuse(_ arguments: [String], _ status: Int32, _ words: String) throws {
        let result = try Program.run(["overlay"] + arguments + ["--out", "x.svg"], in: folder)
        #expect(result.status == status, "\(result.error)")
        #expect(result.error.contains(words), "\(result.error)")
        #expect(try contents(folder).filter { !$0.hasPrefix("in") }.isEmpty)
      }
      try refuse([bach], 64, "at least two")
      try refuse((1...9).map { "\($0).wav" }, 64, "9 files are too many")
      try refuse([bach, "missing.wav"], 66, "missing.wav cannot be read")
      try refuse([bach, "-"], 64, "standard input")
      try refuse([bach, noise, "--channel", "each"], 64, "--channel each")
      try refuse([bach, sine, "--channel", "2"], 64, "sine-on-bin.wav")
      try refuse([bach, noise, "--method", "spectrogram"], 64, "no time")
      try refuse([bach, noise, "--bands", "octave"], 64, "--bands")
      try refuse([bach, noise, "--points", "all"], 64, "--points")
      try refuse([bach, noise, "--out", "x.npy"], 64, "x.npy")
      try refuse([bach, noise, "--out", "./x.svg"], 64, "the same file")
      // Errors name the file.
      try refuse([bach, noise, "--band", "8000:9000"], 64, "noise-16bit.wav")
      try refuse([noise, bach, "--start", "1"], 64, "noise-16bit.wav")
      try Data("frequency,level\n100,-20\n200,-30\n".utf8)
        .write(to: folder.appending(path: "in.csv"))
      try refuse([bach, "in.csv"], 65, "in.csv is a curve")
      try Data("no audio".utf8).write(to: folder.appending(path: "in.wav"))
      try refuse([bach, "in.wav"], 65, "in.wav")
    }
  }

  @Test func anInputIsNeverOverwritten() throws {
    try withFolder { folder in
      #expect(try Program.run([noise, "--out", "n.csv"], in: folder).status == 0)
      let before = try Data(contentsOf: folder.appending(path: "n.csv"))
      let result = try Program.run(["overlay", bach, "n.csv", "--out", "./n.csv"], in: folder)
      #expect(result.status == 73)
      #expect(result.error.contains("n.csv"))
      #expect(try Data(contentsOf: folder.appending(path: "n.csv")) == before)
    }
  }
}
