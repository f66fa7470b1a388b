// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Recordings from standard input.
@Suite struct StandardInputTests {
  private let bach = Program.fixture("bach.wav")

  /// Checks that a file and a pipe give the same table.
  private func expectSame(_ file: String, _ options: String = "--points all") throws {
    try withFolder { folder in
      let direct = try Program.shell("wavfft '\(file)' \(options) --out a.csv", in: folder)
      #expect(direct.status == 0, "\(direct.error)")
      let piped = try Program.shell("cat '\(file)' | wavfft - \(options) --out b.csv", in: folder)
      #expect(piped.status == 0, "\(piped.error)")
      #expect(piped.error.isEmpty)
      for (first, second) in zip(
        try contents(folder).filter { $0.hasPrefix("a") },
        try contents(folder).filter { $0.hasPrefix("b") })
      {
        #expect(first.dropFirst() == second.dropFirst())
        #expect(
          try Data(contentsOf: folder.appending(path: first))
            == Data(contentsOf: folder.appending(path: second)))
      }
      #expect(try contents(folder).count >= 2)
      // The report is also the same, except for the name.
      var lines = direct.output.split(separator: "\n", omittingEmptySubsequences: false)
      let own = piped.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(own.first == "standard input")
      lines[0] = "standard input"
      if !options.contains("each") { #expect(lines.elementsEqual(own)) }
    }
  }

  @Test func aPipeIsAsGoodAsAFile() throws {
    try expectSame(bach, "--parts 8")
    try expectSame(bach, "--channel each")
    try expectSame(Program.fixture("noise-24bit.flac"))
    try expectSame(Program.fixture("noise-24bit.aiff"), "--points all --start 0.1 --duration 0.2")
  }

  @Test func aSlowPipeIsWaitedFor() throws {
    try withFolder { folder in
      let result = try Program.shell(
        "(head -c 1000 '\(bach)'; sleep 0.3; tail -c +1001 '\(bach)') | wavfft -", in: folder)
      #expect(result.status == 0)
      #expect(result.output.hasPrefix("standard input\n"))
    }
  }

  @Test func aFileAsStandardInputIsReadFromWhereItIs() throws {
    try withFolder { folder in
      let plain = try Program.shell("wavfft - --out a.csv < '\(bach)'", in: folder)
      #expect(plain.status == 0)
      #expect(plain.output.hasPrefix("standard input\n"))
      // Another program has read the beginning; the rest is analysed.
      let rest = try Program.shell(
        "(printf 12345678; cat '\(bach)') > x; (dd bs=8 count=1 of=/dev/null 2>&-; exec wavfft - "
          + "--out b.csv) < x", in: folder)
      #expect(rest.status == 0, "\(rest.error)")
      #expect(
        try Data(contentsOf: folder.appending(path: "a.csv"))
          == Data(contentsOf: folder.appending(path: "b.csv")))
      let own = try Program.shell(
        "cp '\(bach)' own.csv; wavfft - --out own.csv < own.csv", in: folder)
      #expect(own.status == 73)
      #expect(own.error.contains("is the input itself"))
    }
  }

  @Test func figuresAndDataSayWhatItIs() throws {
    try withFolder { folder in
      let result = try Program.shell(
        "cat '\(bach)' | wavfft - --out x.svg --report json", in: folder)
      #expect(result.status == 0)
      #expect(result.output.contains("\"path\" : \"standard input\""))
      let figure = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(figure.contains("Spectrum of standard input"))
    }
  }

  /// The sizes that programs write when they do not know the length.
  @Test(arguments: [0, 0xffff_ffff, 0x7fff_ffff, 0x7fff_f024])
  func openSizesAreReadToTheEnd(size: Int) throws {
    try withFolder { folder in
      let samples = pcm16((0..<2000).map { Int16(8000 * sin(0.3 * Double($0))) })
      try wav(samples, promisedBytes: size).write(to: folder.appending(path: "x.wav"))
      for command in ["cat x.wav | wavfft -", "wavfft x.wav", "wavfft - < x.wav"] {
        let result = try Program.shell(command, in: folder)
        #expect(result.status == 0, "\(command): \(result.error)")
        #expect(result.output.contains("2,000 used"), "\(command)")
      }
    }
  }

  @Test func nothingAndNonsenseAreRefused() throws {
    try withFolder { folder in
      let cases: [(String, Int32, String)] = [
        ("wavfft - < /dev/null", 65, "standard input is empty (0 bytes)"),
        ("printf '' | wavfft -", 65, "standard input is empty (0 bytes)"),
        ("wavfft - <&-", 65, "standard input is empty"),
        ("echo hello | wavfft -", 65, "standard input is not audio"),
        ("echo hello | wavfft -", 65, "ffmpeg -i - -f wav - | wavfft -"),
        ("wavfft - < .", 66, "standard input is a folder"),
        ("head -c 100000 '\(bach)' | wavfft -", 65, "standard input is truncated"),
        ("cat '\(bach)' | wavfft compare - x.json", 64, "compare reads files"),
        ("cat '\(bach)' | wavfft batch - --out-dir o", 64, "standard input is for wavfft -"),
        ("cat '\(bach)' | (ulimit -f 1000; exec wavfft -)", 71, "ulimit -f"),
        (
          "script -qec 'wavfft - 2>e' /dev/null >/dev/null; s=$?; cat e >&2; exit $s", 64,
          "standard input is a terminal"
        ),
      ]
      let hasScript = FileManager.default.isExecutableFile(atPath: "/usr/bin/script")
      for (command, status, words) in cases where hasScript || !command.hasPrefix("script") {
        let result = try Program.shell(command, in: folder)
        #expect(result.status == status, "\(command): \(result.error)")
        #expect(result.error.contains(words), "\(command): \(result.error)")
        #expect(result.error.split(separator: "\n").count == 1, "\(command): \(result.error)")
        #expect(result.output.isEmpty)
      }
    }
  }

  @Test func ctrlCWhileReadingEndsAtOnce() throws {
    try withFolder { folder in
      let result = try Program.shell(
        """
        mkfifo p; sleep 5 > p & s=$!
        wavfft - --out x.svg < p 2> errors & w=$!
        until ls -l /proc/$w/fd 2> /dev/null | grep -q memfd; do sleep 0.02; done
        kill -TERM $w; wait $w; echo $?; kill $s; cat errors
        """, in: folder)
      #expect(
        result.output == "143\nwavfft: stopped by a signal; no output was written\n",
        "\(result.output)")
      #expect(try contents(folder).sorted() == ["errors", "p"])
    }
  }

  @Test func aWrongNameOfAnOutputCostsNoRecording() throws {
    try withFolder { folder in
      // Nothing was read: the next reader gets everything.
      let result = try Program.shell(
        "head -c 50000 '\(bach)' | (wavfft - --out none/x.svg; echo $?; wc -c)", in: folder)
      #expect(result.output.split(whereSeparator: \.isWhitespace) == ["73", "50000"])
      #expect(result.error.contains("could not write none/x.svg"))
    }
  }

  @Test func noRoomIsSaid() throws {
    try withFolder { folder in
      // Neither memory (the limit on files also applies to it) nor the disk.
      let result = try Program.shell(
        "cat '\(bach)' '\(bach)' | (ulimit -f 4000; TMPDIR=/nowhere exec wavfft -)", in: folder)
      #expect(result.status == 71, "\(result.error)")
      #expect(result.error.contains("could not keep"))
      #expect(result.error.contains("standard input"))
    }
  }
}
