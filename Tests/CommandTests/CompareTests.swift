// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Foundation
import FoundationXML
import Testing

/// `wavfft compare`: verdicts, explanations, and refusals.
struct CompareTests {
  private static let rate = 8000.0
  private static let count = 16000

  /// Three tones, 220, 440 and 1234.5 Hz, over weak noise, as 32-bit float.
  private func recording(
    amplitude: Double = 0.1, frequency: Double = 440, gain: Double = 1,
    extra: (Double) -> Double = { _ in 0 }
  ) -> [Float] {
    var state = UInt32(1)
    return (0..<Self.count).map { index in
      state = state &* 1_664_525 &+ 1_013_904_223
      let time = Double(index) / Self.rate
      let noise = 1e-6 * (Double(state >> 8) / Double(1 << 23) - 1)
      let tones =
        0.2 * sin(2 * .pi * 220 * time) + amplitude * sin(2 * .pi * frequency * time)
        + 0.05 * sin(2 * .pi * 1234.5 * time)
      return Float(gain * (tones + noise) + extra(time))
    }
  }

  private func write(_ channels: [[Float]], _ name: String, in folder: URL) throws {
    let frames = channels[0].indices.flatMap { index in channels.map { $0[index] } }
    try wav(
      pcmFloat(frames), format: 3, channels: UInt16(channels.count), rate: UInt32(Self.rate),
      bits: 32
    ).write(to: folder.appending(path: name))
  }

  /// A folder with `base.wav`, its spectrum `reference.json`, and a changed recording `new.wav`.
  private func withPair(
    _ samples: [Float], _ body: (URL) throws -> Void
  ) throws {
    try withFolder { folder in
      try write([recording()], "base.wav", in: folder)
      try write([samples], "new.wav", in: folder)
      _ = try Program.run(
        ["base.wav", "--out", "reference.json", "--report", "none"], in: folder)
      try body(folder)
    }
  }

  private func compare(_ folder: URL, _ options: [String] = []) throws -> Program.Result {
    try Program.run(["compare", "new.wav", "reference.json"] + options, in: folder)
  }

