// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import FoundationXML
import TestSupport
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

  private func labels(_ axis: FrequencyAxis, _ kind: Scene.Tick.Kind = .major) -> [String] {
    axis.ticks.filter { $0.kind == kind }.map(\.label)
  }

  @Test func ticksAreRoundFrequenciesAndTheNotesA() {
    let axis = FrequencyAxis(low: 20, high: 20000, span: 84...1176)
    #expect(
      labels(axis)
        == ["20", "50", "100", "200", "500", "1000", "2000", "5000", "10000", "20000"])
    #expect(labels(axis, .note) == (0...9).map { "A\($0)" })
    #expect(axis.position(20) == 84)
    #expect(abs(axis.position(20000) - 1176) < 1e-9)
    // Every decade has its marks, down to the lowest frequency.
    let low = FrequencyAxis(low: 0.02, high: 20000, span: 84...1176)
    #expect(labels(low).first == "0.02" && labels(low).count >= 6)
    #expect(labels(low, .minor).count > 30)
  }

  @Test func notesFollowThePitchOfA4() throws {
    let axis = FrequencyAxis(low: 20, high: 20000, span: 84...1176, a4: 415)
    let a4 = try #require(axis.ticks.first { $0.label == "A4" })
    #expect(abs(a4.position - axis.position(415)) < 1e-9)
  }

  @Test func anOctaveHasAllItsNotes() {
    let axis = FrequencyAxis(low: 255, high: 530, span: 84...1176)
    #expect(
      labels(axis, .note) == [
        "C4", "C#4", "D4", "D#4", "E4", "F4", "F#4", "G4", "G#4", "A4", "A#4", "B4", "C5",
      ])
  }

  /// Whatever the range, labels of a row have room.
  @Test(arguments: FrequencySpacing.allCases)
  func labelsNeverTouch(spacing: FrequencySpacing) {
    for low in [0.001, 0.37, 20, 441, 16000] {
      for step in 0..<60 {
        let ratio = pow(10, 0.0003 * pow(1.19, Double(step)))
        for right in [576.0, 1176] {
          let axis = FrequencyAxis(low: low, high: low * ratio, span: 84...right, spacing: spacing)
          for (kind, least) in [(Scene.Tick.Kind.major, 40.0), (.note, 30)] {
            let places = axis.ticks.filter { $0.kind == kind }.map(\.position)
            #expect(
              zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= least },
              "\(low) \(ratio) \(kind)")
          }
        }
      }
    }
  }

  @Test func aNarrowBandHasRoundTicks() {
    let axis = FrequencyAxis(low: 439, high: 441, span: 84...1176)
    #expect(labels(axis).contains("440"))
    #expect(labels(axis).count >= 5)
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
    let axis = FrequencyAxis(low: 5, high: 22050, span: 84...1112)
    let limit = SVG.place(axis.position(2756.25))
    #expect(svg.contains("<path class=\"limit\" d=\"M\(limit) "))
    // One line per 14 units of width and height together.
    let hatch = try #require(svg.split(separator: "class=\"hatch\" d=\"").dropFirst().first)
    let lines = hatch.prefix { $0 != "\"" }.filter { $0 == "M" }.count
    #expect(lines == Int((1112 - axis.position(2756.25) + 464) / 14))
  }

  @Test func aNarrowHatchedPartHasSmallWords() throws {
    let loss = NyquistLoss(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000, parts: 8), band: .full,
      energyShareAbove: 0.0183)
    // 196 units for three of sixteen octaves.
    let svg = try figure(rows: rows(100) { _ in -10 }, range: 0.4...22050, loss: loss)
    let lines = try Drawing(svg).texts.filter { $0.style.contains("lost-fact") }.map(\.text)
    let words = lines.joined(separator: " ")
    for sentence in [
      "nothing above 2756.25 Hz", "about 1.83 % of the energy, folded back below the limit",
    ] {
      #expect(words.contains(sentence), "\(words)")
    }
    #expect(lines.count > 4 && lines.allSatisfy { estimatedWidth($0, size: 12) < 196 })
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
