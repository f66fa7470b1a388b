// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// The index page of a batch whose recordings have pages.
struct IndexTests {
  private let options =
    ["batch", "in", "--out-dir", "out", "--format", "html", "--page-size", "300k"]
    + BatchTests.quiet

  private func run(_ more: [String] = [], in folder: URL) throws -> Program.Result {
    try Program.run(options + more, in: folder)
  }

  private func data(_ path: String, in folder: URL) throws -> Data {
    try Data(contentsOf: folder.appending(path: path))
  }

  private func exists(_ path: String, in folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: path).path)
  }

  /// An index, as a browser reads it.
  private struct Index {
    let file: PageFile
    let columns: [String: [Any]]

    init(_ url: URL) throws {
      file = try PageFile(url)
      columns = try #require(file.description["recordings"] as? [String: [Any]])
    }

    func texts(_ name: String) -> [String?] { (columns[name] ?? []).map { $0 as? String } }
    func numbers(_ name: String) -> [Double?] { (columns[name] ?? []).map { $0 as? Double } }
    var remarks: [String] { file.description["remarks"] as? [String] ?? [] }
  }

  private func index(_ path: String, in folder: URL) throws -> Index {
    try Index(folder.appending(path: path))
  }

  private func snapshot(_ folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try contents(folder) {
      files[name] = try Data(contentsOf: folder.appending(path: name))
    }
    return files
  }

  // MARK: What is in it

  @Test func theIndexHasWhatTheSummaryHas() throws {
    try withFolder { folder in
      for name in ["bach.wav", "silence.wav", "sine-on-bin.wav"] {
        try link(name, into: folder.appending(path: "in/a"))
      }
      try put("no audio", "in/b.wav", in: folder)
      let result = try run(["--summary-bands", "1000,5000:9000", "--report", "text"], in: folder)
      #expect(result.status == 1)
      #expect(result.output.hasSuffix("Summary in out/summary.csv, index in out/index.html\n"))
      let rows = try summary(folder.appending(path: "out"))
      let found = try index("out/index.html", in: folder)
      #expect(found.file.title == "Recordings in in/")
      #expect(found.file.description["format"] as? String == "wavfft index")
      #expect(found.file.description["subtitle"] as? String == "4 recordings, 1 failed")
      let names = ["a/bach.wav", "a/silence.wav", "a/sine-on-bin.wav", "b.wav"]
      #expect(found.texts("name") == names)
      #expect(found.texts("page") == ["a/bach.html", "a/silence.html", "a/sine-on-bin.html", nil])
      #expect(found.texts("status") == rows.map { $0["status"] })
      #expect(found.texts("error")[3] == rows[3]["error"])
      #expect(
        found.texts("peak_note") == rows.map { $0["peak_note"].flatMap { $0 == "" ? nil : $0 } })
      for (column, name) in [
        ("duration_s", "duration_s"), ("sample_rate_hz", "sample_rate_hz"),
        ("rms_dbfs", "rms_dbfs"), ("centroid_hz", "centroid_hz"), ("peak_hz", "peak_hz"),
        ("peak_dbfs", "peak_dbfs"),
      ] {
        let expected = rows.map { Double($0[name] ?? "").flatMap { $0.isFinite ? $0 : nil } }
        #expect(found.numbers(column) == expected, "\(name)")
      }
      let bands = try #require(found.file.description["bands"] as? [[String: Any]])
      #expect(bands.map { $0["name"] as? String } == ["1000", "5000:9000"])
      let levels = bands[0]["level_dbfs"] as? [Any] ?? []
      #expect(levels[0] as? Double == Double(rows[0]["band_1000_dbfs"] ?? ""))
      // The sine and silence have a rate of 8000 Hz, which does not reach the band.
      #expect(bands[1]["missing"] as? [Int] == [1, 2, 3])
    }
  }

  /// Without a bin in the band there is no level, which is not silence.
  @Test func recordingsWithoutBinsAreNotSilent() throws {
    try withFolder { folder in
      for name in ["one-sample.wav", "silence.wav"] {
        try link(name, into: folder.appending(path: "in"))
      }
      let result = try run(in: folder)
      #expect(result.status == 0, "\(result.error)")
      let rows = try summary(folder.appending(path: "out"))
      #expect(rows.map { $0["rms_dbfs"] } == ["", "-inf"])
      let description = try index("out/index.html", in: folder).file.description
      #expect(description["without_bins"] as? [Int] == [0])
      let resumed = try run(["--resume", "--summary-format", "ndjson"], in: folder)
      #expect(resumed.status == 0, "\(resumed.error)")
      let lines = String(
        decoding: try data("out/summary.ndjson", in: folder), as: UTF8.self
      ).split(separator: "\n")
      #expect(lines.map { $0.contains("\"has_no_bins\":true") } == [true, false])
      #expect(lines.allSatisfy { !$0.contains("rms_dbfs") })
    }
  }

  /// The index opens in the colours of its pages, also one that was merged.
  @Test func theIndexHasTheColoursOfItsPages() throws {
    try withFolder { folder in
      for name in ["bach.wav", "sine-on-bin.wav"] {
        try link(name, into: folder.appending(path: "in"))
      }
      let choices = ["--theme", "dark", "--axis", "linear"]
      for shard in ["1/2", "2/2"] {
        let result = try run(choices + ["--shard", shard], in: folder)
        #expect(result.status == 0, "\(result.error)")
      }
      #expect(
        try index("out/index.1-of-2.html", in: folder).file.description["theme"] as? String
          == "dark")
      #expect(try Program.run(["batch-merge", "out"], in: folder).status == 0)
      #expect(
        try index("out/index.html", in: folder).file.description["theme"] as? String == "dark")
      #expect(try run(in: folder).status == 0)
      #expect(try index("out/index.html", in: folder).file.description["theme"] == nil)
    }
  }

  /// What looks like bands in the unit of a reference is none.
  @Test func bandsAreThoseOfTheSummary() throws {
    try withFolder { folder in
      try link("sine-on-bin.wav", into: folder.appending(path: "in"))
      let result = try run(
        ["--reference", "94:x bands=1,2", "--summary-bands", "1000"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      let bands = try index("out/index.html", in: folder).file.description["bands"]
      #expect((bands as? [[String: Any]])?.map { $0["name"] as? String } == ["1000"])
    }
  }

  /// The scripts and the style that run are those that the policy names.
  @Test func theIndexIsSelfContained() throws {
    try withFolder { folder in
      try link("sine-on-bin.wav", into: folder.appending(path: "in"))
      #expect(try run(in: folder).status == 0)
      let found = try index("out/index.html", in: folder).file
      #expect(found.policy.hasPrefix("default-src 'none'; script-src 'sha256-"))
      #expect(found.scripts.count == 2 && found.styles.count == 1)
      let text = String(decoding: found.bytes, as: UTF8.self)
      #expect(!text.contains(" src=") && !text.contains("@import"))
      #expect(text.hasSuffix(" -->\n"))
    }
  }

  /// A sine at -6 dBFS and 1000 Hz is in the column of its frequency, at its level.
  @Test func curvesAreThoseOfTheRecordings() throws {
    try withFolder { folder in
      for name in ["sine-on-bin.wav", "silence.wav"] {
        try link(name, into: folder.appending(path: "in"))
      }
      #expect(try run(in: folder).status == 0)
      let found = try index("out/index.html", in: folder)
      let rows = try summary(folder.appending(path: "out"))
      let curves = try #require(found.file.description["thumbnails"] as? [String: Any])
      let columns = try #require(curves["columns"] as? Int)
      let high = try #require((curves["high_hz"] as? [Double])?[1])
      let low = try #require((curves["low_hz"] as? [Double])?[1])
      #expect(columns == 96 && low == 20 && high == 4000)
      let levels = found.file.arrays[0]
      #expect(levels.count == 2 * columns)
      #expect(levels[..<columns].allSatisfy { $0 == 0 || $0 == 255 })
      let sine = Array(levels[columns...])
      let place = try #require(sine.indices.filter { sine[$0] != 255 }.max { sine[$0] < sine[$1] })
      let hertz = try #require(Double(rows[1]["peak_hz"] ?? ""))
      #expect(place == Int(96 * log(hertz / low) / log(high / low)))
      let level = try #require(Double(rows[1]["peak_dbfs"] ?? ""))
      #expect(abs(Double(sine[place]) / 2 - 120.5 - level) <= 0.25)
    }
  }

  @Test func channelsAreRowsOfTheirOwn() throws {
    try withFolder { folder in
      try link("two-channels.wav", into: folder.appending(path: "in"))
      #expect(try run(["--channel", "each"], in: folder).status == 0)
      let found = try index("out/index.html", in: folder)
      #expect(found.texts("channel") == ["1", "2"])
      #expect(found.texts("page") == ["two-channels.1.html", "two-channels.2.html"])
      #expect(
        found.file.description["subtitle"] as? String == "1 recording, 2 results of channels")
    }
  }

  @Test func noPagesNoIndex() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in"))
      let result = try Program.run(
        ["batch", "in", "--out-dir", "out", "--format", "csv", "--no-timings"], in: folder)
      #expect(!result.output.contains("index"))
      #expect(try contents(folder.appending(path: "out")) == ["000.csv", "001.csv", "summary.csv"])
      let text = String(decoding: try data("out/summary.csv", in: folder), as: UTF8.self)
      #expect(!text.contains("thumbnail"))
    }
  }

  @Test func anyNumberOfWorkersWritesTheSameIndex() throws {
    try withFolder { folder in
      try makeFiles(9, in: folder.appending(path: "in"))
      try put("no audio", "in/004.wav", in: folder)
      var found: Set<Data> = []
      for workers in ["1", "2", "4"] {
        #expect(try run(["--workers", workers], in: folder).status == 1)
        found.insert(try data("out/index.html", in: folder))
      }
      #expect(found.count == 1)
    }
  }

  @Test func namesAreRelativeReferences() throws {
    try withFolder { folder in
      let names = ["a b#?%25.wav", "javascript:x.wav", "<b>'\".wav", "line\nbreak.wav", "ü.wav"]
      try makeFiles(names.count, in: folder.appending(path: "made"))
      for (place, name) in names.enumerated() {
        try put("", "in/c d/\(name)", in: folder)
        try data("made/00\(place).wav", in: folder)
          .write(to: folder.appending(path: "in/c d/\(name)"))
      }
      try put("no audio", "in/x", in: folder)
      #expect(try run(["--include", "*"], in: folder).status == 1)
      let found = try index("out/index.html", in: folder)
      let pages = found.texts("page").compactMap { $0 }
      #expect(pages.count == names.count)
      #expect(pages.contains("c%20d/a%20b%23%3F%2525.html"))
      #expect(pages.contains("c%20d/javascript%3Ax.html"))
      for page in pages {
        #expect(exists("out/\(page.removingPercentEncoding ?? "")", in: folder), "\(page)")
      }
      #expect(found.texts("name").contains("c d/line break.wav"))
    }
  }

  // MARK: Whose file it is

  @Test func aForeignIndexIsNotReplaced() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in"))
      try put("my own", "out/index.html", in: folder)
      for more in [[], ["--resume"]] {
        let result = try run(more, in: folder)
        #expect(result.status == 73)
        #expect(
          result.error == """
            wavfft: out/index.html is in the way, and wavfft did not write it as it is; move it away, choose \
            another --out-dir, or replace it with --force

            """)
        #expect(try contents(folder.appending(path: "out")) == ["index.html"], "before any work")
        #expect(try data("out/index.html", in: folder) == Data("my own".utf8))
      }
      // Without pages there is no index, and the name is free.
      for more in [[], ["--force"]] {
        let result = try Program.run(
          ["batch", "in", "--out-dir", "out", "--format", "csv"] + BatchTests.quiet + more,
          in: folder)
        #expect(result.status == 0, "\(result.error)")
        #expect(try data("out/index.html", in: folder) == Data("my own".utf8))
      }
      #expect(try run(["--force"], in: folder).status == 0)
      #expect(try index("out/index.html", in: folder).texts("name").count == 2)
      #expect(try run(in: folder).status == 0, "now it is the program's own")
    }
  }

  @Test func anIndexThatWasEditedIsNotReplaced() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in"))
      #expect(try run(in: folder).status == 0)
      let whole = try data("out/index.html", in: folder)
      let text = String(decoding: whole, as: UTF8.self)
      let edits = [
        text.replacing("Recordings in", with: "My takes in", maxReplacements: 1),
        text + "<!-- mine -->\n", String(text.dropLast()), String(text.prefix(900)),
      ]
      for edit in edits {
        #expect(edit != text)
        try put(edit, "out/index.html", in: folder)
        for more in [[], ["--resume"]] {
          #expect(try run(more, in: folder).status == 73)
          #expect(try data("out/index.html", in: folder) == Data(edit.utf8))
        }
      }
      try whole.write(to: folder.appending(path: "out/index.html"))
      #expect(try run(in: folder).status == 0)
      #expect(try data("out/index.html", in: folder) == whole)
    }
  }

  /// An index links to pages that a later batch does not write.
  @Test func aLaterBatchTakesTheIndexOver() throws {
    try withFolder { folder in
      try makeFiles(3, in: folder.appending(path: "in"))
      #expect(try run(in: folder).status == 0)
      let result = try Program.run(
        ["batch", "in", "--out-dir", "out", "--format", "csv"] + BatchTests.quiet, in: folder)
      #expect(result.status == 0)
      #expect(!exists("out/index.html", in: folder))
      #expect(exists("out/001.html", in: folder))
      #expect(try run(in: folder).status == 0)
      #expect(exists("out/index.html", in: folder))
    }
  }

  @Test func recordingsCalledIndexKeepTheirOutputs() throws {
    try withFolder { folder in
      let names = ["index", "index.intro", "index.2-of-3", "index.02-of-3"]
      try makeFiles(4, in: folder.appending(path: "made"))
      for (place, name) in names.enumerated() {
        try put("", "in/\(name).wav", in: folder)
        try data("made/00\(place).wav", in: folder)
          .write(to: folder.appending(path: "in/\(name).wav"))
      }
      #expect(try run(in: folder).status == 0)
      let output = folder.appending(path: "out")
      let expected = [
        "index.02-of-3.html", "index.2-of-3.wav.html", "index.html", "index.intro.html",
        "index.wav.html", "summary.csv",
      ]
      #expect(try contents(output) == expected)
      let before = try snapshot(output)
      for more in [["--resume"], []] {
        #expect(try run(more, in: folder).status == 0)
        #expect(try snapshot(output) == before)
      }
      let pages = try index("out/index.html", in: folder).texts("page")
      #expect(pages.contains("index.wav.html"))
      // Without pages the name is free.
      let result = try Program.run(
        ["batch", "in", "--out-dir", "tables", "--format", "csv"] + BatchTests.quiet, in: folder)
      #expect(result.status == 0)
      #expect(exists("tables/index.csv", in: folder))
    }
  }

  @Test(arguments: ["index.html", "summary.csv"])
  func aFolderOfThatNameIsRefusedBeforeAnyWork(name: String) throws {
    try withFolder { folder in
      try makeFiles(1, in: folder.appending(path: "in/\(name)"))
      try makeFiles(1, in: folder.appending(path: "in"))
      let result = try run(in: folder)
      #expect(result.status == 73)
      #expect(result.error.contains("rename that folder of recordings"), "\(result.error)")
      #expect(try contents(folder.appending(path: "out")) == [])
    }
  }

  /// A shard whose merge would have no room does no work, even if another shard has that folder.
  @Test(arguments: ["index.html", "summary.csv"])
  func aShardLeavesRoomForTheMerge(name: String) throws {
    try withFolder { folder in
      try makeFiles(1, in: folder.appending(path: "in/\(name)"))
      try makeFiles(1, in: folder.appending(path: "in"))
      for shard in ["1/2", "2/2"] {
        let result = try run(["--shard", shard], in: folder)
        #expect(result.status == 73)
        #expect(
          result.error.contains("out/\(name) would be a file of the batch"), "\(result.error)")
        #expect(try contents(folder.appending(path: "out")) == [])
      }
    }
  }

  @Test func aShardIsRefusedBesideAForeignIndex() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in"))
      try put("mine", "out/index.html", in: folder)
      let result = try run(["--shard", "1/2"], in: folder)
      #expect(result.status == 73)
      #expect(result.error.hasSuffix("wavfft did not write it as it is; move it away\n"))
      #expect(try contents(folder.appending(path: "out")) == ["index.html"])
    }
  }

  // MARK: Interruptions, shards

  @Test func resumedBatchesHaveTheWholeIndex() throws {
    try withFolder { folder in
      try makeFiles(6, in: folder.appending(path: "in"))
      #expect(try run(in: folder).status == 0)
      let output = folder.appending(path: "out")
      let expected = try snapshot(output)
      // Nothing to do, one page to do, and the index itself missing.
      for name in [nil, "003.html", "index.html"] {
        if let name { try FileManager.default.removeItem(at: output.appending(path: name)) }
        #expect(try run(["--resume"], in: folder).status == 0)
        #expect(try snapshot(output) == expected, "\(name ?? "nothing")")
      }
      // The summary of another format has the curves, too.
      #expect(try run(["--resume", "--summary-format", "ndjson"], in: folder).status == 0)
      #expect(try data("out/index.html", in: folder) == expected["index.html"])
    }
  }

  @Test func aKilledBatchIsResumedToTheSameIndex() throws {
    try withFolder { folder in
      try makeFiles(8, in: folder.appending(path: "in"))
      #expect(try run(in: folder).status == 0)
      let expected = try snapshot(folder.appending(path: "out"))
      try FileManager.default.removeItem(at: folder.appending(path: "out"))
      let process = try Program.start(
        options + ["--workers", "2"], in: folder, environment: ["WAVFFT_FAULT": "files:7:start:19"])
      let journal = folder.appending(path: "out/.summary.journal")
      let deadline = Date() + 60
      func finished() -> Int {
        ((try? String(contentsOf: journal, encoding: .utf8)) ?? "").split(separator: "\n")
          .count { $0.hasPrefix("{\"finished\"") }
      }
      while process.isRunning, finished() < 7, Date() < deadline { usleep(1000) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      #expect(!exists("out/index.html", in: folder))
      #expect(try run(["--resume"], in: folder).status == 0)
      #expect(try snapshot(folder.appending(path: "out")) == expected)
    }
  }

  @Test func aStoppedBatchHasAnIndexOfWhatIsDone() throws {
    try withFolder { folder in
      try makeFiles(5, in: folder.appending(path: "in"))
      #expect(try run(in: folder).status == 0)
      let expected = try data("out/index.html", in: folder)
      try FileManager.default.removeItem(at: folder.appending(path: "out"))
      let (program, _) = try Program.startStopped(at: "files:3:start", options, in: folder)
      kill(program.processIdentifier, SIGINT)
      program.waitUntilExit()
      let found = try index("out/index.html", in: folder)
      #expect(found.texts("name") == ["000.wav", "001.wav", "002.wav"])
      #expect(
        found.remarks == ["The batch was stopped before its end; 2 recordings were not tried."])
      #expect(try run(["--resume"], in: folder).status == 0)
      #expect(try data("out/index.html", in: folder) == expected)
    }
  }

  @Test func mergedShardsHaveTheIndexOfTheWhole() throws {
    try withFolder { folder in
      try makeFiles(5, in: folder.appending(path: "in"))
      #expect(try run(in: folder).status == 0)
      let expected = try snapshot(folder.appending(path: "out"))
      try FileManager.default.removeItem(at: folder.appending(path: "out"))
      for number in 1...2 { #expect(try run(["--shard", "\(number)/2"], in: folder).status == 0) }
      let part = try index("out/index.2-of-2.html", in: folder)
      #expect(part.texts("name") == ["001.wav", "003.wav"])
      #expect(part.remarks == ["These are the recordings of shard 2 of 2."])
      #expect(exists("out/index.1-of-2.html", in: folder))
      #expect(!exists("out/index.html", in: folder))
      let merge = try Program.run(["batch-merge", "out"], in: folder)
      #expect(
        merge.output == "5 files, 0 failed; summary in out/summary.csv, index in out/index.html\n")
      #expect(try snapshot(folder.appending(path: "out")) == expected)
    }
  }

  @Test func theMergedIndexLeadsToOtherFolders() throws {
    try withFolder { folder in
      try makeFiles(5, in: folder.appending(path: "in"))
      for number in 1...2 {
        let result = try Program.run(
          [
            "batch", "in", "--out-dir", number == 1 ? "o ut/first" : "second", "--format", "html",
            "--shard", "\(number)/2",
          ] + BatchTests.quiet, in: try made("o ut", in: folder))
        #expect(result.status == 0, "\(result.error)")
      }
      #expect(try Program.run(["batch-merge", "o ut/first", "second"], in: folder).status == 0)
      let pages = try index("o ut/first/index.html", in: folder).texts("page")
      #expect(
        pages == [
          "000.html", "../../second/001.html", "002.html", "../../second/003.html", "004.html",
        ])
      #expect(!exists("second/index.2-of-2.html", in: folder))
      #expect(!exists("o ut/first/index.1-of-2.html", in: folder))
    }
  }

  private func made(_ name: String, in folder: URL) throws -> URL {
    try FileManager.default.createDirectory(
      at: folder.appending(path: name), withIntermediateDirectories: true)
    return folder
  }

  @Test func mergingDoesNotReplaceAForeignIndex() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in"))
      for number in 1...2 { _ = try run(["--shard", "\(number)/2"], in: folder) }
      try put("mine", "out/index.html", in: folder)
      let result = try Program.run(["batch-merge", "out"], in: folder)
      #expect(result.status == 73)
      #expect(
        result.error
          == "wavfft: out/index.html is in the way, and wavfft did not write it as it is; move it away\n"
      )
      #expect(try data("out/index.html", in: folder) == Data("mine".utf8))
      #expect(!exists("out/summary.csv", in: folder))
      #expect(exists("out/summary.2-of-2.csv", in: folder))
    }
  }
}
