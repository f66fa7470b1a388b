// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Signals, resource limits and missing standard streams.
@Suite struct LimitTests {
  private let bach = Program.fixture("bach.wav")

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP], ["reserve bins", "columns", "rows", "write csv"])
  func signalsLeaveNothingBehind(signal: Int32, stage: String) throws {
    try withFolder { folder in
      let errors = folder.appending(path: "errors")
      try Data().write(to: errors)
      let (process, _) = try Program.startStopped(
        at: "\(stage):0:start", [bach, "--points", "all", "--out", "x.csv", "--out", "x.svg"],
        in: folder, errors: try FileHandle(forWritingTo: errors))
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      #expect(process.terminationReason == .uncaughtSignal)
      #expect(process.terminationStatus == signal)
      let text = try String(contentsOf: errors, encoding: .utf8)
      #expect(text == "wavfft: stopped by a signal; no output was written\n")
      #expect(try contents(folder) == ["errors"])
    }
  }

  @Test func aSignalAtAnyTimeLeavesAllOrNothing() throws {
    try withFolder { folder in
      let errors = folder.appending(path: "errors")
      for seconds in [0.0, 0.03, 0.1, 0.3] {
        try Data().write(to: errors)
        let process = try Program.start(
          [bach, "--points", "all", "--precision", "double", "--out", "x.csv"], in: folder,
          errors: try FileHandle(forWritingTo: errors))
        while process.isRunning, Program.children(of: process).isEmpty {}
        Thread.sleep(forTimeInterval: seconds)
        kill(process.processIdentifier, SIGTERM)
        process.waitUntilExit()
        let text = try String(contentsOf: errors, encoding: .utf8)
        // The run may already have ended.
        let isDone = process.terminationReason == .exit
        let isComplete = isDone || text == "wavfft: stopped by a signal; the outputs are complete\n"
        #expect(isDone ? text.isEmpty && process.terminationStatus == 0 : true, "\(text)")
        #expect(isComplete || text == "wavfft: stopped by a signal; no output was written\n")
        #expect(try contents(folder) == (isComplete ? ["errors", "x.csv"] : ["errors"]))
        if isComplete { try FileManager.default.removeItem(at: folder.appending(path: "x.csv")) }
      }
    }
  }

  @Test(arguments: [true, false]) func aHangUpThatIsIgnoredStaysSo(isIgnored: Bool) throws {
    try withFolder { folder in
      let (process, worker) = try Program.startStopped(
        at: "columns:3:start", [bach, "--out", "x.svg"], after: isIgnored ? "trap '' HUP;" : "",
        in: folder)
      kill(process.processIdentifier, SIGHUP)
      kill(worker, SIGCONT)
      process.waitUntilExit()
      #expect(process.terminationReason == (isIgnored ? .exit : .uncaughtSignal))
      #expect(process.terminationStatus == (isIgnored ? 0 : SIGHUP))
      #expect(try contents(folder) == (isIgnored ? ["x.svg"] : []))
    }
  }

  /// By SIGPIPE, like any program in a pipe: 128 + 13 for the shell.
  @Test func aClosedPipeEndsQuietly() throws {
    try withFolder { folder in
      let options = "--points all --out - --format csv --report none"
      let result = try Program.shell(
        "{ wavfft '\(bach)' \(options); echo $? > status; } | head -c 100", in: folder)
      #expect(result.output.utf8.count == 100)
      #expect(result.error.isEmpty)
      #expect(try String(contentsOf: folder.appending(path: "status"), encoding: .utf8) == "141\n")
    }
  }

  /// The limit also applies to the memory of the run, which fits; the output does not.
  @Test(arguments: ["x.csv", "x.npy", "x.json"])
  func anOutputBeyondTheLimitKeepsTheOldFile(name: String) throws {
    try withFolder { folder in
      let samples = (0..<40000).map { Int16(truncatingIfNeeded: 7919 &* $0 &* $0) / 2 }
      try wav(pcm16(samples)).write(to: folder.appending(path: "input.wav"))
      let old = folder.appending(path: name)
      try Data("old".utf8).write(to: old)
      let arguments = [
        "input.wav", "--points", "all", "--band", "full", "--precision", "double", "--out", name,
      ]
      // The limit is in blocks of 512 bytes.
      let result = try Program.run(after: "ulimit -f 800;", arguments, in: folder)
      #expect(result.status == 74, "\(result.error)")
      #expect(result.error.hasPrefix("wavfft: could not write \(name): File too large"))
      #expect(result.error.filter(\.isNewline).count == 1)
      #expect(result.output.isEmpty)
      #expect(try Data(contentsOf: old) == Data("old".utf8))
      #expect(try contents(folder) == ["input.wav", name].sorted())
      #expect(try Program.run(arguments, in: folder).status == 0)
      #expect(try Data(contentsOf: old).count > 800 * 512)
    }
  }

  /// Whether a file system can be mounted that disappears with the command.
  private static let canMount: Bool = {
    let result = try? Program.shell(
      "unshare -rm mount -t tmpfs -o size=32k none /mnt && echo yes", in: URL(filePath: "/"))
    return result?.output == "yes\n"
  }()

  @Test(.enabled(if: canMount), arguments: ["svg", "csv", "npy", "json", "png"])
  func aFullDiskKeepsTheOldFile(format: String) throws {
    try withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "disk"), withIntermediateDirectories: true)
      let command = """
        mount -t tmpfs -o size=32k none disk && printf old > disk/x.\(format)
        wavfft "\(bach)" --out disk/x.\(format) --report none
        echo $? $(cat disk/x.\(format)) $(ls -A disk)
        """
      let result = try Program.shell("unshare -rm sh -c '\(command)'", in: folder)
      #expect(result.output == "74 old x.\(format)\n")
      #expect(
        result.error
          == "wavfft: could not write disk/x.\(format): No space left on device; make room and run "
          + "again; an older file is still as it was\n")
    }
  }

  @Test func tooLittleAddressSpaceIsAnError() throws {
    try withFolder { folder in
      let result = try Program.run(
        after: "ulimit -v 400000;",
        [bach, "--parts", "2", "--length", "100000007", "--out", "x.svg"], in: folder)
      #expect(result.status == 71)
      #expect(result.error.contains("ulimit -v"), "\(result.error)")
      #expect(result.error.split(separator: "\n").count == 1)
      #expect(try contents(folder).isEmpty)
    }
  }

  @Test func littleAddressSpaceSendsATransformOverTheDisk() throws {
    try withFolder { folder in
      let result = try Program.run(
        after: "ulimit -v 400000;", [bach, "--length", "100000000", "--peaks", "0"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(result.output.contains("two passes over"), "\(result.output)")
    }
  }

  @Test func anyLimitOnAddressSpaceEndsInAResultOrASentence() throws {
    try withFolder { folder in
      var statuses: Set<Int32> = []
      for limit in stride(from: 30_000, through: 300_000, by: 15_000) {
        for name in ["x.svg", "x.png"] {
          let result = try Program.run(
            after: "ulimit -v \(limit); ulimit -c 0;", [bach, "--out", name], in: folder)
          statuses.insert(result.status)
          #expect(result.error.split(separator: "\n").count == (result.status == 0 ? 0 : 1))
          // Below some limit the system's loader fails.
          let isLoader =
            result.status == 127 && result.error.contains("error while loading shared libraries")
          #expect(
            isLoader || [0, 71, 73, 74].contains(result.status),
            "\(limit), \(name): \(result.status) \(result.error)")
          #expect(result.output.isEmpty == (result.status != 0))
        }
      }
      #expect(statuses.isSuperset(of: [0, 71]))
    }
  }

  @Test func tooLargeTransformsAreRefusedByArithmetic() throws {
    try withFolder { folder in
      for (length, precision) in [("1000000000000", "single"), ("999999999989", "double")] {
        // No page is allocated: even a very low limit does not matter.
        let result = try Program.run(
          after: "ulimit -t 10;", [bach, "--length", length, "--precision", precision], in: folder)
        #expect(result.status == 71)
        #expect(result.error.contains("GB are needed"), "\(result.error)")
        #expect(result.error.contains("choose a smaller --length"))
      }
    }
  }

  /// The limit on processes does not apply to root, so another user runs a copy of the program.
  @Test func fewerProcessesThanAskedGiveTheSameBytes() throws {
    guard geteuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
      return
    }
    try withFolder { folder in
      let command = """
        chmod 777 .; cp "$(command -v wavfft)" '\(bach)' . && chmod 755 wavfft bach.wav
        run() {
          setpriv --reuid=64999 --regid=64999 --clear-groups bash -c \
            "ulimit -u $1; exec ./wavfft bach.wav --workers 4 --report none --out $1.csv"
          echo $?
        }
        run 1; run 2; run 3; run 5
        """
      let result = try Program.shell(command, in: folder)
      #expect(result.output == "71\n0\n0\n0\n", "\(result.error)")
      #expect(result.error.contains("ulimit -u"))
      #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
      let tables = try [2, 3, 5].map { try Data(contentsOf: folder.appending(path: "\($0).csv")) }
      #expect(tables[0] == tables[1] && tables[1] == tables[2])
    }
  }

  @Test func tooFewDescriptorsAreASystemError() throws {
    try withFolder { folder in
      let arguments = [bach, "--out", "x.svg", "--report", "none"]
      let output = folder.appending(path: "x.svg")
      #expect(try Program.run(arguments, in: folder).status == 0)
      let expected = try Data(contentsOf: output)
      try FileManager.default.removeItem(at: output)
      for limit in [3, 4, 5, 6, 7, 8, 9, 40] {
        for input in ["'\(bach)'", "- < '\(bach)'"] {
          let result = try Program.shell(
            "ulimit -n \(limit) && exec wavfft --out x.svg \(input) 2>&1 >/dev/null | cat",
            in: folder)
          guard !result.output.isEmpty else { continue }
          #expect(result.output.split(separator: "\n").count == 1, "\(result.output)")
        }
        try? FileManager.default.removeItem(at: output)
        let result = try Program.run(after: "ulimit -n \(limit);", arguments, in: folder)
        // With three the shell or the loader fails before the program starts.
        if limit == 3 { continue }
        if result.status == 0 {
          #expect(limit > 4)
          #expect(try Data(contentsOf: output) == expected)
        } else {
          #expect(limit < 40 && [71, 73].contains(result.status), "\(limit): \(result.error)")
          #expect(result.error.contains("ulimit -n"))
          #expect(try contents(folder).isEmpty)
        }
      }
    }
  }

  @Test func manyChannelsNeedManyDescriptors() throws {
    try withFolder { folder in
      let samples = pcm16((0..<100 * 50).map { Int16(truncatingIfNeeded: $0 * 7919) })
      try wav(samples, channels: 100).write(to: folder.appending(path: "x.wav"))
      // Tables of every bin have a file for each channel.
      let apart = ["--channel", "each", "--points", "all"]
      // The program raises the soft limit.
      let result = try Program.run(
        after: "ulimit -Sn 64;", ["x.wav", "--out", "y.csv"] + apart, in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(try contents(folder).count == 101)
      let refused = try Program.run(
        after: "ulimit -n 64;", ["x.wav", "--out", "z.csv"] + apart, in: folder)
      #expect(refused.status == 73)
      #expect(refused.error.contains("ulimit -n"))
      #expect(try contents(folder).count == 101)
    }
  }

  @Test func closedStandardStreamsAreNotWrittenInto() throws {
    try withFolder { folder in
      let arguments = [bach, "--out", "x.csv"]
      #expect(try Program.run(after: "", arguments, in: folder).status == 0)
      let expected = try Data(contentsOf: folder.appending(path: "x.csv"))
      for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        try FileManager.default.removeItem(at: folder.appending(path: "x.csv"))
        let result = try Program.run(after: "", arguments, in: folder, redirection: closed)
        // Without stdout the report cannot be printed.
        #expect(result.status == (closed.contains(" >&-") || closed == ">&-" ? 74 : 0))
        #expect(try Data(contentsOf: folder.appending(path: "x.csv")) == expected)
      }
    }
  }

  @Test func moreWorkersThanBlocksAreFine() throws {
    let result = try Program.run([Program.fixture("two-samples.wav"), "--workers", "256"])
    #expect(result.status == 0)
  }

  @Test func channelsAreWrittenAllOrNone() throws {
    try withFolder { folder in
      // The second channel's output cannot be created.
      try FileManager.default.createDirectory(
        at: folder.appending(path: "x.2.csv"), withIntermediateDirectories: true)
      let result = try Program.run(
        [bach, "--channel", "each", "--points", "all", "--out", "x.csv"], in: folder)
      #expect(result.status == 73)
      #expect(try contents(folder) == ["x.2.csv"])
    }
  }

  @Test func outputsThatAreTheSameFileAreRefused() throws {
    try withFolder { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending(path: "link.svg").path, withDestinationPath: "x.csv")
      try Data("old".utf8).write(to: folder.appending(path: "x.csv"))
      for other in ["x.csv", "./x.csv", "link.svg", folder.appending(path: "x.csv").path] {
        let result = try Program.run([bach, "--out", "x.csv", "--out", other], in: folder)
        #expect(result.status == 64)
        #expect(result.error.contains("are the same file"))
      }
      // Files that are not there yet.
      let new = try Program.run([bach, "--out", "new.csv", "--out", "./new.csv"], in: folder)
      #expect(new.status == 64 && new.error.contains("are the same file"))
      #expect(
        try Program.run([bach, "--out", "/dev/null", "--format", "csv"], in: folder).status == 64)
    }
  }

  @Test func helpThatCannotBePrintedIsAnError() throws {
    try withFolder { folder in
      let result = try Program.run(after: "", ["--help"], in: folder, redirection: ">&-")
      #expect(result.status == 74)
    }
  }
}
