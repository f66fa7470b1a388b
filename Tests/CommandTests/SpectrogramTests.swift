// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Spectrograms through the whole program: outputs, times, few samples, faults and refusals.
@Suite struct SpectrogramTests {
  private let bach = Program.fixture("bach.wav")
  private let options = ["--method", "spectrogram", "--report", "none"]

  private func run(
    _ arguments: [String], in folder: URL, environment: [String: String] = [:]
  ) throws -> Program.Result {
    let result = try Program.run(arguments + options, in: folder, environment: environment)
    #expect(result.status == 0, "\(result.error)")
    return result
  }

  private func data(_ name: String, in folder: URL) throws -> Data {
    try Data(contentsOf: folder.appending(path: name))
  }

  private func write(_ samples: [Double], rate: UInt32 = 8000, to folder: URL) throws {
    try wav(pcmDouble(samples), format: 3, rate: rate, bits: 64)
      .write(to: folder.appending(path: "in.wav"))
  }

  @Test func everyFormatIsWritten() throws {
    try withFolder { folder in
      let names = ["x.csv", "x.json", "x.npy", "x.pdf", "x.png", "x.svg"]
      _ = try run([bach] + names.flatMap { ["--out", $0] }, in: folder)
      #expect(try contents(folder) == names)
      let cells = try Array2D(folder.appending(path: "x.npy"))
      let report = try Report(String(contentsOf: folder.appending(path: "x.json"), encoding: .utf8))
      #expect(cells.type == "<f4")
      #expect(try report.number("spectrogram", "columns") == Double(cells.shape[0]))
      #expect(try report.number("spectrogram", "rows") == Double(cells.shape[1]))
      #expect(try report.text("spectrogram", "axis") == "log")
      #expect(try data("x.png", in: folder).starts(with: [0x89, 0x50, 0x4E, 0x47]))
      #expect(try data("x.pdf", in: folder).starts(with: Array("%PDF".utf8)))
      let drawing = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(drawing.contains("Spectrogram of bach.wav") && drawing.contains("data:image/png"))
    }
  }

  /// Also with workers that die at the beginning, at the end and in the lock of a block.
  @Test(arguments: [
    (1, ""), (2, ""), (3, ""), (2, "segments:0:start:9:1"), (3, "segments:1:end:9:2"),
    (2, "segments:2:commit:9:1"), (3, "bands:0:start:9:1"),
  ])
  func bytesDependOnNoWorker(workers: Int, fault: String) throws {
    try withFolder { folder in
      let cells = [bach, "--out", "x.csv", "--out", "x.svg", "--out", "x.json"]
      let segments = [bach, "--points", "all", "--out", "x.npy"]
      for (arguments, names) in [(cells, ["x.csv", "x.svg", "x.json"]), (segments, ["x.npy"])] {
        _ = try run(arguments + ["--workers", "1"], in: folder)
        let expected = try names.map { try data($0, in: folder) }
        for name in names { try FileManager.default.removeItem(at: folder.appending(path: name)) }
        _ = try run(
          arguments + ["--workers", "\(workers)"], in: folder,
          environment: fault.isEmpty ? [:] : ["WAVFFT_FAULT": fault])
        #expect(try names.map { try data($0, in: folder) } == expected, "\(fault)")
      }
    }
  }

  @Test func aBlockThatKillsEveryWorkerLeavesNothing() throws {
    try withFolder { folder in
      let result = try Program.run(
        [bach, "--points", "all", "--out", "x.npy"] + options, in: folder,
        environment: ["WAVFFT_FAULT": "segments:1:end:9:9"])
      #expect(result.status == 70)
      #expect(try contents(folder).isEmpty)
    }
  }