  @Test func theSameIsTheSame() throws {
    try withPair(recording()) { folder in
      let result = try compare(folder)
      #expect(result.status == 0)
      #expect(
        result.output.hasPrefix(
          "same: new.wav is reference.json (levels within 0.1 dB above -120 dB, third-octave powers "
            + "within 0.1 dB and chance, peaks within 0.25 Hz)\n"))
    }
  }

  @Test func aPartialThatIsLouderIsNamed() throws {
    try withPair(recording(amplitude: 0.1 * pow(10, 0.2 / 20))) { folder in
      let result = try compare(folder)
      #expect(result.status == 1)
      #expect(result.output.contains("the component at 440 Hz (A4) has changed by +0.20 dB"))
      try #expect(compare(folder, ["--tolerance-db", "0.25"]).status == 0)
      try #expect(compare(folder, ["--tolerance-db", "0.19"]).status == 1)
    }
  }

  @Test func aDetunedPartialHasMoved() throws {
    try withPair(recording(frequency: 440 * exp2(1.0 / 1200))) { folder in
      let result = try compare(folder)
      #expect(result.status == 1)
      #expect(result.output.contains("(A4) has moved to 440.25"))
      #expect(result.output.contains("cents"))
      try #expect(compare(folder, ["--peak-hz", "0.2"]).status == 1)
      try #expect(compare(folder, ["--peak-hz", "0.3"]).status == 0)
    }
  }

  @Test func aPartialThatIsGoneIsNoPeak() throws {
    try withPair(recording(amplitude: 1e-5)) { folder in
      let result = try compare(folder, ["--peak-hz", "1"])
      #expect(result.status == 1)
      #expect(result.output.contains("(A4) is gone"))
    }
  }

  @Test func impossibleMagnitudesEqualNothing() throws {
    try withFolder { folder in
      for value in ["-0.5", "inf", "nan"] {
        try Data("hz,magnitude\n100,1\n200,\(value)\n400,0.25\n".utf8)
          .write(to: folder.appending(path: "a.csv"))
        let result = try Program.run(["compare", "a.csv", "a.csv"], in: folder)
        #expect(result.status == 1, "\(value): \(result.output)\(result.error)")
        #expect(result.output.contains("1 of 3 rows are not a number"))
      }
    }
  }

  @Test func aShareOfTheRowsNeedsACondition() throws {
    try withPair(recording(amplitude: 0.3)) { folder in
      try #expect(compare(folder, ["--min-within", "100%"]).status == 1)
      try #expect(compare(folder, ["--min-within", "99.99%"]).status == 1)
      try #expect(compare(folder, ["--min-within", "0%"]).status == 64)
      try #expect(compare(folder, ["--tolerance-db", "inf"]).status == 64)
    }
  }

  @Test func aToneThatWasAddedIsNew() throws {
    let tone = { 3.1623e-5 * sin(2 * .pi * 3000 * $0) }
    try withPair(recording(extra: tone)) { folder in
      let result = try compare(folder)
      #expect(result.status == 1)
      #expect(result.output.contains("there is a new component at 3000 Hz (F#7), -90.0 dBFS"))
    }
  }

  @Test func aGainIsCalledAGain() throws {
    try withPair(recording(gain: pow(10, -0.5 / 20))) { folder in
      let result = try compare(folder)
      #expect(result.status == 1)
      #expect(result.output.contains("it is 0.50 dB softer throughout"))
      try #expect(compare(folder, ["--level-offset"]).status == 0)
    }
  }

  @Test func aDroppedBlockIsAnotherLength() throws {
    var samples = recording()
    samples.removeSubrange(7000..<7064)
    try withPair(samples) { folder in
      let result = try compare(folder)
      #expect(result.status == 2)
      #expect(
        result.error.contains("the number of samples is 15936, that of the reference 16000"))
    }
    // Padded with zeros the length is the same, but everything else differs.
    try withPair(samples + [Float](repeating: 0, count: 64)) { folder in
      let result = try compare(folder)
      #expect(result.status == 1)
      #expect(result.output.contains("they differ nearly everywhere"))
    }
  }

  @Test func aLossyCodingChangesNearlyEverything() throws {
    try withPair(recording()) { folder in
      var info = SF_INFO()
      info.samplerate = Int32(Self.rate)
      info.channels = 1
      info.format = Int32(SF_FORMAT_OGG | SF_FORMAT_VORBIS)
      let path = folder.appending(path: "new.ogg").path
      let handle = try #require(sf_open(path, Int32(SFM_WRITE), &info))
      let samples = recording()
      #expect(sf_writef_float(handle, samples, sf_count_t(samples.count)) == samples.count)
      sf_close(handle)
      let result = try Program.run(["compare", "new.ogg", "reference.json"], in: folder)
      #expect(result.status == 1)
      #expect(result.output.contains("they differ nearly everywhere, from 20"))
      // The tones are unchanged.
      let peaks = try Program.run(
        ["compare", "new.ogg", "reference.json", "--peak-hz", "0.5", "--floor-db", "-60"],
        in: folder)
      #expect(peaks.status == 0, "\(peaks.output)")
    }
  }

  @Test func swappedChannelsAreFound() throws {
    try withFolder { folder in
      let (left, right) = (recording(), recording(frequency: 660))
      try write([left, right], "base.wav", in: folder)
      try write([right, left], "new.wav", in: folder)
      _ = try Program.run(
        ["base.wav", "--channel", "left", "--out", "reference.json", "--report", "none"], in: folder
      )
      let result = try compare(folder)
      #expect(result.status == 1)
      #expect(
        result.output.contains(
          "channel 2 of new.wav is the same as channel 1 of the reference: the channels may be swapped"
        ))
    }
  }

  @Test func spectraMadeDifferentlyAreNotCompared() throws {
    try withFolder { folder in
      try write([recording()], "base.wav", in: folder)
      func json(_ options: [String], _ name: String) throws {
        _ = try Program.run(["base.wav", "--out", name, "--report", "none"] + options, in: folder)
      }
      try json([], "base.json")
      for (options, clause) in [
        (["--window", "hann"], "the window is hann, that of the reference rectangular"),
        (["--parts", "2"], "the method is decimated in 2 parts, that of the reference exact"),
        (["--length", "20000"], "the transform length is 20000, that of the reference 16000"),
        (["--duration", "1"], "the number of samples is 8000, that of the reference 16000"),
        (["--band", "50:3000"], "the band is 50:3000 Hz, that of the reference 20:20000"),
      ] {
        try json(options, "other.json")
        let result = try Program.run(["compare", "other.json", "base.json"], in: folder)
        #expect(result.status == 2)
        #expect(result.error.contains(clause), "\(result.error)")
      }
    }
  }

  /// Compares the program with every reference that NumPy computed (fixtures/README.md).
  @Test func theProjectsOwnReferencesHold() throws {
    let folder = Program.fixture("reference")
    var compared = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    where name.hasSuffix(".csv") {
      let pieces = name.split(separator: ".")
      let method = pieces[pieces.count - 2].split(separator: "-")
      var options = ["--band", "full", "--precision", "double"]
      if method.count == 2 { options += ["--parts", String(method[1])] }
      for format in ["wav", "flac", "aiff"] {
        let audio = Program.fixture("\(pieces[0]).\(format)")
        guard FileManager.default.fileExists(atPath: audio) else { continue }
        let result = try Program.run(["compare", audio, "\(folder)/\(name)"] + options)
        #expect(result.status == 0, "\(audio), \(name): \(result.output)\(result.error)")
        // A wrong reference is detected.
        let wrong = try Program.run(
          ["compare", audio, "\(folder)/\(name)", "--window", "hann"] + options)
        let isSilent = name.hasPrefix("silence")
        #expect(isSilent || wrong.status != 0, "\(name)")
        compared += 1
      }
    }
    #expect(compared > 25)
  }

  @Test func plainArraysOfMagnitudesAreSpectra() throws {
    let result = try Program.run([
      "compare", Program.fixture("prime-length.wav"),
      Program.fixture("reference/prime-length.exact.npy"), "--rate", "22050", "--length", "10007",
      "--band", "full", "--precision", "double",
    ])
    #expect(result.status == 0, "\(result.output)\(result.error)")
    let unknown = try Program.run([
      "compare", Program.fixture("prime-length.wav"),
      Program.fixture("reference/prime-length.exact.npy"),
    ])
    #expect(unknown.status == 64)
    #expect(unknown.error.contains("--rate HZ and --length N"))
  }

  @Test func tablesOfOtherProgramsAreSpectra() throws {
    try withFolder { folder in
      func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
      }
      try write("Frequency (Hz)\tLevel (dB)\r\n100\t-20\r\n200\t-30.05\r\n300\t-inf\r\n", "a.txt")
      try write("100,-20\n200,-30\n300,-400\n", "b.csv")
      try write("100,-20\n200,nan\n300,-400\n", "nan.csv")
      try write("100,-20\n250,-30\n300,-400\n", "shifted.csv")
      func status(_ a: String, _ b: String, _ options: [String] = []) throws -> Int32 {
        try Program.run(["compare", a, b] + options, in: folder).status
      }
      try #expect(status("a.txt", "b.csv") == 0)
      try #expect(status("a.txt", "b.csv", ["--tolerance-db", "0.04"]) == 1)
      try #expect(status("a.txt", "a.txt", ["--floor-db", "-1000", "--tolerance-db", "0"]) == 0)
      try write(
        "frequency_hz,magnitude,level_dbfs\n100,0.1,-20\n200,0.5,nan\n300,0.01,-40\n", "level.csv")
      for name in ["nan.csv", "level.csv"] {
        let noNumber = try Program.run(["compare", name, name], in: folder)
        #expect(noNumber.status == 1)
        #expect(noNumber.output.contains("1 of 3 rows are beyond the tolerance"))
      }
      try #expect(status("a.txt", "shifted.csv") == 2)
    }
  }

  /// A row that is not a number is counted, and changes nothing else.
  @Test func aRowThatIsNotANumberIsInNoSum() throws {
    try withPair(recording()) { folder in
      let all = ["base.wav", "--points", "all", "--out", "a.csv", "--report", "none"]
      _ = try Program.run(all, in: folder)
      var rows = try String(contentsOf: folder.appending(path: "a.csv"), encoding: .utf8)
        .split(separator: "\n")
      let fields = rows[300].split(separator: ",")
      rows[300] = "\(fields[0]),nan,\(fields[2])"
      try Data(rows.joined(separator: "\n").utf8).write(to: folder.appending(path: "nan.csv"))
      for pair in [["nan.csv", "a.csv"], ["a.csv", "nan.csv"]] {
        let found = try Program.run(["compare"] + pair, in: folder)
        #expect(found.status == 1)
        let first = found.output.prefix { $0 != "\n" }
        #expect(first.contains("1 of ") && first.contains("rows are not a number in one of them"))
        #expect(!first.contains("third-octave"))
        #expect(found.output.contains("level offset      0.00 dB"))
        #expect(found.output.contains("relative L2       0\n"))
      }
    }
  }

  @Test func masksAndSharesRelaxTheVerdict() throws {
    try withPair(recording(amplitude: 0.1 * pow(10, 0.2 / 20))) { folder in
      try Data("hz,db\n100,0.01\n400,0.3\n500,0.3\n1000,0.01\n".utf8)
        .write(to: folder.appending(path: "mask.csv"))
      try Data("hz,db\n100,0.01\n400,0.3\n500,0.01\n1000,0.01\n".utf8)
        .write(to: folder.appending(path: "narrow.csv"))
      try #expect(compare(folder, ["--mask", "mask.csv"]).status == 0)
      try #expect(compare(folder, ["--mask", "narrow.csv"]).status == 1)
      try #expect(compare(folder, ["--min-within", "99%", "--tolerance-db", "0.1"]).status == 2)
      try #expect(compare(folder, ["--rtol", "0.03", "--atol", "0.01"]).status == 0)
      try #expect(compare(folder, ["--rel-l2", "0.005"]).status == 1)
      try #expect(compare(folder, ["--rel-l2", "0.05"]).status == 0)
    }
  }

  @Test func finerSpectraAreReducedOnRequest() throws {
    try withPair(recording()) { folder in
      _ = try Program.run(
        ["base.wav", "--points", "all", "--out", "all.npy", "--report", "none"], in: folder)
      let refused = try Program.run(["compare", "all.npy", "reference.json"], in: folder)
      #expect(refused.status == 2)
      let result = try Program.run(
        ["compare", "all.npy", "reference.json", "--resample"], in: folder)
      #expect(result.status == 0, "\(result.output)")
    }
  }

  /// Tables that are not spectra, or whose values are ambiguous, are refused, and never taken for
  /// equal.
  @Test(
    arguments: [
      "hz,level\nnan,-1\nnan,-2\n", "hz,level\n20,-1\n10,-2\n", "hz,level\n-20,-1\n10,-2\n",
      "100,80\n200,90\n", "hz,level\n100,.\n", "hz,level\n", "hz,level\n100,1,2\n",
      "\u{0}\u{1}\u{2}",
      "frequency_hz,magnitude,level_dbfs,low_hz,high_hz,power\n100,1,-1,nan,110,1\n",
      "frequency_hz,magnitude,level_dbfs,low_hz,high_hz,power\n100,1,-1,-90,110,1\n",
    ])
  func filesWithoutSpectrumAreRefused(text: String) throws {
    try withFolder { folder in
      try Data(text.utf8).write(to: folder.appending(path: "a.csv"))
      for options in [["a.csv", "a.csv"], ["a.csv", "a.csv", "--resample"]] {
        let result = try Program.run(["compare"] + options, in: folder)
        #expect(result.status == 65, "\(text): \(result.output)")
        #expect(result.error.hasPrefix("wavfft: a.csv"))
      }
    }
  }

  @Test func decibelsAreLevelsWhateverTheirName() throws {
    try withFolder { folder in
      for (name, level) in [("a", 80.0), ("b", 80.9)] {
        try Data("Frequency (Hz),Magnitude (dB)\n100,\(level)\n200,90\n".utf8)
          .write(to: folder.appending(path: "\(name).csv"))
      }
      let result = try Program.run(["compare", "a.csv", "b.csv"], in: folder)
      #expect(result.status == 1)
      #expect(result.output.contains("largest           0.9 dB at 100 Hz"))
    }
  }

  @Test func notANumberSurvivesResampling() throws {
    try withFolder { folder in
      let fine = (100..<200).map { "\($0),\($0 == 150 ? "nan" : "-20")" }.joined(separator: "\n")
      let coarse = stride(from: 100, to: 200, by: 10).map { "\($0),-20" }.joined(separator: "\n")
      try Data("hz,level\n\(fine)\n".utf8).write(to: folder.appending(path: "fine.csv"))
      try Data("hz,level\n\(coarse)\n".utf8).write(to: folder.appending(path: "coarse.csv"))
      let result = try Program.run(
        ["compare", "fine.csv", "coarse.csv", "--resample"], in: folder)
      #expect(result.status == 1)
      #expect(result.output.contains("not a number"))
    }
  }

  @Test func everyWayOfAnalysisIsRepeated() throws {
    try withFolder { folder in
      try write([recording(), recording(frequency: 300)], "base.wav", in: folder)
      for options in [
        ["--band", "full"], ["--length", "20000"], ["--start", "0.5", "--duration", "1"],
        ["--parts", "3"], ["--window", "flattop"], ["--channel", "2"], ["--points", "100"],
        ["--band", "50:3000"], ["--precision", "double"], ["--band", "0:1000"],
        ["--band", "0:4000"], ["--band", "1:50", "--duration", "1"],
      ] {
        _ = try Program.run(
          ["base.wav", "--out", "reference.json", "--report", "none"] + options, in: folder)
        for repeated in [[], options] {
          let result = try Program.run(
            ["compare", "base.wav", "reference.json"] + repeated, in: folder)
          #expect(result.status == 0, "\(repeated): \(result.output)\(result.error)")
        }
        let itself = try Program.run(["compare", "base.wav", "base.wav"] + options, in: folder)
        #expect(itself.status == 0, "\(options): \(itself.output)\(itself.error)")
        // The reference does not change when it is updated.
        _ = try Program.run(["compare", "base.wav", "reference.json", "--update"], in: folder)
        let before = try Data(contentsOf: folder.appending(path: "reference.json"))
        _ = try Program.run(["compare", "base.wav", "reference.json", "--update"], in: folder)
        let after = try Data(contentsOf: folder.appending(path: "reference.json"))
        #expect(before == after, "\(options)")
        let again = try Program.run(["compare", "base.wav", "reference.json"], in: folder)
        #expect(again.status == 0, "\(options): \(again.output)\(again.error)")
      }
    }
  }

  @Test func optionsMustSayWhatTheReferenceSays() throws {
    try withPair(recording()) { folder in
      for (options, clause) in [
        ("--window hann", "--window is hann, that of the reference rectangular"),
        ("--parts 2", "--method is decimated in 2 parts, that of the reference exact"),
        ("--channel 2", "--channel is 2, that of the reference mix"),
        ("--band 20:900", "--band is 20:900, that of the reference 20:20000"),
        ("--points 100", "--points is 100, that of the reference 4096"),
      ] {
        let result = try compare(folder, options.split(separator: " ").map(String.init))
        #expect(result.status == 2)
        #expect(result.error.contains("\(clause); leave it out, or use --ignore-parameters"))
      }
      let result = try compare(folder, ["--window", "hann", "--ignore-parameters"])
      #expect(result.status == 1)
    }
  }

  @Test func silenceIsNoMatchForPeaks() throws {
    try withPair(recording(gain: 0)) { folder in
      let result = try Program.run(
        ["compare", "base.wav", "new.wav", "--peak-hz", "1"], in: folder)
      #expect(result.status == 1)
      #expect(result.output.contains("the reference has no peaks above the floor"))
    }
  }

  @Test func failuresReplaceAnOldReport() throws {
    try withPair(recording()) { folder in
      _ = try compare(folder, ["--junit", "r.xml"])
      let result = try Program.run(
        ["compare", "gone.wav", "reference.json", "--junit", "r.xml"], in: folder)
      #expect(result.status == 66)
      let report = try String(contentsOf: folder.appending(path: "r.xml"), encoding: .utf8)
      #expect(report.contains("errors=\"1\""))
    }
  }

  @Test func metricsAreThoseOfTheRows() throws {
    try withFolder { folder in
      try Data("hz,magnitude\n100,1\n200,0.5\n400,0.25\n".utf8)
        .write(to: folder.appending(path: "b.csv"))
      try Data("hz,magnitude\n100,1\n200,0.6\n400,0.25\n".utf8)
        .write(to: folder.appending(path: "a.csv"))
      let result = try Program.run(["compare", "a.csv", "b.csv", "--report", "json"], in: folder)
      #expect(result.status == 1)
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      func expect(_ key: String, _ value: Double) {
        let found = report[key] as? Double ?? .nan
        #expect(abs(found - value) < 1e-9, "\(key) is \(found), not \(value)")
      }
      let decibels = 20 * log10(0.6 / 0.5)
      expect("largest_db", decibels)
      expect("largest_at_hz", 200)
      expect("mean_db", decibels / 3)
      expect("share_within", 2.0 / 3)
      expect("relative_l2", 0.1 / (1 + 0.25 + 0.0625).squareRoot())
      expect("relative_maximum", 0.1)
      expect("offset_db", 20 * log10((1 + 0.3 + 0.0625) / (1 + 0.25 + 0.0625)))
    }
  }

  @Test func referencesAreWrittenAnew() throws {
    try withPair(recording(frequency: 550)) { folder in
      try #expect(compare(folder).status == 1)
      try #expect(compare(folder, ["--update"]).status == 0)
      try #expect(compare(folder).status == 0)
    }
  }

  @Test func figuresAndReportsAreWritten() throws {
    try withPair(recording(amplitude: 0.2)) { folder in
      let result = try compare(folder, ["--out", "d.svg", "--junit", "r.xml", "--report", "none"])
      #expect(result.status == 1)
      let figure = try String(contentsOf: folder.appending(path: "d.svg"), encoding: .utf8)
      #expect(figure.contains("class=\"violation\""))
      for name in ["d.svg", "r.xml"] {
        let data = try Data(contentsOf: folder.appending(path: name))
        #expect(XMLParser(data: data).parse())
      }
      let report = try String(contentsOf: folder.appending(path: "r.xml"), encoding: .utf8)
      #expect(report.contains("tests=\"1\" failures=\"1\" errors=\"0\""))
    }
  }

  @Test func foldersAreComparedPairByPair() throws {
    try withFolder { folder in
      for name in ["build", "references"] {
        try FileManager.default.createDirectory(
          at: folder.appending(path: name), withIntermediateDirectories: false)
      }
      for (name, amplitude) in [("a", 0.1), ("b", 0.1), ("gone", 0.1)] {
        try write([recording(amplitude: amplitude)], "x.wav", in: folder)
        _ = try Program.run(
          ["x.wav", "--out", "references/\(name).json", "--report", "none"], in: folder)
      }
      try write([recording()], "build/a.wav", in: folder)
      try write([recording(amplitude: 0.12)], "build/b.wav", in: folder)
      try write([recording()], "build/new.wav", in: folder)
      let result = try Program.run(
        ["compare", "--batch", "build", "references", "--junit", "r.xml"], in: folder)
      #expect(result.status == 1)
      #expect(result.output.contains("same: build/a.wav"))
      #expect(result.output.contains("different: build/b.wav"))
      #expect(result.output.contains("missing: nothing to hold against references/gone.json"))
      #expect(result.output.contains("extra: build/new.wav has no reference"))
      let report = try String(contentsOf: folder.appending(path: "r.xml"), encoding: .utf8)
      #expect(report.contains("tests=\"4\" failures=\"3\""))
    }
  }

  @Test func namesThatDifferInNormalisationAloneAreTwo() throws {
    try withFolder { folder in
      try write([recording()], "x.wav", in: folder)
      let script = """
        mkdir build references
        for name in "$(printf 'e\\314\\201')" "$(printf '\\303\\251')"; do
          wavfft x.wav --out "references/$name.csv" --report none
          cp x.wav "build/$name.wav"
        done
        wavfft compare --batch build references
        """
      let result = try Program.shell(script, in: folder)
      #expect(result.status == 0)
      #expect(
        result.output.hasSuffix(
          "2 compared: 2 the same, 0 different, missing or extra, 0 not comparable\n"))
    }
  }

  /// The recipes of docs/regression.md, as printed there.
  @Test func recipesOfTheDocumentationRun() throws {
    let document = try String(
      contentsOf: Program.root.appending(path: "docs/regression.md"), encoding: .utf8)
    func block(_ language: String) throws -> String {
      let parts = document.components(separatedBy: "```\(language)\n")
      try #require(parts.count == 2)
      return parts[1].components(separatedBy: "```")[0]
    }
    let steps = try block("yaml").components(separatedBy: "run: |\n")[1]
      .components(separatedBy: "      - name:")[0]
    try withFolder { folder in
      try Data(block("make").utf8).write(to: folder.appending(path: "Makefile"))
      try Data(steps.utf8).write(to: folder.appending(path: "steps.sh"))
      try FileManager.default.createDirectory(
        at: folder.appending(path: "build"), withIntermediateDirectories: false)
      for name in ["a", "b"] { try write([recording()], "build/\(name).wav", in: folder) }
      func shell(_ command: String) throws -> Int32 {
        try Program.shell(command, in: folder).status
      }
      try #expect(shell("make references") == 0)
      try #expect(shell("make check") == 0)
      try #expect(shell("sh steps.sh") == 0)
      try write([recording(amplitude: 0.11)], "build/b.wav", in: folder)
      try #expect(shell("make check") != 0)
      try #expect(shell("sh steps.sh") == 1)
      let figures = try contents(folder.appending(path: "figures"))
      #expect(figures == ["a.svg", "b.svg"])
      try #expect(shell("make references") == 0)
      try #expect(shell("make check") == 0)
    }
  }
}
