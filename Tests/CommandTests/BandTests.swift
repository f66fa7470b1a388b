// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Bands of the program against those of NumPy (fixtures/make_fixtures.py), and the laws of powers.
@Suite struct BandTests {
  private static let references: [String] = {
    let folder = Program.fixture("bands")
    return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }()

  @Test func thereAreReferences() { #expect(Self.references.count >= 8) }

  private func rows(_ text: String) -> (names: [String], rows: [[String]]) {
    // Names of sharp notes are in quotes.
    let lines = text.replacing("\"", with: "").split(separator: "\n")
      .map { $0.split(separator: ",").map(String.init) }
    return (lines.first ?? [], Array(lines.dropFirst()))
  }

  @Test(arguments: references, ["none", "A", "C"])
  func everyBandAgrees(reference: String, weighting: String) throws {
    let pieces = reference.split(separator: ".").map(String.init)
    let expected = rows(
      try String(contentsOfFile: Program.fixture("bands/\(reference)"), encoding: .utf8))
    try withFolder { folder in
      let result = try Program.run(
        [
          Program.fixture("\(pieces[0]).wav"), "--bands", pieces[1], "--precision", "double",
          "--out", "x.csv", "--peaks", "0",
        ] + (weighting == "none" ? [] : ["--weighting", weighting]), in: folder)
      #expect(result.status == 0, "\(result.error)")
      let found = rows(
        try String(contentsOf: folder.appending(path: "x.csv"), encoding: .utf8))
      try #require(found.rows.count == expected.rows.count)
      func column(_ table: (names: [String], rows: [[String]]), _ name: String) throws -> [Double] {
        let index = try #require(table.names.firstIndex(of: name), "\(name) in \(table.names)")
        return table.rows.map { Double($0[index]) ?? .nan }
      }
      let names = [
        "none": ("power", "power"), "A": ("a_weighted_power", "power_a"),
        "C": ("c_weighted_power", "power_c"),
      ]
      let (own, other) = try #require(names[weighting])
      let (powers, references) = try (column(found, own), column(expected, other))
      let total = references.reduce(0, +)
      // Runs of bins share a weighting within 0.025 dB.
      let tolerance = weighting == "none" ? 1e-12 : 0.006
      for (power, reference) in zip(powers, references) {
        #expect(abs(power - reference) <= tolerance * reference + 1e-14 * total)
      }
      #expect(found.rows.map { $0[$0.count - 1] } == expected.rows.map { $0[0] })
    }
  }

  private func report(_ arguments: [String], in folder: URL) throws -> [String: Any] {
    let result = try Program.run(arguments + ["--report", "json"], in: folder)
    #expect(result.status == 0, "\(result.error)")
    let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(object as? [String: Any])
  }

  /// All bands and what is outside: the mean square of the samples (Parseval), as the level of the report has it.
  @Test(arguments: ["octave", "third-octave", "sixth", "twelfth", "semitone"])
  func powersAddUpToTheMeanSquare(scheme: String) throws {
    try withFolder { folder in
      let document = try report(
        [Program.fixture("noise-double.wav"), "--bands", scheme, "--band", "full"], in: folder)
      let bands = try #require(document["proportional_bands"] as? [String: Any])
      let entries = try #require(bands["bands"] as? [[String: Any]])
      let inside = entries.reduce(0) { $0 + ($1["power"] as? Double ?? .nan) }
      let outside =
        (bands["power_below"] as? Double ?? .nan) + (bands["power_above"] as? Double ?? .nan)
      let signal = try #require(document["signal"] as? [String: Any])
      let level = try #require(signal["rms_dbfs"] as? Double)
      #expect(abs(10 * log10(2 * (inside + outside)) - level) < 1e-6)
      let total = try #require(bands["total_dbfs"] as? Double)
      #expect(abs(10 * log10(2 * inside) - total) < 1e-9)
    }
  }

  /// For white noise the averages over segments have the same powers as the exact spectrum, within their certainty.
  @Test func averagesHaveTheSamePowers() throws {
    try withFolder { folder in
      let file = Program.fixture("noise-double.wav")
      func levels(_ method: [String]) throws -> [Double] {
        let document = try report(
          [file, "--bands", "octave", "--band", "300:5000"] + method, in: folder)
        let bands = try #require(document["proportional_bands"] as? [String: Any])
        let entries = try #require(bands["bands"] as? [[String: Any]])
        return entries.map { $0["level_dbfs"] as? Double ?? .nan }
      }
      let exact = try levels([])
      let averaged = try levels(["--method", "welch", "--segment", "512"])
      #expect(exact.count == averaged.count && exact.count >= 3)
      for (one, other) in zip(exact, averaged) { #expect(abs(one - other) < 1) }
    }
  }

  @Test func aSineIsInItsNote() throws {
    try withFolder { folder in
      let samples = (0..<16_000).map { 0.5 * sin(2 * .pi * 440 * Double($0) / 8000) }
      let file = folder.appending(path: "a.wav")
      try wav(pcmDouble(samples), format: 3, rate: 8000, bits: 64).write(to: file)
      let result = try Program.run(
        [file.path, "--bands", "semitone", "--window", "hann", "--out", "x.csv"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let table = rows(try String(contentsOf: folder.appending(path: "x.csv"), encoding: .utf8))
      let note = try #require(table.rows.first { $0.last == "A4" })
      // An amplitude of a half is 6.02 dB below full scale.
      #expect(abs((Double(note[1]) ?? .nan) + 6.0206) < 0.001)
      for row in table.rows where row.last != "A4" { #expect((Double(row[1]) ?? .nan) < -60) }
    }
  }

  /// A long table is continued beside itself, so that it fits on a screen; every band is there once.
  @Test func longReportsHaveSeveralColumns() throws {
    let result = try Program.run([
      Program.fixture("bach.wav"), "--bands", "semitone", "--weighting", "A", "--peaks", "0",
    ])
    #expect(result.status == 0, "\(result.error)")
    let lines = result.output.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: "Notes"))
    let end = try #require(lines.firstIndex { $0.hasPrefix("  All together: ") })
    #expect(end - start <= 42 && lines[start...end].allSatisfy { $0.count <= 110 })
    #expect(lines[end].hasSuffix(" dB(A)."))
    let words = lines[start + 2..<end].flatMap { $0.split(separator: " ").map(String.init) }
    for (note, frequency) in [("E0", "20.60"), ("A4", "440.00"), ("D#10", "19912.13")] {
      let places = words.indices.filter { words[$0] == note }
      #expect(places.count == 1 && places.allSatisfy { words[$0 + 1] == frequency })
    }
  }

  @Test func silenceIsSaidAndNotDrawn() throws {
    try withFolder { folder in
      let result = try Program.run(
        [
          Program.fixture("silence.wav"), "--bands", "third-octave", "--out", "x.svg", "--out",
          "x.json", "--out", "x.npy",
        ], in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.contains("  All together: -inf dBFS."))
      let drawing = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(drawing.contains("Silence: every sample is 0"))
      let json = try String(contentsOf: folder.appending(path: "x.json"), encoding: .utf8)
      let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      let bands = try #require(document?["proportional_bands"] as? [String: Any])
      #expect(bands["total_dbfs"] is NSNull && bands["scheme"] as? String == "third-octave")
    }
  }

  /// Each bar reaches from edge to edge; those with fewer than five bins are not filled.
  @Test func barsWithFewBinsAreEmpty() throws {
    try withFolder { folder in
      // 2401 samples at 48 kHz: bins 20 Hz apart.
      let result = try Program.run(
        [
          Program.fixture("three-channels.wav"), "--bands", "third-octave", "--weighting", "A",
          "--out", "x.svg", "--out", "x.csv",
        ], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let drawing = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(drawing.contains("Empty bars are less than five bins wide"))
      #expect(!drawing.contains("cut at half the sampling rate"))
      let table = rows(try String(contentsOf: folder.appending(path: "x.csv"), encoding: .utf8))
      func column(_ name: String) throws -> [Double] {
        let index = try #require(table.names.firstIndex(of: name))
        return table.rows.map { Double($0[index]) ?? .nan }
      }
      let (low, high) = try (column("low_hz"), column("high_hz"))
      let (levels, bins) = try (column("a_weighted_level_db"), column("bins"))
      let read = try Drawing(drawing)
      let scale = read.levelScale()
      let (bars, filled) = (read.lines("curve"), read.lines("area"))
      try #require(bars.count == low.count && bars.allSatisfy { $0.count == 4 })
      #expect(filled.count == bins.count { $0 >= 5 } && filled.count < bars.count)
      let width = log(high[high.count - 1] / low[0])
      func place(_ frequency: Double) -> Double { 84 + 1092 * log(frequency / low[0]) / width }
      for (index, bar) in bars.enumerated() {
        let (left, right) = (place(low[index]), place(high[index]))
        #expect(bar[0].x > left && bar[0].x < left + 0.1 * (right - left))
        #expect(bar[3].x < right && bar[3].x > right - 0.1 * (right - left))
        #expect(abs(bar[1].y - scale.place(levels[index])) < 0.2)
      }
      let cut = try Program.run(
        [Program.fixture("sine-on-bin.wav"), "--bands", "octave", "--out", "y.svg"], in: folder)
      #expect(cut.status == 0, "\(cut.error)")
      let other = try String(contentsOf: folder.appending(path: "y.svg"), encoding: .utf8)
      #expect(other.contains("The highest band is cut at half the sampling rate"))
    }
  }

  @Test func batchesHaveBandsAndResume() throws {
    try withFolder { folder in
      func run(_ options: [String]) throws {
        let result = try Program.run(
          [
            "batch", Program.fixture("noise-16bit.wav"), "--out-dir", "out", "--format", "csv",
            "--bands", "octave", "--report", "none",
          ] + options, in: folder)
        #expect(result.status == 0, "\(result.error)")
      }
      func header() throws -> String {
        let out = folder.appending(path: "out")
        let name = try #require(try contents(out).first { $0.hasPrefix("noise") })
        let text = try String(contentsOf: out.appending(path: name), encoding: .utf8)
        return String(text.prefix { $0 != "\n" })
      }
      try run([])
      #expect(try header() == "frequency_hz,level_dbfs,low_hz,high_hz,power,bins,band")
      // Another weighting is another output: the old one is not left alone.
      try run(["--weighting", "C", "--resume"])
      #expect(try header().contains("c_weighted_level_db"))
    }
  }

  @Test func bandsAreNotCompared() throws {
    try withFolder { folder in
      let file = Program.fixture("noise-double.wav")
      let option = try Program.run(["compare", file, file, "--bands", "octave"])
      #expect(option.status == 64 && option.error.contains("Unknown option '--bands'"))
      let result = try Program.run(
        [file, "--bands", "octave", "--out", "x.csv", "--out", "x.json"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      for name in ["x.csv", "x.json"] {
        let refused = try Program.run(["compare", file, name], in: folder)
        #expect(
          refused.status == 65
            && refused.error.contains("\(name) holds the powers of proportional bands"),
          "\(refused.error)")
      }
    }
  }

  @Test(arguments: [
    (["--bands", "octave", "--points", "100"], "--bands are rows instead of --points"),
    (["--weighting", "A"], "--weighting goes with --bands"),
    (["--bands", "octave", "--parts", "8"], "--bands of a decimated spectrum"),
    (["--bands", "octave", "--method", "spectrogram"], "--bands are those of one spectrum"),
    (["--bands", "octave", "--band", "300:310"], "midband frequency of no octave band"),
    (["--bands", "half"], "--bands"),
  ])
  func whatCannotBeIsRefused(options: [String], sentence: String) throws {
    let result = try Program.run([Program.fixture("noise-double.wav")] + options)
    #expect(result.status == 64 && result.error.contains(sentence), "\(result.error)")
  }
}
