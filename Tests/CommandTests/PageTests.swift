// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// Pages of recordings: their numbers are those of tables, and nothing in a recording gets out of them.
@Suite struct PageTests {
  /// Noise with two tones, and other ones if they are wanted, the same each time.
  private func recording(
    _ count: Int, at rate: UInt32 = 8000, in folder: URL, as name: String = "x.wav",
    with others: [Double] = []
  ) throws {
    var state: UInt64 = 1
    let samples = (0..<count).map { index -> Int16 in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let noise = Double(Int64(bitPattern: state) >> 40) / 8192
      let time = Double(index) / Double(rate)
      return Int16(
        100 + noise + 8000 * sin(2 * .pi * 440 * time) + 900 * sin(2 * .pi * 1234.5 * time)
          + others.reduce(0) { $0 + 700 * sin(2 * .pi * $1 * time) })
    }
    try wav(pcm16(samples), rate: rate).write(to: folder.appending(path: name))
  }

  @discardableResult
  private func page(
    _ options: [String], in folder: URL, of name: String = "x.wav"
  ) throws -> PageFile {
    let result = try Program.run(
      [name, "--out", "x.html", "--report", "none"] + options, in: folder)
    try #require(result.status == 0, "\(result.error)")
    return try PageFile(folder.appending(path: "x.html"))
  }

  /// A size that leaves this many bytes beside the application and a few facts.
  private func size(leaving count: Int, in folder: URL) throws -> Int {
    try wav(pcm16([3, 5, -7])).write(to: folder.appending(path: "three.wav"))
    return try page(["--band", "full"], in: folder, of: "three.wav").bytes.count + count
  }

  /// Frequency and level of each bin, from a table.
  private func everyBin(_ options: [String], in folder: URL) throws -> [[Double]] {
    let result = try Program.run(
      ["x.wav", "--out", "x.csv", "--points", "all", "--report", "none"] + options, in: folder)
    try #require(result.status == 0, "\(result.error)")
    return try table(folder.appending(path: "x.csv")).rows.map { [$0[0], $0[2]] }
  }

  /// A job: number of samples, options, and the bins that have no mirror image.
  struct Job: CustomTestStringConvertible, Sendable {
    let samples: Int
    let options: [String]
    var testDescription: String { "\(samples) samples, \(options)" }
  }

  static let jobs = [
    Job(samples: 120_000, options: ["--band", "full"]),
    Job(samples: 120_001, options: ["--band", "full", "--length", "exact"]),
    Job(samples: 120_000, options: ["--band", "100.3:3990"]),
    Job(samples: 120_000, options: ["--precision", "double", "--window", "hann"]),
    Job(samples: 360_003, options: ["--parts", "3", "--band", "full"]),
    Job(samples: 100_003, options: ["--length", "exact", "--band", "full"]),
    Job(samples: 240_000, options: ["--method", "welch", "--segment", "120000", "--band", "full"]),
  ]

  @Test(arguments: jobs) func cellsAreThoseOfEveryBin(job: Job) throws {
    try withFolder { folder in
      try recording(job.samples, in: folder)
      let rows = try everyBin(job.options, in: folder)
      let whole = try page(job.options, in: folder)
      let most = try size(leaving: 115_000, in: folder)
      let small = try page(job.options + ["--page-size", "\(most)"], in: folder)
      for page in [whole, small] {
        let cells = try #require(page.cells)
        let grid = try #require(page.series[0]["grid"] as? [String: Any])
        let (rate, divisor) = (
          grid["rate"] as? Double ?? 0, grid["divisor"] as? Double ?? 0
        )
        try #require(cells.count == rows.count)
        #expect((cells.perCell == 1) == (cells.means == nil))
        #expect(cells.greatest.count == (rows.count + cells.perCell - 1) / cells.perCell)
        var (worst, worstMean, worstFrequency) = (0.0, 0.0, 0.0)
        for (index, level) in cells.greatest.enumerated() {
          let bins =
            index * cells.perCell..<min((index + 1) * cells.perCell, rows.count)
          let greatest = rows[bins].map { $0[1] }.max() ?? 0
          worst = max(worst, abs((level ?? -999) - greatest))
          let frequency = Double(cells.first + bins.lowerBound) * rate / divisor
          worstFrequency = max(worstFrequency, abs(frequency - rows[bins.lowerBound][0]))
          guard let means = cells.means else { continue }
          // A bin without a mirror image has twice the power that its amplitude has in a pair.
          let power = bins.reduce(0.0) { sum, bin in
            let isUnpaired =
              cells.first + bin == 0
              || abs(rows[bin][0] - rate / 2 / (divisor / transformLength(divisor, job))) < 1e-6
            return sum + pow(10, rows[bin][1] / 10) * (isUnpaired ? 2 : 1)
          }
          let mean = 10 * log10(power / Double(bins.count))
          worstMean = max(worstMean, abs((means[index] ?? -999) - mean))
        }
        // Cells of several bins are made of magnitudes in 16 bits.
        let tolerance = cells.perCell == 1 ? 0.00502 : 0.00926
        #expect(worst <= tolerance, "\(worst)")
        #expect(worstMean <= tolerance, "\(worstMean)")
        #expect(worstFrequency <= 1e-6, "\(worstFrequency)")
      }
      #expect(whole.cells?.perCell == 1)
      #expect(small.cells?.perCell ?? 1 > 1 && small.bytes.count <= most)
    }
  }

