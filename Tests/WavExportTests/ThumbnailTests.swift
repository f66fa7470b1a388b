// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@testable import WavExport

/// The small curves of an index page.
struct ThumbnailTests {
  private func row(_ frequency: Double, _ level: Double) -> BandRow {
    BandRow(
      bin: 1, frequency: frequency, magnitude: 1, level: level, lowEdge: frequency,
      highEdge: frequency, power: 1)
  }

  private func thumbnail(
    _ rows: [BandRow], rate: Int = 48000, _ range: ClosedRange<Double> = 20...20000
  ) -> Thumbnail? {
    Thumbnail(
      Spectrum(
        grid: BinGrid(sampleRate: rate, transformLength: 4800),
        scaling: Scaling(
          windowName: "rectangular", sampleCount: 4800, windowSum: 4800, windowSquareSum: 4800),
        band: .audible, range: range,
        rows: rows))
  }

  @Test(arguments: [
    (0.0, 241), (-6, 229), (-6.2, 229), (-6.3, 228), (-120, 1), (-120.3, 0), (-200, 0),
    (-.infinity, 0), (6, 253), (6.5, 254), (60, 254), (.infinity, 254), (.nan, 0),
  ])
  func levelsAreHalfDecibels(level: Double, code: Int) {
    #expect(Thumbnail.code(level) == UInt8(code))
  }

  @Test func columnsAreEquallyWideOnALogarithmicAxis() throws {
    // Three decades, 32 columns each.
    let found = try #require(
      thumbnail([row(20, -10), row(200, -20), row(2000, -30), row(20000, -40), row(215, -19)]))
    #expect((found.lowHz, found.highHz) == (20, 20000))
    let levels = Array(found.levels)
    #expect(levels.count == 96)
    #expect(levels[0] == Thumbnail.code(-10))
    #expect(levels[32] == Thumbnail.code(-20))
    #expect(levels[33] == Thumbnail.code(-19))
    #expect(levels[64] == Thumbnail.code(-30))
    #expect(levels[95] == Thumbnail.code(-40))
    #expect(levels.count { $0 == Thumbnail.noBin } == 91)
  }

  @Test func aColumnHasItsStrongestBin() throws {
    let found = try #require(
      thumbnail([row(500, -.infinity), row(501, -40), row(502, -30), row(503, -50)]))
    #expect(Set(found.levels) == [Thumbnail.noBin, Thumbnail.code(-30)])
  }

  @Test func theAxisEndsWithTheRecording() throws {
    let low = try #require(thumbnail([row(3999, -10)], rate: 8000))
    #expect(low.highHz == 4000)
    #expect(low.levels.last == Thumbnail.code(-10))
    // A full band begins at 0 Hz, a logarithmic axis does not.
    let full = try #require(thumbnail([row(0, -3), row(1000, -10)], 0...24000))
    #expect((full.lowHz, full.highHz) == (2.4, 24000))
    #expect(!full.levels.contains(Thumbnail.code(-3)))
    #expect(thumbnail([], rate: 30, 20...20000) == nil)
  }

  @Test func fewerColumnsKeepTheStrongest() {
    let levels: [UInt8] = [1, 5, 255, 3, 255, 255, 0, 255]
    let curve = Thumbnail(lowHz: 20, highHz: 20000, levels: Data(levels))
    #expect(curve.levels(count: 4) == [5, 3, 255, 0])
    #expect(curve.levels(count: 8) == levels)
    #expect(curve.levels(count: 1) == [5])
    // A table that was written by hand may have any number.
    #expect(curve.levels(count: 12).count == 12)
  }

  private func contents(_ count: Int, named name: String) -> IndexContents {
    let curve = Thumbnail(lowHz: 20, highHz: 20000, levels: Data(repeating: 7, count: 96))
    let entries = (0..<count).map { number in
      var entry = IndexEntry(name: "\(name) \(number)", status: "ok")
      entry.thumbnail = curve
      return entry
    }
    return IndexContents(
      title: "Recordings", subtitle: "", options: "", program: "test", entries: entries)
  }

  /// The page keeps to 8 MB as long as fewer columns help.
  @Test func longListsHaveCoarserCurves() throws {
    for (count, length, columns) in [
      (10, 10, 96), (20_000, 220, 48), (20_000, 300, 12), (20_000, 500, 0),
    ] {
      let name = String(repeating: "x", count: length)
      let document = try contents(count, named: name).document()
      var bytes: [UInt8] = []
      try document.write { span in span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
      #expect(bytes.count == document.byteCount)
      #expect((bytes.count <= 8_000_000) == (columns > 0), "\(length): \(bytes.count)")
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(
        text.contains("\"thumbnails\":{\"array\":0,\"columns\":\(columns),") == (columns > 0),
        "\(length)")
      #expect(text.contains("\"arrays\":[{\"count\":\(columns * count),") == (columns > 0))
    }
  }

  @Test func namesAndErrorsCannotEndTheirElement() throws {
    var list = contents(1, named: "</script><script>alert(1)</script>")
    list.entries[0].error = "<!-- <script>"
    list.title = "</title><b>"
    var bytes: [UInt8] = []
    try list.document().write { span in span.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(!text.contains("alert(1)</script>") && !text.contains("<!-- <script>"))
    #expect(text.contains("<title>&lt;/title&gt;&lt;b&gt;</title>"))
  }
}
