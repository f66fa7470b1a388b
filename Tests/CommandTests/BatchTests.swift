// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `wavfft batch`: folders, names, failures and summaries.
struct BatchTests {
  /// Options with which a folder always has the same bytes.
  static let quiet = ["--no-timings", "--report", "none"]

  @Test func outputsAreThoseOfSingleRuns() throws {
    try withFolder { folder in
      let names = ["bach.wav", "noise-24bit.flac", "prime-length.wav", "two-channels.wav"]
      let formats = ["svg", "csv", "json", "npy"]
      for name in names { try link(name, into: folder.appending(path: "in")) }
      let result = try Program.run(
        ["batch", "in", "--out-dir", "out", "--format", formats.joined(separator: ",")], in: folder)
      #expect(result.status == 0, "\(result.error)")
      for name in names {
        let stem = String(name.prefix { $0 != "." })
        let outputs = formats.flatMap { ["--out", "single.\($0)"] }
        _ = try Program.run(["in/\(name)", "--report", "none"] + outputs, in: folder)
        for format in formats {
          #expect(
            try Data(contentsOf: folder.appending(path: "out/\(stem).\(format)"))
              == Data(contentsOf: folder.appending(path: "single.\(format)")), "\(name), \(format)")
        }
      }
    }
  }

  @Test func foldersAreMirrored() throws {
    try withFolder { folder in
      let tree = folder.appending(path: "in")
      try link("two-channels.wav", into: tree.appending(path: "a/deep"))
      try link("noise-16bit.wav", into: tree.appending(path: "a"))
      try link("noise-16bit.flac", into: tree.appending(path: "a"))
      try link("dc.wav", into: tree.appending(path: ".hidden"))
      try link("dc.wav", into: tree.appending(path: "left-out"))
      try link("silence.wav", into: tree)
      try Data("no audio".utf8).write(to: tree.appending(path: "notes.txt"))
      // A loop: a link to the folder inside the folder.
      try FileManager.default.createSymbolicLink(
        atPath: tree.appending(path: "a/loop").path, withDestinationPath: "..")
      let result = try Program.run(
        [
          "batch", "in/", "--out-dir", "in/out", "--format", "csv", "--exclude", "left-out",
        ] + Self.quiet, in: folder)
      #expect(result.status == 0, "\(result.error)")
      let found = try FileManager.default.subpathsOfDirectory(
        atPath: tree.appending(path: "out").path)
      #expect(
        found.filter { $0.hasSuffix(".csv") }.sorted() == [
          "a/deep/two-channels.csv", "a/noise-16bit.flac.csv", "a/noise-16bit.wav.csv",
          "silence.csv", "summary.csv",
        ])
    }
  }

  @Test func folderOfOutputsMayEndWithASlash() throws {
    try withFolder { folder in
      try link("dc.wav", into: folder.appending(path: "in"))
      let result = try Program.run(
        ["batch", "in/", "--out-dir", "new/", "--format", "csv"] + Self.quiet, in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: "new/dc.csv").path))
    }
  }

  @Test func namesThatLookAlikeAreDifferentFiles() throws {
    try withFolder { folder in
      let tree = folder.appending(path: "in").path
      for name in ["caf\u{e9}", "cafe\u{301}", "\u{301}one", "\u{301}two"] {
        // FileManager might change the normalisation.
        #expect(mkdir(tree, 0o777) == 0 || errno == EEXIST)
        #expect(symlink(Program.fixture("dc.wav"), "\(tree)/\(name).wav") == 0)
      }
      let result = try Program.run(
        ["batch", "in", "--out-dir", "out", "--format", "npy"] + Self.quiet, in: folder)
      #expect(result.status == 0, "\(result.error)")
      let rows = try summary(folder.appending(path: "out"))
      #expect(rows.count == 4)
      #expect(try contents(folder.appending(path: "out")).count == 5)
    }
  }

  @Test func patternsChooseFiles() throws {
    try withFolder { folder in
      for name in ["dc.wav", "silence.wav", "noise-16bit.flac"] {
        try link(name, into: folder.appending(path: "in/x"))
      }
      func summary(_ options: [String]) throws -> [String] {
        _ = try Program.run(
          ["batch", "in", "--out-dir", "out", "--format", "npy"] + options + Self.quiet, in: folder)
        return try paths(folder.appending(path: "out"))
      }
      #expect(try summary(["--include", "*.flac"]) == ["in/x/noise-16bit.flac"])
      #expect(try summary(["--include", "x/s*"]) == ["in/x/silence.wav"])
      #expect(try summary(["--exclude", "s*"]) == ["in/x/dc.wav", "in/x/noise-16bit.flac"])
    }
  }

  @Test(arguments: [
    ("--memory", "-1", "a number of bytes above 0"),
    ("--summary-bands", "-5:100", "-5:100 is no band"),
    ("--timeout", "-1", "choose 0.1 to 1e9 seconds"),
    ("--retries", "-1", "choose a number from 0 to 10"),
    ("--shard", "-1/2", "Write I/N with 1 <= I <= N"),
  ])
  func negativeValuesAreToldTheRange(option: String, value: String, words: String) throws {
    try withFolder { folder in
      let result = try Program.run(["batch", ".", "--out-dir", "out", option, value], in: folder)
      #expect(result.status == 64)
      #expect(result.error.contains(words), "\(result.error)")
    }
  }

  @Test func badFilesDoNotStopTheOthers() throws {
    try withFolder { folder in
      try makeFiles(200, in: folder.appending(path: "in"))
      for index in 0..<20 {
        let name = "in/bad\(index % 10)-\(index).wav"
        try Data("damaged \(index)".utf8).write(to: folder.appending(path: name))
      }
      let result = try Program.run(
        ["batch", "in", "--out-dir", "out", "--format", "csv"], in: folder)
      #expect(result.status == 1)
      let messages = result.error.split(separator: "\n")
      #expect(messages.count == 20)
      #expect(messages == messages.sorted(), "in the order of paths")
      #expect(messages.allSatisfy { $0.contains("is not audio that libsndfile can read") })
      let rows = try summary(folder.appending(path: "out"))
      #expect(rows.count == 220)
      #expect(rows.count { $0["status"] == "ok" } == 200)
      #expect(try contents(folder.appending(path: "out")).count == 201)
      #expect(result.output.hasPrefix("220 files: 200 done, 20 failed;"))
    }
  }

  @Test func aMissingPathFailsAloneUnlessItIsTheOnlyOne() throws {
    try withFolder { folder in
      try link("dc.wav", into: folder)
      let mixed = try Program.run(["batch", "dc.wav", "nope.wav", "--out-dir", "out"], in: folder)
      #expect(mixed.status == 1)
      #expect(
        mixed.error == "wavfft: nope.wav cannot be read: No such file or directory\n")
      let alone = try Program.run(["batch", "nope", "--out-dir", "out"], in: folder)
      #expect(alone.status == 66)
      try FileManager.default.createDirectory(
        at: folder.appending(path: "empty"), withIntermediateDirectories: false)
      let empty = try Program.run(["batch", "empty", "--out-dir", "out"], in: folder)
      #expect(empty.status == 66)
      #expect(empty.error.contains("--include"))
    }
  }

  @Test func theSummaryTellsWhatTheReportTells() throws {
    try withFolder { folder in
      try link("two-channels.wav", into: folder.appending(path: "in"))
      _ = try Program.run(
        [
          "batch", "in", "--out-dir", "out", "--format", "npy", "--channel", "each", "--parts", "2",
        ], in: folder)
      let rows = try summary(folder.appending(path: "out"))
      #expect(rows.map { $0["channel"] } == ["1", "2"])
      let row = try #require(rows.first)
      #expect(row["frames"] == "22050")
      #expect(row["transform_length"] == "11025")
      #expect(row["output"] == "two-channels.1")
      #expect(Double(row["loss_share"] ?? "") ?? 0 > 0.4)
      #expect(Double(row["seconds"] ?? "") != nil)
      #expect(row["peaks"]?.contains(" A4") == true)
      #expect(
        try contents(folder.appending(path: "out")) == [
          "summary.csv", "two-channels.1.npy", "two-channels.2.npy",
        ])
    }
  }

  @Test func theLevelOfASineIsItsRMS() throws {
    try withFolder { folder in
      // 1000 Hz with half of the full amplitude: -6.02 dBFS, all of it at 1000 Hz.
      try link("sine-on-bin.wav", into: folder.appending(path: "in"))
      _ = try Program.run(
        ["batch", "in", "--out-dir", "out", "--summary-format", "ndjson"], in: folder)
      let line = try Data(contentsOf: folder.appending(path: "out/summary.ndjson"))
      let object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: Any])
      let level = try #require(object["rms_dbfs"] as? Double)
      #expect(abs(level - 20 * log10(0.5)) < 0.001)
      let centroid = try #require(object["centroid_hz"] as? Double)
      #expect(abs(centroid - 1000) < 1)
    }
  }

  /// Levels of bands by Parseval's theorem: bands that divide the whole add up to it, and a tone is
  /// only in its own.
  @Test func bandsHaveColumnsOfTheirOwn() throws {
    try withFolder { folder in
      try link("bach.wav", into: folder.appending(path: "in"))
      try link("sine-on-bin.wav", into: folder.appending(path: "in"))
      try makeFiles(1, in: folder.appending(path: "in"))
      let bands = "20:56.7,56.7:500,500:2345.6,2345.6:3999,3999:20000,1000,63"
      let result = try Program.run(
        ["batch", "in", "--out-dir", "out", "--format", "npy", "--summary-bands", bands], in: folder
      )
      #expect(result.status == 0, "\(result.error)")
      let rows = try summary(folder.appending(path: "out"))
      func power(_ level: String?) -> Double { pow(10, (Double(level ?? "") ?? .nan) / 10) }
      let music = try #require(rows.first { $0["path"] == "in/bach.wav" })
      let parts = ["20-56.7", "56.7-500", "500-2345.6", "2345.6-3999", "3999-20000"]
      let sum = parts.reduce(0) { $0 + power(music["band_\($1)_dbfs"]) }
      #expect(abs(10 * log10(sum / power(music["rms_dbfs"]))) < 0.001)
      // 1000 Hz with half of the full amplitude.
      let tone = try #require(rows.first { $0["path"] == "in/sine-on-bin.wav" })
      let level = try #require(Double(tone["band_1000_dbfs"] ?? ""))
      #expect(abs(level - 20 * log10(0.5)) < 0.001)
      #expect(Double(tone["band_56.7-500_dbfs"] ?? "") ?? 0 < -100)
      // Nothing is known above half the sampling rate.
      #expect(tone["band_3999-20000_dbfs"] == "")
      #expect(abs((Double(tone["peak_hz"] ?? "") ?? 0) - 1000) < 0.001)
      // White noise has the same power in each Hz. There are 1500 samples, and bins 5.3 Hz apart.
      let noise = try #require(rows.first { $0["path"] == "in/000.wav" })
      let density = power(noise["band_500-2345.6_dbfs"]) / 1845.6
      #expect(abs(10 * log10(density / (power(noise["band_2345.6-3999_dbfs"]) / 1653.4))) < 1)
    }
  }

  @Test(arguments: [
    ("64", "is no band"), ("20", "reaches from 17.783 to 22.387 Hz"), ("63,63.0", "each band once"),
    ("10:30", "widen --band"), ("", "is no band"),
  ])
  func impossibleBandsAreRefused(bands: String, words: String) throws {
    try withFolder { folder in
      try makeFiles(1, in: folder.appending(path: "in"))
      let result = try Program.run(
        ["batch", "in", "--out-dir", "out", "--summary-bands", bands], in: folder)
      #expect(result.status == 64)
      #expect(result.error.contains(words), "\(result.error)")
      #expect(try contents(folder) == ["in"])
    }
  }

  @Test func otherBandsAreOtherOptions() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in"))
      func skipped(_ bands: String) throws -> Bool {
        let result = try Program.run(
          ["batch", "in", "--out-dir", "out", "--summary-bands", bands, "--resume"], in: folder)
        #expect(result.status == 0, "\(result.error)")
        let rows = try summary(folder.appending(path: "out"))
        #expect(rows.allSatisfy { Double($0["band_\(bands)_dbfs"] ?? "") != nil })
        return result.output.contains("2 of them before")
      }
      #expect(try [skipped("125"), skipped("125"), skipped("250")] == [false, true, false])
    }
  }

  @Test func theFirstFailureCanEndIt() throws {
    try withFolder { folder in
      try makeFiles(30, in: folder.appending(path: "in"))
      try Data("damaged".utf8).write(to: folder.appending(path: "in/000-bad.wav"))
      let result = try Program.run(
        ["batch", "in", "--out-dir", "out", "--fail-fast", "--workers", "1"], in: folder)
      #expect(result.status == 1)
      #expect(result.error.contains("000-bad.wav"))
      #expect(try summary(folder.appending(path: "out")).count == 1)
      #expect(result.output.contains("not tried"))
    }
  }

  @Test func filesBeyondTheMemoryLimitAreRefused() throws {
    try withFolder { folder in
      try link("bach.wav", into: folder.appending(path: "in"))
      try link("dc.wav", into: folder.appending(path: "in"))
      let result = try Program.run(
        ["batch", "in", "--out-dir", "out", "--memory", "1M"], in: folder)
      #expect(result.status == 1)
      #expect(result.error.contains("more than --memory 1.0 MB"))
      #expect(try summary(folder.appending(path: "out")).map { $0["status"] } == ["error", "ok"])
    }
  }

  /// Four files of 32 MB would take 128 MB at a time; with the limit they are analysed one after
  /// the other.
  @Test func theMemoryLimitIsHeld() throws {
    try withFolder { folder in
      let input = folder.appending(path: "in")
      try FileManager.default.createDirectory(at: input, withIntermediateDirectories: true)
      let header = wav(Data(), promisedBytes: 1 << 24)
      for index in 0..<4 {
        let file = input.appending(path: "\(index).wav")
        try header.write(to: file)
        // A sparse file of silence.
        #expect(truncate(file.path, off_t(header.count + (1 << 24))) == 0)
      }
      let process = try Program.start(
        [
          "batch", "in", "--out-dir", "out", "--format", "npy", "--workers", "4", "--memory", "40M",
        ], in: folder)
      var most = 0
      while process.isRunning {
        let processes = [process.processIdentifier] + Program.children(of: process)
        most = max(most, processes.reduce(0) { $0 + Program.ownKilobytes(of: $1) })
        usleep(2000)
      }
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(most > 20_000, "the transform of a file was seen")
      #expect(most < 80_000, "kB, those of five processes without any files included")
    }
  }

  @Test func noMoreFilesThanWorkersAreInWork() throws {
    try withFolder { folder in
      try makeFiles(500, in: folder.appending(path: "in"))
      let process = try Program.start(
        ["batch", "in", "--out-dir", "out", "--workers", "3"], in: folder)
      var most = 0
      while process.isRunning { most = max(most, Program.children(of: process).count) }
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(most == 3)
      #expect(try summary(folder.appending(path: "out")).count == 500)
    }
  }
}