  /// N of one part.
  private func transformLength(_ divisor: Double, _ job: Job) -> Double {
    job.options.contains("--parts") ? divisor / 3 : divisor
  }

  @Test func everyBinAroundPeaksIsKept() throws {
    try withFolder { folder in
      // Two of them are nearer to each other than a range is wide.
      try recording(400_000, in: folder, with: [450])
      let rows = try everyBin([], in: folder)
      let most = try size(leaving: 300_000, in: folder)
      let page = try page(["--page-size", "\(most)"], in: folder)
      let first = try #require(page.cells?.first)
      let details = try #require(page.series[0]["details"] as? [[String: Int]])
      let peaks = try #require(page.series[0]["peaks"] as? [[String: Any]])
      #expect(!details.isEmpty && peaks.count >= 2)
      var covered = IndexSet()
      for detail in details {
        let start = try #require(detail["first_bin"])
        let levels = page.levels(try #require(detail["array"]))
        #expect(covered.intersection(IndexSet(start - 1...start + levels.count)).isEmpty)
        covered.insert(integersIn: start..<start + levels.count)
        let worst = zip(levels, rows[(start - first)...]).map { abs(($0 ?? -999) - $1[1]) }.max()
        #expect(worst ?? 1 <= 0.00926)
      }
      // The tones, 1024 bins on either side.
      for frequency in [440, 450, 1234.5] {
        let bin = Int((frequency * 400_000 / 8000).rounded())
        #expect(covered.contains(integersIn: bin - 1024...bin + 1024), "\(frequency) Hz")
      }
    }
  }

  @Test(arguments: [110_000, 130_000, 800_000]) func pagesKeepTheirSize(room: Int) throws {
    try withFolder { folder in
      // More tones than there is room for every bin around them.
      try recording(1_000_000, in: folder, with: stride(from: 1501.5, to: 3500, by: 101).map { $0 })
      let most = try size(leaving: room, in: folder)
      for options in [
        [], ["--peaks", "40"], ["--method", "welch", "--segment", "500000"],
        ["--method", "spectrogram", "--columns", "4000"],
      ] {
        let page = try page(options + ["--page-size", "\(most)"], in: folder)
        #expect(page.bytes.count <= most)
        if options.isEmpty, room > 500_000 { #expect(most - page.bytes.count < room / 4) }
      }
    }
  }

  @Test func aPageOfEveryBinIsAnnounced() throws {
    try withFolder { folder in
      try recording(100_000, in: folder)
      let result = try Program.run(
        ["x.wav", "--out", "x.html", "--page-size", "all", "--report", "none"], in: folder)
      #expect(result.status == 0)
      let page = try PageFile(folder.appending(path: "x.html"))
      #expect(page.cells?.perCell == 1)
      let size = Int((Double(page.bytes.count) / 1000).rounded())
      #expect(result.error == "wavfft: x.html gets \(size) kB, with every bin\n")
    }
  }

  @Test func anyNumberOfWorkersWritesTheSameBytes() throws {
    try withFolder { folder in
      try recording(1_200_000, in: folder)
      let most = try size(leaving: 200_000, in: folder)
      for options in [
        ["--page-size", "\(most)"], ["--parts", "3"],
        [
          "--memory", "44M", "--scratch-dir", ".", "--precision", "double", "--page-size",
          "\(most)",
        ],
        ["--method", "spectrogram"], ["--values", "complex", "--points", "all"],
      ] {
        let pages = try ["1", "2", "3"].map {
          try page(options + ["--workers", $0], in: folder).bytes
        }
        #expect(pages.allSatisfy { $0 == pages[0] }, "\(options)")
      }
      // Points decide the rows of tables, not the cells of pages.
      let cells = try ["100", "all"].map { try page(["--points", $0], in: folder).arrays[0] }
      #expect(cells[0] == cells[1])
    }
  }

  /// Over the disk, also where the cells are computed when they are written.
  @Test func overTheDiskThePageIsThatInMemory() throws {
    try withFolder { folder in
      try recording(1_000_000, in: folder)
      let most = try size(leaving: 200_000, in: folder)
      for size in ["\(most)", "all"] {
        let options = ["--length", "16777216", "--band", "100:2300", "--page-size", size]
        let expected = try page(options, in: folder)
        let found = try page(options + ["--memory", "64M", "--scratch-dir", "."], in: folder)
        #expect(found.arrays.map(\.count) == expected.arrays.map(\.count))
        #expect((found.description["bands"] == nil) == (size == "all"))
        // To compare millions of levels takes minutes.
        let step = size == "all" ? 97 : 1
        let (one, other) = (found.levels(0, oneOf: step), expected.levels(0, oneOf: step))
        // Rounding counts far below the strongest bin.
        let differences = zip(one, other).map { abs(($0 ?? -999) - ($1 ?? -999)) }
        let near = zip(differences, other).filter { $0.1 ?? -999 > -90 }.map(\.0)
        #expect(near.count > 10 && near.max() ?? 1 <= 0.02)
        #expect(differences.sorted()[differences.count / 2] <= 0.011)
        guard size != "all" else { continue }
        let means = zip(found.levels(1), expected.levels(1))
        #expect(means.map { abs(($0 ?? -999) - ($1 ?? -999)) }.max() ?? 1 <= 0.02)
      }
    }
  }

  @Test func bandsAreThoseOfTheirOwnAnalysis() throws {
    try withFolder { folder in
      try recording(400_000, at: 48000, in: folder)
      let most = try size(leaving: 150_000, in: folder)
      for (method, limit) in [([], "8M"), ([], "\(most)"), (["--method", "welch"], "8M")] {
        let page = try page(method + ["--page-size", limit], in: folder)
        #expect((page.cells?.perCell ?? 1 > 1) == (limit != "8M"))
        let result = try Program.run(
          ["x.wav", "--out", "b.csv", "--bands", "third-octave", "--report", "none"] + method,
          in: folder)
        #expect(result.status == 0)
        // The lowest and the highest are not within the band.
        let rows = try table(folder.appending(path: "b.csv")).rows.dropFirst().dropLast()
        let bands = try #require(page.description["bands"] as? [[String: Any]])
        #expect(page.description["bands_title"] as? String == "Third-octave bands")
        #expect(bands.count == rows.count && bands.count == 29)
        for (band, row) in zip(bands, rows) {
          // Cells of several bins are made of magnitudes in 16 bits.
          #expect(
            abs((band["level_dbfs"] as? Double ?? 0) - row[1]) < (limit == "8M" ? 1e-5 : 0.00425))
          // Edges in tables have fewer digits.
          for (edge, expected) in [("low_hz", row[2]), ("high_hz", row[3])] {
            #expect(abs((band[edge] as? Double ?? 0) - expected) < 1e-5 * expected)
          }
        }
        let chosen = try self.page(["--bands", "octave", "--weighting", "A"] + method, in: folder)
        #expect(chosen.description["bands_title"] as? String == "Octave bands, A-weighted")
      }
      // What has folded back is not in the band where it seems to be.
      #expect(try page(["--parts", "2"], in: folder).description["bands"] == nil)
    }
  }

  @Test func spectrogramsAreReducedAsTheirCellsAre() throws {
    try withFolder { folder in
      try recording(600_000, in: folder)
      for reduce in ["max", "mean"] {
        let options = [
          "--method", "spectrogram", "--columns", "700", "--points", "300", "--reduce", reduce,
        ]
        let whole = try page(options, in: folder)
        let most = try size(leaving: 150_000, in: folder)
        let small = try page(options + ["--page-size", "\(most)"], in: folder)
        let (one, other) = try (spectrogram(whole), spectrogram(small))
        let factor = (one.columns + other.columns - 1) / other.columns
        #expect(factor > 1 && small.bytes.count <= most)
        #expect(other.columns == (one.columns + factor - 1) / factor && other.rows == one.rows)
        #expect(other.text.contains("\(factor) columns of the spectrogram are one column here"))
        #expect(abs(other.seconds - Double(factor) * one.seconds) < 1e-9)
        var worst = 0.0
        for column in 0..<other.columns {
          let columns = column * factor..<min((column + 1) * factor, one.columns)
          for row in 0..<one.rows {
            let levels = columns.map { one.levels[$0 * one.rows + row] ?? -.infinity }
            let expected =
              reduce == "max"
              ? levels.max() ?? 0
              : 10 * log10(levels.reduce(0) { $0 + pow(10, $1 / 10) } / Double(levels.count))
            worst = max(worst, abs((other.levels[column * one.rows + row] ?? -999) - expected))
          }
        }
        #expect(worst <= 0.0101, "\(worst)")
      }
      // In memory the whole is the table.
      let options = ["--method", "spectrogram", "--columns", "50", "--points", "40"]
      let whole = try spectrogram(page(options, in: folder))
      let result = try Program.run(
        ["x.wav", "--out", "s.csv", "--report", "none"] + options, in: folder)
      #expect(result.status == 0)
      let rows = try table(folder.appending(path: "s.csv")).rows
      #expect(rows.count == whole.columns)
      let levels = rows.flatMap { $0.dropFirst() }.sorted()
      #expect(levels.count == whole.levels.count)
      let found = whole.levels.map { $0 ?? -.infinity }.sorted()
      #expect(zip(levels, found).allSatisfy { abs($0 - $1) <= 0.00502 })
    }
  }

  private func spectrogram(
    _ page: PageFile
  ) throws -> (columns: Int, rows: Int, seconds: Double, levels: [Double?], text: String) {
    let entry = try #require(page.description["spectrogram"] as? [String: Any])
    let edges = page.numbers(try #require(entry["row_edges"] as? Int))
    let rows = try #require(entry["rows"] as? Int)
    #expect(edges.count == rows + 1 && edges == edges.sorted())
    return (
      try #require(entry["columns"] as? Int), rows,
      try #require(entry["seconds_per_column"] as? Double),
      page.levels(try #require(entry["levels"] as? Int)), entry["text"] as? String ?? ""
    )
  }

  @Test func emptyAndSilentRecordingsHavePages() throws {
    try withFolder { folder in
      try wav(pcm16([Int16](repeating: 0, count: 5000))).write(
        to: folder.appending(path: "silence.wav"))
      let silent = try page([], in: folder, of: "silence.wav")
      #expect(silent.description["emptiness"] as? String == "Silence: every sample is 0")
      #expect(silent.cells?.greatest.isEmpty == false)
      #expect(silent.cells?.greatest.allSatisfy { $0 == nil } == true)
      try wav(pcm16([3, 5, -7])).write(to: folder.appending(path: "short.wav"))
      let short = try page(["--band", "full"], in: folder, of: "short.wav")
      #expect(short.cells?.greatest.count == 2)
      try wav(pcm16([3])).write(to: folder.appending(path: "one.wav"))
      let one = try page([], in: folder, of: "one.wav")
      #expect(one.cells?.greatest.isEmpty == true && one.description["emptiness"] != nil)
      try recording(80000, in: folder)
      let single = try page(["--band", "439.95:440.05"], in: folder)
      #expect(single.cells?.greatest.count == 1)
    }
  }

  /// A name as a shell may give it: nothing of it becomes a tag, a script or a control character.
  @Test func hostileNamesStayText() throws {
    try withFolder { folder in
      for name in [
        "<script>alert(1)<", "<!--<script>.wav", "\"'&<b>.wav", "a\u{2028}b\u{7}c\nd.wav",
        "]]><img src=x onerror=alert(1)>.wav", "<\u{338}\u{338}script>.wav",
      ] {
        try recording(20000, in: folder, as: name)
        let page = try page([], in: folder, of: "./" + name)
        #expect(page.scripts.count == 2)
        #expect(page.json.firstIndex(of: UInt8(ascii: "<")) == nil)
        #expect(!page.title.contains("<"))
        let title = page.description["title"] as? String
        #expect(
          title?.filter { $0 != " " }
            == "Spectrumof\(name)".filter { !"\u{2028}\u{7}\n ".contains($0) })
      }
      // Bytes that are not UTF-8, and an end tag with slashes: folders.
      let command =
        "cp x.wav \"$(printf 'n\\377\\200.wav')\"; wavfft \"$(printf 'n\\377\\200.wav')\" --out x.html --report none"
      try recording(20000, in: folder)
      #expect(try Program.shell(command, in: folder).status == 0)
      let page = try PageFile(folder.appending(path: "x.html"))
      #expect(page.description["title"] as? String == "Spectrum of n\\xFF\\x80.wav")
      try FileManager.default.createDirectory(
        at: folder.appending(path: "<"), withIntermediateDirectories: true)
      try recording(20000, in: folder, as: "</script>")
      #expect(try self.page([], in: folder, of: "</script>").scripts.count == 2)
    }
  }

  /// The digests by another program; no script, style or address is outside the policy.
  @Test func thePolicyNamesEveryScript() throws {
    try withFolder { folder in
      try recording(20000, in: folder)
      let page = try page([], in: folder)
      func source(_ text: Data) throws -> String {
        try text.write(to: folder.appending(path: "text"))
        let result = try Program.shell("sha256sum text", in: folder)
        let digits = Array(result.output.prefix(64))
        let bytes = stride(from: 0, to: 64, by: 2).compactMap {
          UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        return "'sha256-\(Data(bytes).base64EncodedString())'"
      }
      let sources = try Set(page.scripts.map(source))
      let scripts = page.policy.split(separator: "; ").first { $0.hasPrefix("script-src ") }
      #expect(Set(scripts?.split(separator: " ").dropFirst().map(String.init) ?? []) == sources)
      #expect(page.policy.contains("; style-src \(try source(page.styles[0]));"))
      #expect(page.policy.hasPrefix("default-src 'none'; ") && !page.policy.contains("unsafe"))
      #expect(page.policy.contains("base-uri 'none'; form-action 'none'"))
      let text = String(decoding: page.bytes, as: UTF8.self)
      for address in ["src=\"http", "href=\"http", "url(http", "@import", " style=\"", " onclick="]
      {
        #expect(!text.contains(address), "\(address)")
      }
    }
  }

  @Test func whatPagesDoNotTakeIsRefused() throws {
    try withFolder { folder in
      try recording(20000, in: folder)
      for (options, words) in [
        (["--out", "x.csv", "--page-size", "1M"], "--page-size is for pages"),
        (["--out", "x.html", "--page-size", "1k"], "choose at least"),
        (["--out", "x.html", "--page-size", "3G"], "Browsers open at most about 2.0 GB"),
        (["--out", "x.html", "--page-size", "much"], "Write a number of bytes"),
      ] {
        let result = try Program.run(["x.wav"] + options, in: folder)
        #expect(result.status == 64 && result.error.contains(words), "\(result.error)")
      }
      #expect(try contents(folder) == ["x.wav"])
    }
  }

  @Test func batchesAndComparisonsWritePages() throws {
    try withFolder { folder in
      try recording(60000, in: folder)
      try recording(61000, in: folder, as: "y.wav")
      let most = try size(leaving: 120_000, in: folder)
      let batch = try Program.run(
        [
          "batch", "x.wav", "y.wav", "--out-dir", "o", "--format", "html,csv", "--page-size",
          "\(most)",
        ], in: folder)
      #expect(batch.status == 0, "\(batch.error)")
      for name in ["x", "y"] {
        let page = try PageFile(folder.appending(path: "o/\(name).html"))
        #expect(page.series[0]["name"] as? String == "\(name).wav" && page.bytes.count <= most)
      }
      let compared = try Program.run(
        ["compare", "o/x.csv", "o/x.csv", "--out", "c.html", "--report", "none"], in: folder)
      #expect(compared.status == 0, "\(compared.error)")
      let page = try PageFile(folder.appending(path: "c.html"))
      #expect(page.description["kind"] as? String == "comparison" && page.series.count == 2)
      let comparison = try #require(page.description["comparison"] as? [String: Any])
      let frequencies = page.numbers(try #require(comparison["frequency"] as? Int))
      let differences = page.levels(try #require(comparison["difference"] as? Int))
      #expect(frequencies.count > 500 && differences.allSatisfy { $0 == 0 })
      #expect(page.arrays[try #require(comparison["violation"] as? Int)].allSatisfy { $0 == 0 })
      let rows = try #require(page.series[0]["rows"] as? [String: Int])
      let (low, high) = (page.numbers(rows["low"] ?? -1), page.numbers(rows["high"] ?? -1))
      // That of the worst row of a column, which lies beside its strongest row.
      #expect(zip(frequencies, frequencies.dropFirst()).allSatisfy { $0 < $1 })
      for (index, frequency) in frequencies.enumerated() {
        let (before, after) = (max(index - 1, 0), min(index + 1, low.count - 1))
        #expect(low[before] <= frequency && frequency <= high[after])
      }
      // The strongest row of a column is one of the table's.
      let levels = Set(
        try table(folder.appending(path: "o/x.csv")).rows.map { ($0[2] * 100).rounded() / 100 })
      #expect(page.levels(rows["level"] ?? -1).allSatisfy { levels.contains($0 ?? 1) })
    }
  }

  /// A page opens as a figure with the same options is drawn.
  @Test func pagesOpenAsFiguresAreDrawn() throws {
    try withFolder { folder in
      try recording(20000, in: folder)
      let plain = try page([], in: folder).description
      for name in ["axis", "scale", "level_range_db", "theme", "shows_bands"] {
        #expect(plain[name] == nil, "\(name)")
      }
      let drawn = try page(
        ["--axis", "linear", "--level-range=-90:-10", "--theme", "dark"], in: folder
      ).description
      #expect(drawn["axis"] as? String == "linear" && drawn["theme"] as? String == "dark")
      #expect(drawn["level_range_db"] as? [Double] == [-90, -10])
      #expect(
        try page(["--scale", "linear"], in: folder).description["scale"] as? String == "linear")
    }
  }

  /// Weighted bands are called so, and have the levels of the report.
  @Test func weightedBandsAreNamed() throws {
    try withFolder { folder in
      try recording(20000, in: folder)
      let options = ["--bands", "octave", "--weighting", "A"]
      let found = try page(options, in: folder).description
      #expect((found["bands_title"] as? String)?.hasSuffix(", A-weighted") == true)
      #expect(found["shows_bands"] as? Bool == true)
      let levels = try #require(found["bands"] as? [[String: Any]]).compactMap {
        $0["level_dbfs"] as? Double
      }
      _ = try Program.run(["x.wav", "--out", "b.csv", "--report", "none"] + options, in: folder)
      let bands = try table(folder.appending(path: "b.csv"))
      let column = try #require(
        bands.header.split(separator: ",").firstIndex(of: "a_weighted_level_db"))
      #expect(levels.count == bands.rows.count)
      #expect(zip(levels, bands.rows).allSatisfy { abs($0 - $1[column]) < 1e-9 })
    }
  }

  /// Texts count, too.
  @Test func longTitlesKeepTheSize() throws {
    try withFolder { folder in
      try recording(400_000, in: folder)
      let title = String(repeating: "<", count: 10000)
      let found = try page(["--page-size", "900k", "--title", title], in: folder)
      #expect(found.bytes.count <= 900_000)
      let result = try Program.run(
        ["x.wav", "--page-size", "300k", "--title", title + title + title, "--out", "y.html"],
        in: folder)
      #expect(result.status == 64 && result.error.contains("is too small for the page"))
    }
  }
}
