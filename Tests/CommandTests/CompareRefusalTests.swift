// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// What `wavfft compare` refuses to call the same, and files with misleading contents.
struct CompareRefusalTests {
  private static let bach = Program.fixture("bach.wav")

  private func write(_ text: String, _ name: String, in folder: URL) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  @Test func aMissingReferenceIsWrittenWithUpdate() throws {
    try withFolder { folder in
      let missing = try Program.run(["compare", Self.bach, "new.json"], in: folder)
      #expect(missing.status == 66)
      #expect(
        missing.error
          == "wavfft: there is no reference new.json; write it with --update if the spectrum is as it should be\n"
      )
      let written = try Program.run(["compare", Self.bach, "new.json", "--update"], in: folder)
      #expect(written.status == 0, "\(written.error)")
      #expect(try Program.run(["compare", Self.bach, "new.json"], in: folder).status == 0)
    }
  }

  /// Spectra of recordings of other lengths have other bins, their averages have not.
  @Test func recordingsOfOtherLengthsAreComparedByAverages() throws {
    try withFolder { folder in
      var random = SystemRandomNumberGenerator()
      for (name, count) in [("long", 24000), ("short", 16000)] {
        let samples = (0..<count).map { _ in Int16.random(in: -9000...9000, using: &random) }
        try wav(pcm16(samples)).write(to: folder.appending(path: name + ".wav"))
      }
      let pair = ["compare", "short.wav", "long.wav"]
      let exact = try Program.run(pair, in: folder)
      #expect(exact.status == 2)
      #expect(
        exact.error
          == "wavfft: cannot compare short.wav with long.wav: the number of samples is 16000, that of the reference "
          + "24000; compare averages of the two recordings (--method welch)\n")
      // The same number of samples of them differs in another way.
      for (name, options) in [("short", ["--window", "hann"]), ("long", [])] {
        let made = try Program.run(
          ["\(name).wav", "--duration", "1", "--out", name + ".json"] + options, in: folder)
        #expect(made.status == 0, "\(made.error)")
      }
      let windows = try Program.run(["compare", "short.json", "long.json"], in: folder)
      #expect(windows.error.contains("analyse both alike, or use --resample"), "\(windows.error)")
      let averages = try Program.run(pair + ["--method", "welch"], in: folder)
      #expect(averages.status < 2, "\(averages.error)")
    }
  }

  /// Tolerances with which silence would equal Bach, tried on Bach itself, silence, and another
  /// spectrum.
  @Test(arguments: [
    (["--floor-db", "60"], "the floor, 60 dB (--floor-db), is above all of"),
    (["--mask", "all.csv"], "silence would be the same as"),
    (["--tolerance-db", "500"], "silence would be the same as"),
    (["--rtol", "1"], "silence would be the same as"),
    (["--rel-l2", "1"], "silence would be the same as"),
    (["--min-within", "0.01%", "--tolerance-db", "100"], "silence would be the same as"),
    (["--peak-hz", "1", "--floor-db", "0"], "the floor, 0 dB (--floor-db), is above all of"),
  ])
  func meaninglessTolerancesAreRefused(options: [String], sentence: String) throws {
    try withFolder { folder in
      try write("100,inf\n", "all.csv", in: folder)
      try write("hz,db\n100,-20\n200,-30\n300,-40\n", "bach.csv", in: folder)
      try write("hz,db\n100,-500\n200,-500\n300,-500\n", "silence.csv", in: folder)
      for pair in [["silence", "bach"], ["bach", "silence"], ["bach", "bach"]] {
        let result = try Program.run(
          ["compare", "\(pair[0]).csv", "\(pair[1]).csv"] + options, in: folder)
        #expect(result.status == 2, "\(pair): \(result.output)\(result.error)")
        #expect(result.error.contains("\(sentence) bach.csv"), "\(result.error)")
      }
      // Silence is still silence.
      let silence = try Program.run(["compare", "silence.csv", "silence.csv"], in: folder)
      #expect(silence.status == 0, "\(silence.error)")
      // Audible sound is not the same as silence.
      for pair in [["silence", "bach"], ["bach", "silence"]] {
        let result = try Program.run(["compare", "\(pair[0]).csv", "\(pair[1]).csv"], in: folder)
        #expect(result.status == 1)
      }
    }
  }

  @Test(arguments: [
    "frequency_hz,magnitude,level_dbfs\n100,0.1,-20\n200,0.1,-20\n", "hz,level\n100,20\n200,30\n",
    "hz,magnitude\n100,3\n200,2\n", "100,4711\n200,4000\n",
  ])
  func aSpectrumIsNoMask(text: String) throws {
    try withFolder { folder in
      try write(text, "mask.csv", in: folder)
      try write("hz,db\n100,-20\n200,-30\n", "a.csv", in: folder)
      let result = try Program.run(
        ["compare", "a.csv", "a.csv", "--mask", "mask.csv"], in: folder)
      #expect(result.status == 65, "\(result.output)")
      #expect(result.error.hasPrefix("wavfft: mask.csv is "))
    }
  }

  @Test func masksAndTablesMayBeSeparatedByBlanks() throws {
    try withFolder { folder in
      try write("hz  db\n 100 0.3\n\n300   0.3 \n", "mask.txt", in: folder)
      try write("  hz db\n100 -20\n200    -30.2\n", "a.txt", in: folder)
      try write("hz,db\n100,-20\n200,-30\n", "b.csv", in: folder)
      try write("hz db\n100 -20\n200\n", "short.txt", in: folder)
      func run(_ spectrum: String, _ options: [String] = []) throws -> Program.Result {
        try Program.run(["compare", spectrum, "b.csv"] + options, in: folder)
      }
      try #expect(run("a.txt").status == 1)
      try #expect(run("a.txt", ["--mask", "mask.txt"]).status == 0)
      try #expect(run("a.txt", ["--tolerance-db", "0.21"]).status == 0)
      try #expect(run("short.txt").status == 65)
    }
  }

  /// Magnitude and level of a row must agree; otherwise one of them was edited.
  @Test func rowsThatContradictThemselvesAreRefused() throws {
    try withFolder { folder in
      let audio = Program.fixture("two-channels.wav")
      let made = try Program.run(
        [audio, "--out", "b.csv", "--points", "50", "--report", "none"], in: folder)
      #expect(made.status == 0)
      let lines = try String(contentsOf: folder.appending(path: "b.csv"), encoding: .utf8)
        .split(separator: "\n").map(String.init)
      let row = try #require(
        lines.dropFirst().firstIndex { $0.split(separator: ",")[0] == "440.0" })
      for (column, factor) in [(1, 1.1), (2, 1.05), (1, 0), (2, 3)] {
        var changed = lines
        var fields = lines[row].split(separator: ",").map(String.init)
        fields[column] = String((Double(fields[column]) ?? .nan) * factor)
        changed[row] = fields.joined(separator: ",")
        try write(changed.joined(separator: "\n") + "\n", "a.csv", in: folder)
        for pair in [["a.csv", "b.csv"], ["b.csv", "a.csv"], [audio, "a.csv"]] {
          let result = try Program.run(
            ["compare"] + pair + (pair[0] == audio ? ["--points", "50"] : []), in: folder)
          #expect(result.status == 65, "\(column), \(pair): \(result.output)\(result.error)")
          #expect(result.error.contains("row \(row), 440 Hz: levels are"), "\(result.error)")
        }
      }
      // Another window changes all magnitudes but not the levels: the tones are on bins.
      let other = try Program.run(
        ["compare", audio, "b.csv", "--window", "hann", "--points", "50"], in: folder)
      #expect(other.status == 0, "\(other.output)\(other.error)")
    }
  }

  @Test(arguments: [
    (["--tolerance-db", "-1"], "--tolerance-db is -1; choose a number of at least 0"),
    (["--tolerance-power", "-1"], "--tolerance-power is -1; choose"),
    (["--tolerance-length", "-1"], "--tolerance-length is -1; choose at least 0 frames"),
    (["--atol", "-1"], "--atol is -1"), (["--rtol", "-1"], "--rtol is -1"),
    (["--rel-l2", "-1"], "--rel-l2 is -1"),
    (["--min-within", "-1%"], "Write a percentage above"),
    (["--rate", "-1"], "--rate is -1; choose at least 1 Hz"),
    (["--peak-hz", "-1"], "--peak-hz is -1; choose a number of at least 0"),
    (["--peak-db", "-1"], "--peak-db is -1"),
    // Any peak would match any other.
    (["--peak-hz", "1e9"], "--peak-hz is 1000000000; peaks that far apart are not the same"),
    (["--peak-hz", "100.1"], "--peak-hz is 100.1;"),
    (["--peak-db", "200"], "--peak-db is 200; a peak that is 40 dB weaker is gone"),
  ])
  func numbersOutOfRangeAreRefused(options: [String], sentence: String) throws {
    try withFolder { folder in
      try write("hz,db\n100,-20\n200,-30\n", "a.csv", in: folder)
      let result = try Program.run(["compare", "a.csv", "a.csv"] + options, in: folder)
      #expect(result.status == 64, "\(result.output)")
      #expect(result.error.contains(sentence), "\(result.error)")
    }
  }

  @Test func theJSONReportsWhyTwoAreNotComparable() throws {
    try withFolder { folder in
      try write("hz,db\n100,-20\n200,-30\n", "a.csv", in: folder)
      try write("hz,db\n100,-20\n250,-30\n", "b.csv", in: folder)
      for name in ["b.csv", "gone.csv"] {
        let result = try Program.run(["compare", "a.csv", name, "--report", "json"], in: folder)
        let report = try #require(
          try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: String])
        #expect(report["verdict"] == "not comparable")
        #expect(report["reference"] == name)
        #expect(result.error == "wavfft: \(report["reason"] ?? "")\n")
        #expect(result.status == (name == "b.csv" ? 2 : 66))
      }
    }
  }

  /// Only a file that the program would call a summary is a summary.
  @Test func filesCalledSummaryAreCompared() throws {
    try withFolder { folder in
      let same = "hz,db\n100,-20\n200,-30\n"
      for name in ["summary.intro", "summary.1-of", "summary", "summary.x-of-2"] {
        try write(same, "build/\(name).tsv", in: folder)
        try write(same, "references/\(name).tsv", in: folder)
      }
      try write("frequency_hz,level\n100,-20\n200,-30\n", "build/summary.csv", in: folder)
      try write("hz,db\n100,-20\n200,-33\n", "build/summary.intro.tsv", in: folder)
      let header = "path,status,frames\n"
      for name in ["summary.2-of-4.csv", "sub/summary.csv"] {
        try write(header, "build/\(name)", in: folder)
      }
      let result = try Program.run(["compare", "--batch", "build", "references"], in: folder)
      #expect(result.status == 1)
      #expect(result.output.contains("different: build/summary.intro.tsv"))
      #expect(result.output.contains("extra: build/summary.csv has no reference"))
      #expect(!result.output.contains("2-of-4"))
      #expect(!result.output.contains("sub/"))
      #expect(
        result.output.hasSuffix(
          "5 compared: 3 the same, 2 different, missing or extra, 0 not comparable\n"),
        "\(result.output)")
    }
  }

  @Test func namesThatAreNotUTF8AreCompared() throws {
    try withFolder { folder in
      let script = """
        mkdir build references
        for folder in build references; do
          printf '100,-20\\n200,-30\\n' > $folder/good.csv
          printf '100,-20\\n200,-30\\n' > "$folder/$(printf 'bad\\377').csv"
        done
        wavfft compare --batch build references --junit r.xml
        """
      let result = try Program.shell(script, in: folder)
      #expect(result.status == 0)
      #expect(result.output.contains("bad\\xFF"))
      #expect(
        result.output.hasSuffix(
          "2 compared: 2 the same, 0 different, missing or extra, 0 not comparable\n"))
    }
  }

  @Test func placesThatCannotBeWrittenToCostNoTime() throws {
    try withFolder { folder in
      try write("hz,db\n100,-20\n200,-30\n", "a/x.csv", in: folder)
      try write("nothing", "b/x.csv", in: folder)
      for options in [["--junit", "gone/r.xml"], ["--batch", "--junit", "gone/r.xml"]] {
        let names = options.count == 3 ? ["a", "b"] : ["a/x.csv", "b/x.csv"]
        let result = try Program.run(["compare"] + names + options, in: folder)
        #expect(result.status == 73)
        // Nothing was compared before the refusal.
        #expect(result.output.isEmpty)
        #expect(result.error.hasPrefix("wavfft: could not write gone/r.xml"), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1)
      }
    }
  }

  @Test func damagedReferencesAreReplaced() throws {
    try withFolder { folder in
      let audio = Program.fixture("two-channels.wav")
      func update(_ name: String) throws -> Program.Result {
        try Program.run(["compare", audio, name, "--update"], in: folder)
      }
      try #expect(update("r.json").status == 0)
      let whole = try Data(contentsOf: folder.appending(path: "r.json"))
      for damage in [Data(), whole.prefix(5000), Data("<<<<<<< HEAD\n".utf8) + whole] {
        try damage.write(to: folder.appending(path: "r.json"))
        let result = try update("r.json")
        #expect(result.status == 0, "\(result.error)")
        #expect(result.error.contains("it is written anew"))
        try #expect(Data(contentsOf: folder.appending(path: "r.json")) == whole)
      }
      // A file of another program is not replaced.
      try write("{\"name\": \"something else\"}\n", "package.json", in: folder)
      let result = try update("package.json")
      #expect(result.status == 65)
      #expect(result.error.contains("is no spectrum that wavfft wrote"))
      let text = try String(contentsOf: folder.appending(path: "package.json"), encoding: .utf8)
      #expect(text.contains("something else"))
    }
  }
}