  @Test func aFullDiskLeavesNothing() throws {
    try withFolder { folder in
      let result = try Program.run(
        after: "ulimit -f 3000; trap '' XFSZ;",
        [bach, "--points", "all", "--out", "x.npy"] + options, in: folder)
      #expect(result.status == 74)
      #expect(result.error.contains("could not write x.npy: File too large"), "\(result.error)")
      #expect(try contents(folder).isEmpty)
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func signalsLeaveNothing(signal: Int32) throws {
    try withFolder { folder in
      let (program, worker) = try Program.startStopped(
        at: "segments:2:start", [bach, "--points", "all", "--out", "x.npy"] + options, in: folder)
      kill(program.processIdentifier, signal)
      program.waitUntilExit()
      #expect(
        program.terminationReason == .uncaughtSignal && program.terminationStatus == signal)
      #expect(kill(worker, 0) != 0)
      #expect(try contents(folder).isEmpty)
    }
  }

  @Test func everyWayIntoTheProgramHasTheSameLevels() throws {
    try withFolder { folder in
      let file = Program.fixture("noise-16bit.wav")
      let all = ["--points", "all", "--segment", "100"]
      _ = try run([file, "--out", "x.npy"] + all, in: folder)
      _ = try run([Program.fixture("noise-16bit.flac"), "--out", "y.npy"] + all, in: folder)
      let words = (all + options).joined(separator: " ")
      let piped = try Program.shell("cat '\(file)' | wavfft - --out z.npy \(words)", in: folder)
      #expect(piped.status == 0, "\(piped.error)")
      let expected = try data("x.npy", in: folder)
      #expect(try data("y.npy", in: folder) == expected)
      #expect(try data("z.npy", in: folder) == expected)
      let image = try Program.shell(
        "wavfft '\(file)' --out - --format png --method spectrogram > p.png", in: folder)
      #expect(image.status == 0, "\(image.error)")
      _ = try run([file, "--out", "q.png"], in: folder)
      #expect(try data("p.png", in: folder) == data("q.png", in: folder))
    }
  }

  /// The axis ends at half the sampling rate, and a sentence says why.
  @Test func theLimitOfARecordingIsSaid() throws {
    try withFolder { folder in
      for (band, isSaid) in [("20:20000", true), ("20:5000", false)] {
        let result = try Program.run(
          [
            Program.fixture("noise-16bit.wav"), "--method", "spectrogram", "--band", band, "--out",
            "x.svg", "--out", "x.html",
          ], in: folder)
        try #require(result.status == 0, "\(result.error)")
        let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
        let words = "Nothing above 5512.5 Hz can be seen at a sampling rate of 11025 Hz"
        #expect(try Drawing(svg).texts.contains { $0.text == words } == isSaid)
        #expect(svg.contains("\(words). ") || !isSaid)
        let remarks = try PageFile(folder.appending(path: "x.html")).description["remarks"]
        #expect((remarks as? [String])?.contains(words) == isSaid)
      }
    }
  }

  @Test func eachChannelHasItsOwn() throws {
    try withFolder { folder in
      let file = Program.fixture("two-channels.wav")
      _ = try run([file, "--channel", "each", "--out", "x.npy"], in: folder)
      #expect(try contents(folder) == ["x.1.npy", "x.2.npy"])
      _ = try run([file, "--channel", "right", "--out", "r.npy"], in: folder)
      #expect(try data("r.npy", in: folder) == data("x.2.npy", in: folder))
      #expect(try data("x.1.npy", in: folder) != data("x.2.npy", in: folder))
    }
  }

  /// A click of one sample in a long silence is in its column, as strong as in its segment.
  @Test func aClickIsNotLost() throws {
    try withFolder { folder in
      var samples = [Double](repeating: 0, count: 8000 * 60)
      samples[8000 * 41 + 123] = 0.9
      try write(samples, to: folder)
      _ = try run(["in.wav", "--columns", "30", "--out", "x.csv"], in: folder)
      _ = try run(["in.wav", "--points", "all", "--out", "x.npy"], in: folder)
      let segments = try Array2D(folder.appending(path: "x.npy"))
      let greatest = try #require(segments.numbers.max())
      // A click has the same magnitude in every bin: the window at its place.
      #expect(greatest > -60 && greatest < -40)
      let cells = try table(folder.appending(path: "x.csv"))
      #expect(cells.rows.count == 30)
      for row in cells.rows {
        let levels = row.dropFirst()
        if abs(row[0] - (41 + 123.0 / 8000)) < 1.05 {
          #expect(levels.allSatisfy { abs($0 - greatest) < 1 })
        } else {
          #expect(levels.allSatisfy { $0 == -.infinity })
        }
      }
      // The mean of the power is far lower.
      _ = try run(["in.wav", "--columns", "30", "--reduce", "mean", "--out", "x.csv"], in: folder)
      let means = try table(folder.appending(path: "x.csv")).rows.flatMap { $0.dropFirst() }
      #expect((means.max() ?? 0) < greatest - 10)
    }
  }

  /// The axis of a part is the time of the file.
  @Test func timesAreThoseOfTheFile() throws {
    try withFolder { folder in
      let part = ["--segment", "1000", "--start", "10", "--duration", "4", "--columns", "8"]
      let result = try Program.run(
        [bach, "--method", "spectrogram", "--out", "x.csv", "--out", "x.svg", "--report", "json"]
          + part, in: folder)
      #expect(result.status == 0, "\(result.error)")
      let rows = try table(folder.appending(path: "x.csv")).rows
      let report = try Report(result.output)
      let first = try report.number("spectrogram", "first_time_s")
      let seconds = try report.number("spectrogram", "seconds_per_column")
      #expect(abs(seconds - 0.5) < 0.01 && abs(first - 10 - seconds / 2) < 0.01)
      #expect(rows.count == 8 && abs(rows[0][0] - first) < 1e-9)
      #expect(abs(rows[7][0] - (first + 7 * seconds)) < 1e-9)
      let drawing = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(drawing.contains(">11.0</text>") && drawing.contains(">13.0</text>"))
    }
  }

  /// One segment at least, whatever the recording; the segment is not longer than an eighth of it.
  @Test(arguments: 1...10)
  func fewSamplesAreEnough(count: Int) throws {
    try withFolder { folder in
      try write((0..<count).map { 0.1 * Double($0 % 3) - 0.2 }, to: folder)
      let window = count == 1 ? ["--window", "rectangular"] : []
      let outputs = ["--out", "x.csv", "--out", "x.npy", "--out", "x.svg", "--out", "x.json"]
      // The band from 20 Hz on has no bin of a single sample.
      _ = try run(["in.wav", "--peaks", "0"] + window + outputs, in: folder)
      let cells = try Array2D(folder.appending(path: "x.npy"))
      #expect(cells.shape[0] == (count == 1 ? 1 : count - 1))
      #expect(cells.numbers.allSatisfy { count == 1 ? $0 == -.infinity : $0 > -150 && $0 < 0 })
      _ = try run(
        ["in.wav", "--peaks", "0", "--points", "all", "--band", "full", "--out", "y.npy"] + window,
        in: folder)
      #expect(
        try Array2D(folder.appending(path: "y.npy")).shape == [cells.shape[0], count == 1 ? 1 : 2])
    }
  }

