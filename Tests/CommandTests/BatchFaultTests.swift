// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Batches that are interrupted, killed, resumed or divided give the same folder, byte for byte.
@Suite(.serialized) struct BatchFaultTests {
  private let options =
    ["batch", "in", "--out-dir", "out", "--workers", "2"] + BatchTests.quiet

  /// All files of a folder, hidden ones included, with their contents.
  private func snapshot(_ folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      let file = folder.appending(path: name)
      if let data = try? Data(contentsOf: file) { files[name] = data }
    }
    return files
  }

  /// The result of an uninterrupted run; the output folder is removed again.
  private func expected(_ folder: URL) throws -> [String: Data] {
    let result = try Program.run(options, in: folder)
    #expect(result.status == 0, "\(result.error)")
    let output = folder.appending(path: "out")
    defer { try? FileManager.default.removeItem(at: output) }
    return try snapshot(output)
  }

  @Test(arguments: ["files:3:start:11:1", "files:3:end:9:1", "files:3:commit:9:1"])
  func aFileWhoseWorkerDiesIsTriedAgain(fault: String) throws {
    try withFolder { folder in
      try makeFiles(12, in: folder.appending(path: "in"))
      let expected = try expected(folder)
      let result = try Program.run(options, in: folder, environment: ["WAVFFT_FAULT": fault])
      #expect(result.status == 0, "\(result.error)")
      #expect(try snapshot(folder.appending(path: "out")) == expected)
    }
  }

  @Test func aFileThatKillsItsWorkersIsGivenUp() throws {
    try withFolder { folder in
      try makeFiles(12, in: folder.appending(path: "in"))
      let result = try Program.run(
        options, in: folder, environment: ["WAVFFT_FAULT": "files:3:start:11"])
      #expect(result.status == 1)
      #expect(
        result.error
          == "wavfft: in/003.wav could not be analysed: 2 workers in a row ended by signal 11 "
          + "(Segmentation fault)\n")
      let rows = try summary(folder.appending(path: "out"))
      #expect(rows.count == 12)
      #expect(rows.filter { $0["status"] == "error" }.map { $0["path"] } == ["in/003.wav"])
    }
  }

  @Test func aFileThatTakesTooLongIsGivenUp() throws {
    try withFolder { folder in
      try makeFiles(12, in: folder.appending(path: "in"))
      let start = Date()
      let result = try Program.run(
        options + ["--timeout", "3", "--retries", "0"], in: folder,
        environment: ["WAVFFT_FAULT": "files:11:start:19"])
      #expect(Date().timeIntervalSince(start) < 40)
      #expect(result.status == 1)
      #expect(result.error.contains("in/011.wav took longer than 3 s (--timeout); raise it"))
      #expect(try summary(folder.appending(path: "out")).count { $0["status"] == "ok" } == 11)
    }
  }

  @Test(arguments: [SIGKILL, SIGINT, SIGTERM])
  func aStoppedBatchIsResumed(signal: Int32) throws {
    try withFolder { folder in
      try makeFiles(150, in: folder.appending(path: "in"))
      let expected = try expected(folder)
      let output = folder.appending(path: "out")
      let errors = Pipe()
      let process = try Program.start(
        options, in: folder, errors: errors.fileHandleForWriting)
      // As soon as there are outputs, but long before all exist.
      while process.isRunning, ((try? contents(output)) ?? []).count < 20 {}
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(process.terminationStatus == signal)
      try errors.fileHandleForWriting.close()
      let message = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      let done = try contents(output).count
      try #require(done < expected.count, "stopped before its end")
      if signal != SIGKILL {
        #expect(message.contains("run again with --resume"))
        // Finished files are in the summary; a worker may have been killed just before it recorded
        // one.
        let rows = try summary(output)
        #expect(rows.count > 0)
        let outputs = try contents(output).count { !$0.hasPrefix(".") } - 1
        #expect((2 * rows.count...2 * rows.count + 4).contains(outputs))
      }
      let resumed = try Program.run(options + ["--resume", "--report", "json"], in: folder)
      #expect(resumed.status == 0, "\(resumed.error)")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(resumed.output.utf8)) as? [String: Any])
      #expect(report["skipped"] as? Int ?? 0 > 0)
      #expect(try snapshot(output) == expected)
    }
  }

  @Test func onlyWhatIsDoneIsSkipped() throws {
    try withFolder { folder in
      try makeFiles(6, in: folder.appending(path: "in"))
      let expected = try expected(folder)
      let output = folder.appending(path: "out")
      func skipped(_ more: [String] = []) throws -> Int {
        let result = try Program.run(options + ["--resume", "--report", "json"] + more, in: folder)
        #expect(result.status == 0, "\(result.error)")
        let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require((report as? [String: Any])?["skipped"] as? Int)
      }
      #expect(try skipped() == 0)
      #expect(try skipped() == 6)
      #expect(try snapshot(output) == expected)
      // A missing output, an output that a crash of the system left short, and a newer input.
      try FileManager.default.removeItem(at: output.appending(path: "000.svg"))
      let whole = try Data(contentsOf: output.appending(path: "001.csv"))
      try whole.prefix(whole.count / 2).write(to: output.appending(path: "001.csv"))
      try FileManager.default.setAttributes(
        [.modificationDate: Date().addingTimeInterval(60)],
        ofItemAtPath: folder.appending(path: "in/002.wav").path)
      #expect(try skipped() == 3)
      // The summary has the input's new time, and nothing else that is new.
      let found = try snapshot(output)
      #expect(
        found.filter { $0.key != "summary.csv" } == expected.filter { $0.key != "summary.csv" })
      // Other options.
      #expect(try skipped(["--window", "hann"]) == 0)
    }
  }

  /// Sizes agree for any window: only the records tell how an array was made.
  @Test func outputsOfOtherOptionsAreNotTakenForDone() throws {
    try withFolder { folder in
      try makeFiles(8, in: folder.appending(path: "in"))
      func run(_ options: [String]) throws {
        let result = try Program.run(
          self.options + ["--format", "npy"] + options, in: folder)
        #expect(result.status == 0, "\(result.error)")
      }
      let output = folder.appending(path: "out")
      try run(["--window", "hann"])
      let expected = try snapshot(output)
      // Another format of the summary, and another division.
      for between in [["--summary-format", "ndjson"], ["--shard", "1/2"], []] {
        try run(["--window", "hamming"] + between)
        try run(["--window", "hann", "--resume"])
        let found = try snapshot(output).filter { $0.key.hasSuffix(".npy") }
        #expect(found == expected.filter { $0.key.hasSuffix(".npy") }, "\(between)")
      }
      // A batch that was killed has replaced some of the outputs.
      try run(["--window", "hann"])
      for window in ["hamming", "flattop"] {
        let process = try Program.start(
          self.options + ["--format", "npy", "--window", window, "--workers", "1"], in: folder)
        usleep(20000)
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
      }
      try run(["--window", "hann", "--resume"])
      let last = try snapshot(output)
      #expect(last == expected)
    }
  }

  @Test func aDamagedSummaryIsNotMerged() throws {
    try withFolder { folder in
      try makeFiles(9, in: folder.appending(path: "in"))
      for shard in ["1/2", "2/2"] { _ = try Program.run(options + ["--shard", shard], in: folder) }
      let file = folder.appending(path: "out/summary.1-of-2.csv")
      let whole = try Data(contentsOf: file)
      let lines = whole.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      // Within a line, and between two.
      for count in [
        whole.count - 100,
        whole.count - lines[lines.count - 2].count - 1 - lines[lines.count - 3].count - 1,
      ] {
        try whole.prefix(count).write(to: file)
        let result = try Program.run(["batch-merge", "out"], in: folder)
        #expect(result.status == 65, "\(result.output)")
        #expect(FileManager.default.fileExists(atPath: file.path))
      }
      try whole.write(to: file)
      let result = try Program.run(["batch-merge", "out"], in: folder)
      #expect(result.status == 0)
    }
  }

  @Test func mergedShardsAreTheWholeBatch() throws {
    try withFolder { folder in
      try makeFiles(30, in: folder.appending(path: "in"))
      let expected = try expected(folder)
      let output = folder.appending(path: "out")
      // All at the same time, as on a cluster.
      let shards = try (1...4).map {
        try Program.start(options + ["--shard", "\($0)/4"], in: folder)
      }
      for shard in shards {
        shard.waitUntilExit()
        #expect(shard.terminationStatus == 0)
      }
      let hidden = output.appending(path: ".summary.2-of-4.journal")
      try Data().write(to: hidden)
      let unfinished = try Program.run(["batch-merge", "out"], in: folder)
      #expect(unfinished.status == 65)
      #expect(unfinished.error.contains("shard 2 of 4 is not finished"))
      try FileManager.default.removeItem(at: hidden)
      let merged = try Program.run(["batch-merge", "out"], in: folder)
      #expect(merged.status == 0, "\(merged.error)")
      #expect(merged.output == "30 files, 0 failed; summary in out/summary.csv\n")
      #expect(try snapshot(output) == expected)
      let again = try Program.run(["batch-merge", "out"], in: folder)
      #expect(again.status == 66)
    }
  }

  @Test func aMissingShardIsNamed() throws {
    try withFolder { folder in
      try makeFiles(5, in: folder.appending(path: "in"))
      _ = try Program.run(options + ["--shard", "1/3"], in: folder)
      _ = try Program.run(options + ["--shard", "3/3"], in: folder)
      let result = try Program.run(["batch-merge", "out"], in: folder)
      #expect(result.status == 65)
      #expect(result.error.contains("the summary of shard 2 of 3 is missing"))
    }
  }

  @Test func twoBatchesDoNotShareAFolder() throws {
    try withFolder { folder in
      try makeFiles(200, in: folder.appending(path: "in"))
      let first = try Program.start(options, in: folder)
      let journal = folder.appending(path: "out/.summary.journal").path
      while first.isRunning, !FileManager.default.fileExists(atPath: journal) {}
      let second = try Program.run(options, in: folder)
      first.waitUntilExit()
      #expect(first.terminationStatus == 0)
      #expect(second.status == 73)
      #expect(second.error.contains("another one writes to out:"))
    }
  }
}

