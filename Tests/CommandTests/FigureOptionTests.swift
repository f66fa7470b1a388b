// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

/// Options of figures.
@Suite struct FigureOptionTests {
  private let sine = Program.fixture("sine-on-bin.wav")

  private func drawing(_ options: [String]) throws -> Drawing {
    try withFolder { folder in
      let result = try Program.run(
        [sine, "--out", "x.svg", "--report", "none"] + options, in: folder)
      try #require(result.status == 0, "\(result.error)")
      return try Drawing(String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8))
    }
  }

  private func numbers(_ drawing: Drawing, _ style: String) -> [Double] {
    drawing.texts.filter { $0.style == style }.compactMap { Double($0.text) }
  }

  /// On a linear axis the bands of a density become wider with their frequencies; the curve has no step among lines.
  @Test func aDensityIsALineOrSteps() throws {
    try withFolder { folder in
      func flatPieces(_ options: [String]) throws -> (flat: Int, all: Int) {
        let result = try Program.run(
          [
            Program.fixture("bach.wav"), "--start", "22", "--duration", "2.5", "--window", "hann",
            "--out", "x.svg", "--report", "none",
          ] + options, in: folder)
        try #require(result.status == 0, "\(result.error)")
        let text = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
        let path = try #require(text.firstMatch(of: /class="noise" d="M([^"]+)"/)).1
        let heights = path.split(separator: "L").compactMap { $0.split(separator: " ").last }
        return (zip(heights, heights.dropFirst()).count { $0 == $1 }, heights.count)
      }
      let line = try flatPieces(["--axis", "linear", "--band", "150:1500"])
      #expect(line.flat <= 1 && line.all > 50, "\(line)")
      let steps = try flatPieces(["--band", "400:800"])
      #expect(steps.flat >= steps.all / 2, "\(steps)")
    }
  }

  @Test func axesAreLogarithmicOrLinear() throws {
    #expect(numbers(try drawing([]), "middle").starts(with: [20, 50, 100]))
    let linear = numbers(try drawing(["--axis", "linear", "--band", "0:4000"]), "middle")
    let steps = Set(zip(linear, linear.dropFirst()).map { $1 - $0 })
    #expect(linear.count >= 5 && steps.count == 1, "\(linear)")
  }

  /// The peak of a sine of amplitude 0.5 is at 0.5 of a linear axis.
  @Test func amplitudesAreLinear() throws {
    let drawing = try drawing(["--scale", "linear"])
    let scale = drawing.levelScale()
    #expect(scale.values.first == 0 && scale.isEven(within: 0.1))
    let peak = try #require(drawing.circles.first)
    let amplitude = scale.value(peak.y)
    let report = try Program.run([sine, "--report", "json"])
    let level = try #require(report.output.firstMatch(of: /"level_dbfs" : (-?[0-9.]+)/)?.1)
    #expect(abs(amplitude - pow(10, try #require(Double(level)) / 20)) < 0.005)
    #expect(drawing.texts.contains { $0.text == "Amplitude (full-scale sine = 1)" })
  }

  @Test func levelsHaveTheirRange() throws {
    let values = try drawing(["--level-range", "-75:-15"]).levelScale().values
    #expect(values.first == -70 && values.last == -20)
  }

  /// What is beyond the range is not lost in silence.
  @Test func peaksBeyondTheRangeAreCounted() throws {
    let texts = try drawing(["--level-range", "-160:-150"]).texts
    #expect(texts.contains { $0.text == "1 listed peak is beyond the levels shown" })
  }

  @Test func theTitleIsThatOfTheDocument() throws {
    try withFolder { folder in
      _ = try Program.run(
        [sine, "--title", "A <b> & c", "--size", "900x500", "--out", "x.svg"], in: folder)
      let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(svg.contains("<title id=\"title\">A &lt;b&gt; &amp; c</title>"))
      #expect(svg.contains("viewBox=\"0 0 900 500\""))
      #expect(try Drawing(svg).texts.first?.text == "A <b> & c")
    }
  }

  @Test(arguments: [
    (["--size", "100x100"], "600x400 to 10000x10000"), (["--size", "1200"], "WIDTHxHEIGHT"),
    (["--level-range", "3:1"], "LOW:HIGH"), (["--axis", "round"], "--axis"),
    (["--scale", "linear", "--level-range", "-90:0"], "leave one of them out"),
  ])
  func nonsenseIsRefused(options: [String], sentence: String) throws {
    let result = try Program.run([sine] + options)
    #expect(result.status == 64 && result.error.contains(sentence), "\(result.error)")
  }

  @Test func theChannelIsNamed() throws {
    try withFolder { folder in
      _ = try Program.run(
        [Program.fixture("two-channels.wav"), "--channel", "right", "--out", "x.svg"], in: folder)
      let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(svg.contains("class=\"subtitle\"") && svg.contains(">channel 2 of 2, exact"))
    }
  }

  /// Every theme has colours of its own, also in images; only one follows the reader.
  @Test func themesHaveTheirColours() throws {
    try withFolder { folder in
      var pages: [String: UInt32] = [:]
      var sheets: Set<String> = []
      for theme in ["auto", "light", "dark", "print"] {
        let result = try Program.run(
          [sine, "--theme", theme, "--out", "x.svg", "--out", "x.png", "--report", "none"],
          in: folder)
        #expect(result.status == 0)
        let svg = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
        #expect(svg.contains("prefers-color-scheme") == (theme == "auto"))
        sheets.insert(String(svg.split(separator: "</style>")[0]))
        pages[theme] = try #require(Image(folder.appending(path: "x.png"))).colour(2, 2)
      }
      #expect(sheets.count == 4)
      #expect(pages == ["auto": 0xffffff, "light": 0xffffff, "dark": 0x10141a, "print": 0xffffff])
    }
  }
}