  /// Powers of double precision are neither 0 nor infinite in cells of any scale.
  @Test(arguments: [1e-30, 1, 1e30])
  func samplesOfAnyScaleHaveLevels(scale: Double) throws {
    try withFolder { folder in
      try write((0..<4000).map { scale * sin(Double($0)) }, to: folder)
      _ = try run(["in.wav", "--out", "x.csv", "--out", "x.svg"], in: folder)
      let rows = try table(folder.appending(path: "x.csv")).rows
      let greatest = rows.flatMap { $0.dropFirst() }.max() ?? .nan
      #expect(abs(greatest - 20 * log10(scale)) < 1.5)
    }
  }

  @Test func aBandOfOneBinHasARow() throws {
    try withFolder { folder in
      try write((0..<8000).map { sin(0.05 * .pi * Double($0)) }, to: folder)
      let band = ["--band", "199.99999999999997:200.00000000000003", "--segment", "800"]
      _ = try run(["in.wav", "--out", "x.csv", "--out", "x.svg"] + band, in: folder)
      let rows = try table(folder.appending(path: "x.csv")).rows
      #expect(rows.allSatisfy { abs($0[1]) < 0.01 })
    }
  }

  @Test(arguments: [(1, 1), (3, 30), (65536, 4096)])
  func columnsAndRowsAreThoseWanted(columns: Int, rows: Int) throws {
    try withFolder { folder in
      let size = ["--columns", "\(columns)", "--points", "\(rows)", "--segment", "100"]
      _ = try run([Program.fixture("noise-double.wav"), "--out", "x.npy"] + size, in: folder)
      #expect(try Array2D(folder.appending(path: "x.npy")).shape == [min(columns, 59), rows])
    }
  }