/// Writes a text to a path below a folder, and makes the folders on the way.
func put(_ text: String, _ path: String, in folder: URL) throws {
  let file = folder.appending(path: path)
  try FileManager.default.createDirectory(
    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(text.utf8).write(to: file)
}

/// Puts a fixture into a folder.
func link(_ fixture: String, into folder: URL) throws {
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  try FileManager.default.createSymbolicLink(
    atPath: folder.appending(path: fixture).path, withDestinationPath: Program.fixture(fixture))
}

/// Makes small recordings `000.wav` … of noise, all different.
func makeFiles(_ count: Int, in folder: URL) throws {
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  for index in 0..<count {
    var state = UInt32(index + 1)
    let samples = (0..<1500 + index).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int16(truncatingIfNeeded: state >> 18)
    }
    let name = String(repeating: "0", count: 3 - "\(index)".count) + "\(index).wav"
    try wav(pcm16(samples)).write(to: folder.appending(path: name))
  }
}

/// The rows of the summary in an output folder, by column.
func summary(_ folder: URL, name: String = "summary.csv") throws -> [[String: String]] {
  let text = String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
  let lines = text.split(separator: "\n").map { line -> [String] in
    // No field of these tests contains a quote.
    var fields = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }
  return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
}

private func paths(_ folder: URL) throws -> [String] {
  try summary(folder).compactMap { $0["path"] }
}
