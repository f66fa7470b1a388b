// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import FoundationXML
import Testing
import WavSpectrum

@testable import WavExport

@Suite struct FigureTests {
  private func figure(
    rows: [BandRow], range: ClosedRange<Double> = 20...20000, title: String = "Spectrum",
    loss: NyquistLoss? = nil
  ) throws -> String {
    let spectrum = Spectrum(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000),
      scaling: Scaling(windowName: "hann", sampleCount: 1, windowSum: 1, windowSquareSum: 1),
      band: .audible,
      range: range, rows: rows)
    let figure = SpectrumFigure(
      spectrum, peaks: [Peak(frequency: 440.1, level: -9, aboveFloor: 60, shape: .line)],
      loss: loss,
      text: FigureText(title: title, subtitle: "", description: "About it")
    )
    return try SVG.document(figure.scene())
  }

  private func rows(_ count: Int, level: (Int) -> Double) -> [BandRow] {
    (0..<count).map { index in
      let low = 20 * exp(log(1000.0) * Double(index) / Double(count))
      let high = 20 * exp(log(1000.0) * Double(index + 1) / Double(count))
      return BandRow(
        bin: index, frequency: low, magnitude: 1, level: level(index), lowEdge: low,
        highEdge: high, power: 1)
    }
  }

  private func isWellFormed(_ text: String) -> Bool {
    XMLParser(data: Data(text.utf8)).parse()
  }

  @Test func ticksAreTheNotesA() {
    let axis = FrequencyAxis(low: 20, high: 20000, span: 0...100)
    #expect(axis.ticks.map(\.note) == (0...9).map { "A\($0)" })
    #expect(axis.ticks.map(\.label).first == "27.5")
    #expect(axis.ticks.map(\.label).last == "14080")
    #expect(axis.position(20) == 0)
    #expect(abs(axis.position(20000) - 100) < 1e-9)
  }

  @Test func ticksFollowThePitchOfA4() {
    let axis = FrequencyAxis(low: 20, high: 20000, span: 0...100, a4: 415)
    #expect(axis.ticks.first { $0.note == "A4" }?.label == "415")
    #expect(axis.ticks.allSatisfy { $0.note.hasPrefix("A") })
  }

  @Test func aNarrowBandHasRoundTicks() {
    let axis = FrequencyAxis(low: 439, high: 441, span: 0...100)
    #expect(axis.ticks.map(\.label).contains("440"))
    #expect(axis.ticks.count >= 5)
  }

  @Test func manyBandsStaySmall() throws {
    let svg = try figure(rows: rows(65536) { Double($0 % 97) - 120 })
    #expect(svg.utf8.count < 500_000)
    #expect(isWellFormed(svg))
  }

  @Test func silenceIsDrawnAsNothing() throws {
    let svg = try figure(rows: rows(100) { _ in -.infinity })
    #expect(!svg.contains("class=\"curve\""))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(isWellFormed(svg))
  }

  @Test func namesAreEscaped() throws {
    let svg = try figure(rows: rows(10) { _ in -10 }, title: "a<b>&\"c\"\u{1}.wav")
    #expect(isWellFormed(svg))
    #expect(svg.contains("a&lt;b&gt;&amp;&quot;c&quot;"))
  }

  @Test func theLossIsMarkedWithItsLimit() throws {
    let loss = NyquistLoss(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000, parts: 8), band: .audible,
      energyShareAbove: 0.0183)
    let svg = try figure(rows: rows(100) { _ in -10 }, loss: loss)
    #expect(svg.contains("Lost to decimation"))
    #expect(svg.contains("nothing above 2756.25 Hz"))
    #expect(svg.contains("about 1.83 % of the energy"))
    #expect(isWellFormed(svg))
  }

  @Test func theFullBandIsHatchedFromItsLimitOn() throws {
    let loss = NyquistLoss(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000, parts: 8), band: .full,
      energyShareAbove: 0.0183)
    let svg = try figure(rows: rows(100) { _ in -10 }, range: 5...22050, loss: loss)
    #expect(svg.contains("87.5 % of the band in Hz"))
    #expect(svg.contains("the upper 3 octaves"))
    let axis = FrequencyAxis(low: 5, high: 22050, span: 84...1176)
    let limit = SVG.place(axis.position(2756.25))
    #expect(svg.contains("<path class=\"limit\" d=\"M\(limit) "))
    // One line per 14 units of width and height together.
    let hatch = try #require(svg.split(separator: "class=\"hatch\" d=\"").dropFirst().first)
    let lines = hatch.prefix { $0 != "\"" }.filter { $0 == "M" }.count
    #expect(lines == Int((1176 - axis.position(2756.25) + 464) / 14))
  }

  @Test func aNarrowHatchedPartHasSmallWords() throws {
    let loss = NyquistLoss(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000, parts: 8), band: .full,
      energyShareAbove: 0.0183)
    // 172 units for three of twenty octaves have space for 24 small letters.
    let svg = try figure(rows: rows(100) { _ in -10 }, range: 0.04...22050, loss: loss)
    for line in [
      "nothing above 2756.25 Hz", "about 1.83 % of the", "energy, folded back", "below the limit",
    ] {
      #expect(svg.contains(">\(line)</text>"), "\(line)")
    }
    #expect(svg.contains("middle lost-fact small"))
  }

  @Test func aFigureWithoutLossHasNoHatching() throws {
    let loss = NyquistLoss(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000, parts: 8),
      band: .between(low: 20, high: 2000), energyShareAbove: nil)
    let svg = try figure(rows: rows(100) { _ in -10 }, range: 20...2000, loss: loss)
    #expect(!svg.contains("class=\"hatch\""))
    #expect(!svg.contains("Lost to decimation"))
  }

  @Test func screenReadersAndDarkModeAreServed() throws {
    let svg = try figure(rows: rows(10) { _ in -10 })
    #expect(svg.contains("<title id=\"title\">Spectrum</title>"))
    #expect(svg.contains("<desc id=\"desc\">About it</desc>"))
    #expect(svg.contains("prefers-color-scheme: dark"))
  }
}