  @Test func muchOverlapHasManySegments() throws {
    try withFolder { folder in
      _ = try run(
        [
          Program.fixture("noise-double.wav"), "--segment", "200", "--overlap", "99%", "--points",
          "all", "--out", "x.npy",
        ], in: folder)
      #expect(try Array2D(folder.appending(path: "x.npy")).shape[0] == 1401)
    }
  }

  @Test(arguments: [
    (["--points", "all", "--out", "x.csv"], "CSV in x.csv cannot hold; write a file .npy"),
    (["--points", "all", "--out", "-", "--format", "npy"], "write a file .npy"),
    (["--columns", "0"], "--columns is 0; choose a number from 1 to 65536"),
    (["--level-range", "-20:-100"], "Write LOW:HIGH in dBFS"),
    (["--average", "median"], "--average goes with --method welch"),
    (["--parts", "4"], "--parts goes with --method decimated"),
    (["--length", "1000"], "--length is that of one transform"),
    (
      ["--segment", "4", "--overlap", "75%", "--columns", "65536", "--points", "65536"],
      "2,997 columns with 65,536 rows are too many cells; choose --columns and --points"
    ),
    (["--segment", "3001"], "longer than the 3,000 samples"),
    (["--values", "complex", "--points", "all"], "--values complex are those of one transform"),
  ])
  func whatCannotBeIsRefused(words: [String], sentence: String) throws {
    try withFolder { folder in
      let result = try Program.run(
        [Program.fixture("noise-double.wav")] + options + words, in: folder)
      #expect(result.status == 64 && result.error.contains(sentence), "\(result.error)")
      #expect(try contents(folder).isEmpty)
    }
  }

  @Test(arguments: [
    ["--columns", "9"], ["--reduce", "mean"],
  ])
  func otherMethodsHaveNoCells(words: [String]) throws {
    let result = try Program.run([Program.fixture("noise-double.wav")] + words)
    #expect(result.status == 64)
    #expect(result.error.contains("\(words[0]) goes with --method spectrogram"))
  }

  @Test func levelsOverTimeAreNotCompared() throws {
    try withFolder { folder in
      let file = Program.fixture("noise-double.wav")
      let method = try Program.run(["compare", file, file, "--method", "spectrogram"])
      #expect(method.status == 64 && method.error.contains("choose --method welch"))
      _ = try run([file, "--out", "x.csv"], in: folder)
      let table = try Program.run(["compare", file, "x.csv"], in: folder)
      #expect(
        table.status == 65 && table.error.contains("x.csv holds levels over time"), "\(table.error)"
      )
      #expect(table.error.contains("--method welch"))
    }
  }

  @Test func batchesDrawAndResume() throws {
    try withFolder { folder in
      let batch = [
        "batch", Program.fixture("noise-16bit.wav"), Program.fixture("sine-on-bin.wav"),
        "--out-dir", "out", "--format", "svg,npy", "--method", "spectrogram", "--columns", "20",
        "--no-timings",
      ]
      let first = try Program.run(batch, in: folder)
      #expect(first.status == 0, "\(first.error)")
      let out = folder.appending(path: "out")
      let names = try contents(out).filter { !$0.hasPrefix(".") && !$0.contains("summary") }
      #expect(names.count == 4, "\(names)")
      let npy = try #require(names.first { $0.hasSuffix(".npy") })
      #expect(try Array2D(out.appending(path: npy)).shape[0] <= 20)
      let again = try Program.run(batch + ["--resume"], in: folder)
      #expect(again.status == 0 && again.output.contains("2 "), "\(again.output)")
      // Other columns are other outputs: nothing is left alone.
      let columns = batch.map { $0 == "20" ? "10" : $0 }
      let other = try Program.run(columns + ["--resume"], in: folder)
      #expect(other.status == 0, "\(other.error)")
      #expect(try Array2D(out.appending(path: npy)).shape[0] <= 10)
    }
  }
}
