// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

/// Pages with several curves: channels of a recording, and overlays.
@Suite struct SharedPageTests {
  private func page(_ arguments: [String], in folder: URL) throws -> PageFile {
    let result = try Program.run(
      arguments + ["--out", "x.html", "--report", "none"], in: folder)
    try #require(result.status == 0, "\(result.error)")
    return try PageFile(folder.appending(path: "x.html"))
  }

  private func series(_ page: PageFile) throws -> [[String: Any]] {
    try #require(page.description["series"] as? [[String: Any]])
  }

  /// The levels of a curve's cells.
  private func cells(_ page: PageFile, _ index: Int) throws -> Data {
    let cells = try #require(series(page)[index]["cells"] as? [String: Int])
    return page.arrays[try #require(cells["greatest"])]
  }

  @Test func channelsShareAPage() throws {
    let file = Program.fixture("two-channels.wav")
    try withFolder { folder in
      let both = try page([file, "--channel", "each", "--title", "Mine"], in: folder)
      #expect(both.description["title"] as? String == "Mine")
      #expect(try contents(folder) == ["x.html"])
      #expect(
        try series(both).compactMap { $0["name"] as? String } == [
          "channel 1 (left)", "channel 2 (right)",
        ])
      for (index, channel) in ["left", "right"].enumerated() {
        let single = try page([file, "--channel", channel], in: folder)
        #expect(try cells(both, index) == cells(single, 0))
        let peaks = try #require(series(both)[index]["peaks"] as? [[String: Any]])
        #expect(try peaks.count == (series(single)[0]["peaks"] as? [Any])?.count)
      }
      #expect(try cells(both, 0) != cells(both, 1))
    }
  }

  /// The curve of a channel has the bands of that channel, with and without a choice of them.
  @Test(arguments: [[], ["--bands", "octave", "--weighting", "A"]])
  func channelsHaveTheirBands(options: [String]) throws {
    let file = Program.fixture("two-channels.wav")
    try withFolder { folder in
      let both = try page([file, "--channel", "each"] + options, in: folder)
      #expect(both.description["bands"] == nil)
      #expect(both.description["shows_bands"] as? Bool == (options.isEmpty ? nil : true))
      var levels: [[Double?]] = []
      for (index, channel) in ["left", "right"].enumerated() {
        let single = try page([file, "--channel", channel] + options, in: folder).description
        #expect(both.description["bands_title"] as? String == single["bands_title"] as? String)
        let own = try #require(series(both)[index]["bands"] as? [[String: Any]])
        let other = try #require(single["bands"] as? [[String: Any]])
        #expect(own.count == other.count && own.count > 3)
        levels.append(own.map { $0["level_dbfs"] as? Double })
        #expect(levels[index] == other.map { $0["level_dbfs"] as? Double })
      }
      #expect(levels[0] != levels[1])
    }
  }

  /// Recordings have their bins, tables their rows, and each its own name.
  @Test func overlaysHaveTheirBins() throws {
    let (bach, sine) = (Program.fixture("bach.wav"), Program.fixture("sine-on-bin.wav"))
    try withFolder { folder in
      _ = try Program.run([sine, "--out", "sine.csv", "--report", "none"], in: folder)
      let all = try page(["overlay", bach, sine, "sine.csv"], in: folder)
      let curves = try series(all)
      #expect(
        curves.compactMap { $0["name"] as? String } == ["bach.wav", "sine-on-bin.wav", "sine.csv"])
      #expect(curves[2]["cells"] == nil && curves[2]["grid"] == nil)
      let rows = try #require(curves[2]["rows"] as? [String: Int])
      let counts = try ["frequency", "low", "high", "level"].map { name in
        all.arrays[try #require(rows[name])].count / (name == "level" ? 2 : 8)
      }
      #expect(Set(counts).count == 1 && counts[0] > 1000)
      let single = try page([sine], in: folder)
      #expect(try cells(all, 1) == cells(single, 0))
    }
  }

  /// All curves together keep the size, and cells have the more bins, the more curves there are.
  @Test func curvesShareTheSize() throws {
    let bach = Program.fixture("bach.wav")
    try withFolder { folder in
      let sizes = ["--page-size", "1M"]
      let two = try page(["overlay", bach, bach] + sizes, in: folder)
      let one = try page([bach] + sizes, in: folder)
      #expect(two.bytes.count <= 1_000_000 && two.bytes.count > 700_000)
      func binsPerCell(_ page: PageFile) throws -> Int {
        try #require((series(page)[0]["cells"] as? [String: Int])?["bins_per_cell"])
      }
      #expect(try binsPerCell(two) > binsPerCell(one))
      let details = try #require(series(two)[1]["details"] as? [[String: Int]])
      #expect(details.allSatisfy { two.arrays.indices.contains($0["array"] ?? -1) })
      #expect(!details.isEmpty)
    }
  }

  @Test func moreThanEightChannelsAreRefused() throws {
    try withFolder { folder in
      let samples = (0..<9000).map { Int16(truncatingIfNeeded: 7919 &* $0) }
      try wav(pcm16(samples), channels: 9).write(to: folder.appending(path: "nine.wav"))
      let result = try Program.run(
        ["nine.wav", "--channel", "each", "--out", "x.html"], in: folder)
      #expect(result.status == 64 && result.error.contains("at most 8 channels"), "\(result.error)")
    }
  }

  /// The size that an error advises is that of the whole page, and suffices.
  @Test func theAdvisedSizeSuffices() throws {
    let file = Program.fixture("two-channels.wav")
    try withFolder { folder in
      let words = [file, "--channel", "each", "--out", "x.html", "--report", "none", "--page-size"]
      let result = try Program.run(words + ["300000"], in: folder)
      #expect(result.status == 64 && result.error.contains("300,000"), "\(result.error)")
      let advised = try #require(result.error.firstMatch(of: /at least ([0-9,]+) bytes/)?.1)
      let size = try #require(Int(advised.replacing(",", with: "")))
      let second = try Program.run(words + [String(size)], in: folder)
      #expect(second.status == 0, "\(second.error)")
      #expect(try PageFile(folder.appending(path: "x.html")).bytes.count <= size)
    }
  }

  @Test func thePageOfEveryBinIsAnnounced() throws {
    let file = Program.fixture("sine-on-bin.wav")
    try withFolder { folder in
      let result = try Program.run(
        ["overlay", file, file, "--page-size", "all", "--out", "x.html", "--report", "none"],
        in: folder)
      #expect(result.status == 0 && result.error.contains("with every bin"), "\(result.error)")
    }
  }
}
