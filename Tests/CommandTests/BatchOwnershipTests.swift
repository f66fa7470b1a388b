// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// A batch replaces and removes only files that the program wrote itself.
struct BatchOwnershipTests {
  private let options = ["batch", "in", "--out-dir", "out", "--workers", "2"] + BatchTests.quiet

  private func run(_ more: [String] = [], in folder: URL) throws -> Program.Result {
    try Program.run(options + more, in: folder)
  }

  private func text(_ path: String, in folder: URL) throws -> String {
    try String(contentsOf: folder.appending(path: path), encoding: .utf8)
  }

  /// The number of files that `--resume` skips.
  private func skipped(_ more: [String] = [], in folder: URL) throws -> Int {
    let result = try Program.run(
      ["batch", "in", "--out-dir", "out", "--no-timings", "--resume", "--report", "json"] + more,
      in: folder)
    #expect(result.status == 0, "\(result.error)")
    let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require((report as? [String: Any])?["skipped"] as? Int)
  }

  private func snapshot(_ folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try contents(folder) {
      files[name] = try Data(contentsOf: folder.appending(path: name))
    }
    return files
  }

  // MARK: Files in the way

  @Test(arguments: ["000.csv", "003.svg", "summary.csv", ".summary.journal", ".summary.outputs"])
  func foreignFilesAreNotReplaced(name: String) throws {
    try withFolder { folder in
      try makeFiles(4, in: folder.appending(path: "in"))
      try put("a user's own work, of years", "out/\(name)", in: folder)
      for more in [[], ["--resume"]] {
        let result = try run(more, in: folder)
        #expect(result.status == 73)
        #expect(
          result.error == """
            wavfft: out/\(name) is in the way, and no summary in out tells that wavfft wrote it as it is; \
            move it away, choose another --out-dir, or replace it with --force

            """)
        #expect(try contents(folder.appending(path: "out")) == [name], "before any work")
        #expect(try text("out/\(name)", in: folder) == "a user's own work, of years")
      }
      #expect(try run(["--force"], in: folder).status == 0)
      #expect(try summary(folder.appending(path: "out")).count == 4)
      // Now the program has written the file.
      #expect(try run(in: folder).status == 0)
    }
  }

  @Test func foreignOutputsOfSingleChannelsAreNotReplaced() throws {
    try withFolder { folder in
      try link("two-channels.wav", into: folder.appending(path: "in"))
      try put("mine", "out/two-channels.2.csv", in: folder)
      let result = try run(["--channel", "each"], in: folder)
      #expect(result.status == 73)
      #expect(result.error.contains("out/two-channels.2.csv is in the way"))
      #expect(try text("out/two-channels.2.csv", in: folder) == "mine")
      #expect(try run(["--channel", "each", "--force"], in: folder).status == 0)
    }
  }

  @Test func linksAreNotFollowedToForeignFiles() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in"))
      try put("precious", "elsewhere.csv", in: folder)
      try FileManager.default.createDirectory(
        at: folder.appending(path: "out"), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "out/001.csv").path, withDestinationPath: "../elsewhere.csv")
      #expect(try run(in: folder).status == 73)
      #expect(try text("elsewhere.csv", in: folder) == "precious")
    }
  }

  /// `--force` replaces only regular files of the folder, and files that the program wrote.
  @Test(arguments: [
    ("ln -s ../../target out/sub/001.csv", "out/sub/001.csv is in the way and is a link,"),
    ("ln -s ../target out/summary.csv", "out/summary.csv is in the way and is a link,"),
    ("ln -s nowhere out/sub/001.csv", "out/sub/001.csv is in the way and is a link,"),
    ("mkdir out/sub/001.csv", "out/sub/001.csv is in the way and is a folder,"),
    ("mkdir out/summary.csv", "out/summary.csv is in the way and is a folder,"),
    ("mkfifo out/sub/001.csv", "out/sub/001.csv is in the way and is no regular file,"),
    ("rmdir out/sub; ln -s ../other out/sub", "out/sub is in the way and is a link,"),
    ("rmdir out/sub; echo a > out/sub", "out/sub is in the way and is no folder,"),
  ])
  func forceReplacesNothingBehindLinks(command: String, words: String) throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in/sub"))
      try makeFiles(1, in: folder.appending(path: "in"))
      try put("precious", "target", in: folder)
      try put("precious", "other/001.csv", in: folder)
      #expect(try Program.shell("mkdir -p out/sub; \(command)", in: folder).status == 0)
      let before = try contents(folder.appending(path: "out"))
      let result = try run(["--force"], in: folder)
      #expect(result.status == 73)
      #expect(
        result.error == "wavfft: \(words) which not even --force replaces; move it away, or choose "
          + "another --out-dir\n")
      #expect(try contents(folder.appending(path: "out")) == before, "before any work")
      #expect(try text("target", in: folder) == "precious")
      #expect(try text("other/001.csv", in: folder) == "precious")
    }
  }

  @Test func forceFollowsLinksToFoldersWithin() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in/sub"))
      try makeFiles(1, in: folder.appending(path: "in"))
      try put("mine", "out/real/001.csv", in: folder)
      #expect(try Program.shell("ln -s real out/sub; ln -s out there", in: folder).status == 0)
      let result = try Program.run(
        ["batch", "in", "--out-dir", "there", "--force"] + BatchTests.quiet, in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(try text("out/real/001.csv", in: folder) != "mine")
    }
  }

  @Test func furtherFilesInTheWayAreCounted() throws {
    try withFolder { folder in
      try makeFiles(5, in: folder.appending(path: "in"))
      for index in 0..<5 { try put("mine", "out/00\(index).csv", in: folder) }
      let result = try run(in: folder)
      #expect(result.status == 73)
      #expect(
        result.error.hasPrefix(
          "wavfft: out/000.csv, out/001.csv, out/002.csv and 2 more are in the way"))
    }
  }

  @Test func filesThatAreNotInTheWayStay() throws {
    let names = [
      "summary.old.csv", "summary.intro.csv", "summary.ndjson", "summary.1-of-4.csv",
      "summary.02-of-4.csv", "summary.1-of-2.ndjson", "Summary.csv", "summary.csv.bak",
      ".summary.x.journal", ".summaries.journal", ".summary.1-of-4.journal", "notes.csv",
    ]
    try withFolder { folder in
      try makeFiles(3, in: folder.appending(path: "in"))
      for name in names { try put("mine: \(name)", "out/\(name)", in: folder) }
      for more in [[], ["--resume"], ["--force"], ["--shard", "1/3"], []] {
        let result = try run(more, in: folder)
        #expect(result.status == 0, "\(more): \(result.error)")
        for name in names {
          #expect(try text("out/\(name)", in: folder) == "mine: \(name)", "\(more)")
        }
      }
    }
  }

  @Test func recordingsCalledSummaryKeepTheirOutputs() throws {
    try withFolder { folder in
      let names = ["summary", "summary.intro", "summary.1", "summary.2-of-3", "summary.02-of-3"]
      try makeFiles(5, in: folder.appending(path: "made"))
      for (index, name) in names.enumerated() {
        try put("", "in/\(name).wav", in: folder)
        try Data(contentsOf: folder.appending(path: "made/00\(index).wav"))
          .write(to: folder.appending(path: "in/\(name).wav"))
      }
      #expect(try run(["--format", "csv,npy"], in: folder).status == 0)
      let output = folder.appending(path: "out")
      let expected = try snapshot(output)
      #expect(expected.count == 11)
      #expect(expected["summary.intro.csv"] != nil)
      #expect(try skipped(["--format", "csv,npy"], in: folder) == 5)
      #expect(try snapshot(output) == expected)
      #expect(try run(["--format", "csv,npy"], in: folder).status == 0)
      #expect(try snapshot(output) == expected)
    }
  }

  // MARK: Files changed later

  @Test func aSummaryThatWasEditedIsNotReplaced() throws {
    try withFolder { folder in
      try makeFiles(4, in: folder.appending(path: "in"))
      for format in ["csv", "ndjson"] {
        let more = ["--summary-format", format]
        #expect(try run(more, in: folder).status == 0)
        let name = "summary.\(format)"
        let whole = try text("out/\(name)", in: folder)
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
        let edits = [
          whole.replacing("8000", with: "8001", maxReplacements: 1), whole + "# a note\n",
          "\u{feff}" + whole, String(whole.dropLast()),
          whole.replacing("\n", with: "\r\n"),
          ([lines[0], lines[1].replacing("in/", with: "at/")] + lines[2...]).joined(
            separator: "\n"),
        ]
        for edit in edits where edit != whole {
          try put(edit, "out/\(name)", in: folder)
          for resume in [[], ["--resume"]] {
            let result = try run(more + resume, in: folder)
            #expect(result.status == 73, "\(edit.prefix(300))")
            #expect(try Data(contentsOf: folder.appending(path: "out/\(name)")) == Data(edit.utf8))
          }
        }
        try put(whole, "out/\(name)", in: folder)
        #expect(try skipped(more, in: folder) == 4)
      }
    }
  }

  /// An array of the same shape, put there by another program.
  @Test(arguments: [[], ["--resume"]]) func anOutputThatWasEditedIsNotReplaced(_ more: [String])
    throws
  {
    try withFolder { folder in
      try makeFiles(4, in: folder.appending(path: "in"))
      #expect(try run(["--format", "npy"], in: folder).status == 0)
      let output = folder.appending(path: "out/002.npy")
      var edited = try Data(contentsOf: output)
      edited[edited.count / 2] ^= 1
      try edited.write(to: output)
      let result = try run(["--format", "npy"] + more, in: folder)
      #expect(result.status == 73)
      #expect(result.error.contains("out/002.npy is in the way"))
      #expect(try Data(contentsOf: output) == edited)
      #expect(try run(["--format", "npy", "--force"] + more, in: folder).status == 0)
      #expect(try Data(contentsOf: output) != edited)
    }
  }

  /// Somebody has shortened an output, which a crash of the machine might also have done.
  @Test(arguments: [[], ["--resume"]])
  func aRefusedOutputLosesNoSummary(_ more: [String]) throws {
    try withFolder { folder in
      try makeFiles(4, in: folder.appending(path: "in"))
      #expect(try run(["--format", "csv"], in: folder).status == 0)
      try put("mine", "out/003.csv", in: folder)
      let result = try run(["--format", "csv"] + more, in: folder)
      #expect(result.status == 73)
      #expect(result.error.contains("out/003.csv is in the way"))
      #expect(try text("out/003.csv", in: folder) == "mine")
      let records = try summary(folder.appending(path: "out"))
      #expect(
        Set(records.map { $0["path"] }).isSubset(of: ["in/000.wav", "in/001.wav", "in/002.wav"]))
      #expect(more.isEmpty || records.count == 3, "a resumed batch had them")
      try FileManager.default.removeItem(at: folder.appending(path: "out/003.csv"))
      let skipped = try skipped(["--format", "csv"], in: folder)
      #expect(more.isEmpty ? skipped >= records.count : skipped == 3)
      #expect(try summary(folder.appending(path: "out")).count == 4)
    }
  }

  // MARK: The program's own files

  @Test func theSameBatchCanBeRunAgainAndAgain() throws {
    try withFolder { folder in
      try makeFiles(4, in: folder.appending(path: "in"))
      try makeFiles(6, in: folder.appending(path: "others"))
      var folders: [[String: Data]] = []
      // Other formats, options, channels, shards and inputs leave outputs that are in no summary.
      for more in [
        [], ["--format", "csv"], [], ["--window", "hann"], [], ["--channel", "each"], [],
        ["--format", "npy", "--summary-format", "ndjson"], [], ["--shard", "1/2"], [],
      ] {
        let result = try run(more, in: folder)
        #expect(result.status == 0, "\(more): \(result.error)")
        if more.isEmpty { folders.append(try snapshot(folder.appending(path: "out"))) }
        let other = try Program.run(
          ["batch", "others", "--out-dir", "out"] + BatchTests.quiet, in: folder)
        #expect(other.status == 0, "\(more): \(other.error)")
      }
      for found in folders {
        for name in ["000.csv", "003.svg", "summary.csv"] {
          #expect(found[name] == folders[0][name])
        }
      }
      // A list of other outputs remains, and is removed when it is no longer needed.
      let output = folder.appending(path: "out")
      #expect(try contents(output).contains(".summary.outputs"))
      for name in try contents(output) where !name.contains("summary") {
        try FileManager.default.removeItem(at: output.appending(path: name))
      }
      #expect(try run(in: folder).status == 0)
      #expect(try !contents(output).contains(".summary.outputs"))
    }
  }

  @Test func aCopiedFolderIsStillTheProgramsOwn() throws {
    try withFolder { folder in
      try makeFiles(4, in: folder.appending(path: "in"))
      #expect(try run(in: folder).status == 0)
      // The copy has other inodes and times.
      let copied = try Program.shell("sleep 0.05; mv out old && cp -r old out", in: folder)
      #expect(copied.status == 0)
      #expect(try skipped(in: folder) == 4)
      #expect(try run(in: folder).status == 0)
    }
  }

  @Test func mergedShardsLeaveTheirOutputsKnown() throws {
    try withFolder { folder in
      try makeFiles(6, in: folder.appending(path: "in"))
      for number in 1...2 {
        let result = try Program.run(
          ["batch", "in", "--out-dir", "out\(number)", "--shard", "\(number)/2"]
            + BatchTests.quiet, in: folder)
        #expect(result.status == 0)
      }
      #expect(try Program.run(["batch-merge", "out1", "out2"], in: folder).status == 0)
      for number in 1...2 {
        let result = try Program.run(
          ["batch", "in", "--out-dir", "out\(number)"] + BatchTests.quiet, in: folder)
        #expect(result.status == 0, "\(result.error)")
      }
    }
  }

  @Test func mergingDoesNotReplaceAForeignSummary() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in"))
      for number in 1...2 { _ = try run(["--shard", "\(number)/2"], in: folder) }
      try put("mine", "out/summary.csv", in: folder)
      let result = try Program.run(["batch-merge", "out"], in: folder)
      #expect(result.status == 73)
      #expect(try text("out/summary.csv", in: folder) == "mine")
      #expect(try contents(folder.appending(path: "out")).contains("summary.2-of-2.csv"))
    }
  }

  // MARK: Interruptions

  /// A batch of 12 files, killed while the last one was in work.
  private func killedBatch(in folder: URL) throws {
    let process = try Program.start(
      options, in: folder, environment: ["WAVFFT_FAULT": "files:11:start:19"])
    let journal = folder.appending(path: "out/.summary.journal")
    let deadline = Date() + 60
    func finished() -> Int {
      let text = (try? String(contentsOf: journal, encoding: .utf8)) ?? ""
      return text.split(separator: "\n").count { $0.hasPrefix("{\"finished\"") }
    }
    while process.isRunning, finished() < 11, Date() < deadline { usleep(1000) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try #require(finished() == 11)
  }

  /// Removes the entries of one kind for a file from the journal.
  private func forget(_ kind: String, _ path: String, in folder: URL) throws {
    let lines = try text("out/.summary.journal", in: folder)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let left = lines.filter {
      !($0.hasPrefix("{\"\(kind)\"") && $0.contains("\"path\":\"\(path)\""))
    }
    #expect(left.count == lines.count - 1)
    try put(left.joined(separator: "\n"), "out/.summary.journal", in: folder)
  }

  @Test func namedOutputsWithoutRecordsAreRecognised() throws {
    try withFolder { folder in
      try makeFiles(12, in: folder.appending(path: "in"))
      #expect(try run(in: folder).status == 0)
      let expected = try snapshot(folder.appending(path: "out"))
      try FileManager.default.removeItem(at: folder.appending(path: "out"))
      try killedBatch(in: folder)
      let kept = try snapshot(folder.appending(path: "out"))
      // Killed after one file's outputs had received their names, and before another's had.
      for path in ["in/004.wav", "in/007.wav"] { try forget("finished", path, in: folder) }
      for name in ["007.csv", "007.svg"] {
        try FileManager.default.removeItem(at: folder.appending(path: "out/\(name)"))
      }
      #expect(try skipped(in: folder) == 10)
      #expect(try snapshot(folder.appending(path: "out")) == expected)
      // The same without --resume: outputs of a killed batch are not in the way.
      try FileManager.default.removeItem(at: folder.appending(path: "out"))
      for (name, data) in kept {
        try put("", "out/\(name)", in: folder)
        try data.write(to: folder.appending(path: "out/\(name)"))
      }
      try forget("finished", "in/004.wav", in: folder)
      let again = try run(["--window", "hann"], in: folder)
      #expect(again.status == 0, "\(again.error)")
    }
  }

  /// The new outputs have the size of the old ones, and the journal has both.
  @Test func anOldOutputIsNotTakenForTheNewOne() throws {
    try withFolder { folder in
      try makeFiles(12, in: folder.appending(path: "in"))
      let npy = ["--format", "npy"]
      #expect(try run(npy + ["--window", "hann"], in: folder).status == 0)
      let expected = try snapshot(folder.appending(path: "out"))
      #expect(try run(npy, in: folder).status == 0)
      let old = try Data(contentsOf: folder.appending(path: "out/004.npy"))
      // As if the run had been killed between recording that 004.npy gets its name and giving it.
      let process = try Program.start(
        options + npy + ["--window", "hann", "--format", "npy"], in: folder,
        environment: ["WAVFFT_FAULT": "files:11:start:19"])
      let journal = folder.appending(path: "out/.summary.journal")
      while process.isRunning,
        ((try? String(contentsOf: journal, encoding: .utf8)) ?? "").split(separator: "\n")
          .count(where: { $0.hasPrefix("{\"finished\"") }) < 11
      { usleep(1000) }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      try forget("finished", "in/004.wav", in: folder)
      try old.write(to: folder.appending(path: "out/004.npy"))
      let resumed = try run(npy + ["--window", "hann", "--resume"], in: folder)
      // The journal also has the old outputs: they are not in the way.
      #expect(resumed.status == 0, "\(resumed.error)")
      let found = try snapshot(folder.appending(path: "out"))
      #expect(found["004.npy"] == expected["004.npy"])
    }
  }

  @Test func aWorkerThatDiedAfterNamingIsNotInTheWay() throws {
    try withFolder { folder in
      try makeFiles(12, in: folder.appending(path: "in"))
      // Killed when its outputs exist, before the block is marked done.
      let result = try Program.run(
        options + ["--channel", "each"], in: folder,
        environment: ["WAVFFT_FAULT": "files:3:end:9:1"])
      #expect(result.status == 0, "\(result.error)")
      #expect(try summary(folder.appending(path: "out")).count == 12)
    }
  }

  @Test func shardsOfAnotherNumberAreKeptApart() throws {
    try withFolder { folder in
      try makeFiles(12, in: folder.appending(path: "in"))
      let first = try Program.start(
        options + ["--shard", "1/2"], in: folder,
        environment: ["WAVFFT_FAULT": "files:5:start:19"])
      defer {
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
      }
      let journal = folder.appending(path: "out/.summary.1-of-2.journal").path
      while first.isRunning, !FileManager.default.fileExists(atPath: journal) { usleep(1000) }
      for shard in ["1/3", "1/2"] {
        let other = try run(["--shard", shard], in: folder)
        #expect(other.status == 73, "\(shard)")
        #expect(other.error.contains("could not begin the batch"), "\(other.error)")
      }
      #expect(try !contents(folder.appending(path: "out")).contains(".summary.1-of-3.journal"))
      #expect(try run(["--shard", "2/2"], in: folder).status == 0)
    }
  }

  // MARK: Inputs that have changed

  /// Shell commands that replace `in/002.wav` by other audio of the same size, `made/002.wav`.
  @Test(arguments: [
    "touch -d 2001-01-01 made/002.wav; cp -p made/002.wav in/002.wav",
    "touch -r in/002.wav made/002.wav; mv made/002.wav in/002.wav",
    "touch -r in/002.wav t; cat made/003.wav > in/002.wav; touch -r t in/002.wav",
    "touch -d '2020-01-01 00:00:00.000000001' in/002.wav",
    "touch -r in/002.wav made/002.wav; cp -p made/002.wav in/002.wav",
  ])
  func otherAudioIsNotTakenForDone(command: String) throws {
    try withFolder { folder in
      try makeFiles(4, in: folder.appending(path: "in"))
      try makeFiles(5, in: folder.appending(path: "made"))
      let other = folder.appending(path: "made/002.wav")
      var bytes = try Data(contentsOf: other)
      bytes[bytes.count - 500] ^= 0x55
      try bytes.write(to: other)
      _ = try Program.shell("touch -d 2020-01-01 in/002.wav", in: folder)
      #expect(try run(in: folder).status == 0)
      #expect(try skipped(in: folder) == 4)
      #expect(try Program.shell(command, in: folder).status == 0)
      #expect(try skipped(in: folder) == 3)
      #expect(try skipped(in: folder) == 4, "and then it is done")
      let found = try snapshot(folder.appending(path: "out"))
      #expect(try run(in: folder).status == 0)
      #expect(try snapshot(folder.appending(path: "out")) == found)
    }
  }

  @Test func theSummaryNamesTheInputs() throws {
    try withFolder { folder in
      try makeFiles(2, in: folder.appending(path: "in"))
      _ = try Program.shell("touch -d '2020-02-29 12:34:56.123456789 UTC' in/001.wav", in: folder)
      #expect(try run(in: folder).status == 0)
      let rows = try summary(folder.appending(path: "out"))
      let row = try #require(rows.last)
      #expect(row["input_modified"] == "2020-02-29T12:34:56.123456789Z")
      let attributes = try FileManager.default.attributesOfItem(
        atPath: folder.appending(path: "in/001.wav").path)
      #expect(row["input_bytes"] == "\(attributes[.size] as? Int ?? 0)")
      let changed = try Program.shell("TZ=UTC stat -c %z in/001.wav", in: folder).output
      let found = row["input_changed"] ?? ""
      #expect(found.replacing("T", with: " ").replacing("Z", with: " +0000\n") == changed)
      #expect(row["input_inode"] == "\(attributes[.systemFileNumber] as? Int ?? 0)")
    }
  }
}