/// Batches on a full disk; they need a file system of their own.
struct FullDiskTests {
  /// Runs a batch with its outputs in a file system of some kilobytes, after `before` has filled a
  /// part.
  private func run(_ options: String, kilobytes: Int, in folder: URL) throws -> Program.Result {
    try FileManager.default.createDirectory(
      at: folder.appending(path: "out"), withIntermediateDirectories: true)
    // Copy the files before the file system disappears with its namespace.
    return try Program.shell(
      """
      unshare -rm sh -c 'mount -t tmpfs -o size=\(kilobytes)k none out && \
      { wavfft batch in --out-dir out --report none --no-timings \(options); status=$?; \
      cp -r out kept; exit $status; }'
      """, in: folder)
  }

  static let canMount =
    (try? Program.shell("unshare -rm mount -t tmpfs none /mnt", in: URL(filePath: "/tmp")))?.status
    == 0

  @Test(
    .enabled(if: canMount),
    arguments: ["svg,csv", "csv,npy", "csv", "csv --points all", "csv,svg --memory 1M"])
  func aFullDiskEndsTheBatch(options: String) throws {
    try withFolder { folder in
      let input = folder.appending(path: "in")
      try FileManager.default.createDirectory(at: input, withIntermediateDirectories: true)
      for index in 0..<9 {
        try FileManager.default.createSymbolicLink(
          atPath: input.appending(path: "\(index).wav").path,
          withDestinationPath: Program.fixture("bach.wav"))
      }
      let options = options + " --duration 0.5 --workers 2 --format "
      let formats = String(options.prefix { $0 != " " })
      let more = options.dropFirst(formats.count)
      let result = try run("\(more)\(formats)", kilobytes: 1200, in: folder)
      #expect(result.status == 74, "\(result.error)")
      #expect(result.error.contains("No space left on device"))
      #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
      let kept = try contents(folder.appending(path: "kept"))
      #expect(kept.contains(".summary.journal"), "what is done is kept")
      // Existing outputs are complete.
      let output = folder.appending(path: "out")
      try FileManager.default.removeItem(at: output)
      _ = try Program.run(
        ["batch", "in", "--out-dir", "out"] + more.split(separator: " ").map(String.init) + [
          formats
        ]
          + BatchTests.quiet, in: folder)
      if kept.contains("summary.csv") {
        let done = try summary(folder.appending(path: "kept"))
        #expect(
          done.allSatisfy { $0["status"] == "ok" && kept.contains("\($0["output"] ?? "").csv") })
      }
      for name in kept where !name.hasPrefix(".") && name != "summary.csv" {
        #expect(
          try Data(contentsOf: folder.appending(path: "kept/\(name)"))
            == Data(contentsOf: output.appending(path: name)))
      }
    }
  }
}
