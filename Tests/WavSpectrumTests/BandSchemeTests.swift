// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavSpectrum

@Suite struct BandSchemeTests {
  static let schemes: [BandScheme] = [
    .octave, .thirdOctave, .sixthOctave, .twelfthOctave, .semitone(a4: 440),
    .semitone(a4: 415.3),
  ]

  /// One second, so that the bins are 1 Hz apart.
  private func grid(_ rate: Int) -> BinGrid { BinGrid(sampleRate: rate, transformLength: rate) }

  @Test func nominalFrequenciesAreThoseOfTheStandard() {
    let thirds = BandScheme.thirdOctave.bands(in: .audible, of: grid(44100))
    #expect(
      thirds.map(\.nominal) == [
        20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000,
        1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000, 12500, 16000, 20000,
      ])
    #expect(
      thirds.map(\.name) == [
        "20", "25", "31.5", "40", "50", "63", "80", "100", "125", "160", "200", "250", "315",
        "400", "500", "630", "800", "1 k", "1.25 k", "1.6 k", "2 k", "2.5 k", "3.15 k", "4 k",
        "5 k", "6.3 k", "8 k", "10 k", "12.5 k", "16 k", "20 k",
      ])
    let octaves = BandScheme.octave.bands(in: .between(low: 1, high: 20000), of: grid(48000))
    #expect(
      octaves.map(\.nominal) == [
        1, 2, 4, 8, 16, 31.5, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16000,
      ])
    #expect(BandScheme.thirdOctave.band(-40).nominal == 0.1)
    #expect(BandScheme.thirdOctave.band(-35).nominal == 0.315)
  }

  /// Three digits if the first is 1 to 4, two if it is 5 to 9.
  @Test func nominalFrequenciesOfNarrowBandsAreRounded() {
    #expect(roundedFrequency(1234.5) == 1230)
    #expect(roundedFrequency(41.567) == 41.6)
    #expect(roundedFrequency(499.6) == 500)
    #expect(roundedFrequency(785.24) == 790)
    #expect(roundedFrequency(7301.4) == 7300)
    #expect(roundedFrequency(9.96) == 10)
    #expect(roundedFrequency(0.2113) == 0.211)
    #expect(
      (0..<6).map { BandScheme.sixthOctave.band($0).name } == [
        "1.06 k", "1.19 k", "1.33 k", "1.5 k", "1.68 k", "1.88 k",
      ])
    #expect(
      (-3..<3).map { BandScheme.twelfthOctave.band($0).name } == [
        "870", "920", "970", "1.03 k", "1.09 k", "1.15 k",
      ])
    for scheme in Self.schemes {
      let names = scheme.bands(in: .between(low: 0.1, high: 1e5), of: grid(400_000)).map(\.name)
      #expect(Set(names).count == names.count, "\(scheme)")
    }
  }

  @Test func bandsAreThoseOfAnAcoustician() {
    let thirds = BandScheme.thirdOctave.bands(in: .audible, of: grid(44100))
    #expect(abs(thirds[0].midband - 19.9526231) < 1e-6)
    #expect(abs(thirds[0].lowEdge - 17.7827941) < 1e-6)
    #expect(abs(thirds[30].highEdge - 22387.2114) < 1e-3)
    #expect(thirds[17].midband == 1000)
    #expect(BandScheme.sixthOctave.band(0).lowEdge == 1000)
    let counts = [BandScheme.octave, .sixthOctave, .twelfthOctave, .semitone(a4: 440)].map {
      $0.bands(in: .audible, of: grid(44100)).count
    }
    // From E0 at 20.6 Hz to D#10 at 19.9 kHz.
    #expect(counts == [10, 60, 120, 120])
  }

  /// The exact midband frequency of a decade is 10 times that of the one below.
  @Test func decadesAreAlike() {
    for (scheme, perDecade) in [(BandScheme.thirdOctave, 10), (.sixthOctave, 20)] {
      for number in -20..<0 {
        let (low, high) = (scheme.band(number), scheme.band(number + perDecade))
        #expect(abs(high.midband / low.midband - 10) < 1e-13)
        #expect(high.nominal == 10 * low.nominal)
      }
    }
  }

  @Test(arguments: schemes) func bandsMeet(scheme: BandScheme) throws {
    let bands = scheme.bands(in: .full, of: grid(96000))
    #expect(try #require(bands.first).lowEdge <= 1)
    for (band, next) in zip(bands, bands.dropFirst()) {
      #expect(band.highEdge == next.lowEdge)
      #expect(band.number + 1 == next.number)
      #expect(band == scheme.band(band.number))
    }
    for band in bands {
      #expect(abs((band.lowEdge * band.highEdge).squareRoot() / band.midband - 1) < 1e-14)
    }
    let (first, last) = (try #require(bands.first), try #require(bands.last))
    #expect(first.nominal >= 1 && last.midband < 48000)
    #expect(scheme.band(first.number - 1).nominal < 1)
    #expect(scheme.band(last.number + 1).midband >= 48000)
  }

  @Test(arguments: schemes) func aRangeListsItsBandsAndNoOthers(scheme: BandScheme) {
    let all = scheme.bands(in: .full, of: grid(96000))
    for (low, high) in [(20.0, 20000.0), (100, 1000), (440, 440.5), (31.5, 32), (900, 901.0)] {
      let found = scheme.bands(in: .between(low: low, high: high), of: grid(96000))
      #expect(found == all.filter { low <= $0.nominal && $0.nominal <= high })
    }
    #expect(scheme.bands(in: .between(low: 0, high: 48000), of: grid(96000)) == all)
  }

  @Test func widthsAreFractionsOfAnOctave() {
    for (scheme, count) in [
      (BandScheme.octave, 1.0), (.thirdOctave, 3), (.sixthOctave, 6), (.twelfthOctave, 12),
    ] {
      for number in [-30, -1, 0, 7] {
        let band = scheme.band(number)
        #expect(abs(log10(band.highEdge / band.lowEdge) - 0.3 / count) < 1e-14)
      }
    }
    let semitone = BandScheme.semitone(a4: 440).band(60)
    #expect(abs(1200 * log2(semitone.highEdge / semitone.lowEdge) - 100) < 1e-10)
    #expect(abs(1200 * log2(semitone.highEdge / semitone.midband) - 50) < 1e-10)
  }

  @Test(arguments: [440, 415.3, 442.0]) func theMiddleOfA4IsTheReferencePitch(a4: Double) {
    let scheme = BandScheme.semitone(a4: a4)
    #expect(scheme.band(69).midband == a4)
    #expect(scheme.band(69).nominal == a4)
    #expect(scheme.band(81).midband == 2 * a4)
    #expect(
      (57..<72).map { scheme.band($0).name }.joined(separator: " ")
        == "A3 A#3 B3 C4 C#4 D4 D#4 E4 F4 F#4 G4 G#4 A4 A#4 B4")
  }

  /// The 20 kHz band needs 22387 Hz.
  @Test func theLimitOfTheGridCutsBandsOrLeavesThemOut() throws {
    let cd = grid(44100)
    let bands = BandScheme.thirdOctave.bands(in: .audible, of: cd)
    #expect(bands.map { $0.isComplete(in: cd) } == Array(repeating: true, count: 30) + [false])
    #expect(bands[30].binCount(in: cd) == 22050 - bands[30].lowEdge)
    #expect(bands[29].binCount(in: cd) == bands[29].highEdge - bands[29].lowEdge)
    #expect(try #require(BandScheme.octave.bands(in: .audible, of: cd).last).name == "16 k")

    // The middle of the 4 kHz band is 3981 Hz.
    func last(_ rate: Int) -> String? {
      BandScheme.thirdOctave.bands(in: .audible, of: grid(rate)).last?.name
    }
    #expect(last(8000) == "4 k")
    #expect(last(7900) == "3.15 k")
    #expect(last(2000) == "800")
    // Decimated, fs / 2P counts.
    let parts = BinGrid(sampleRate: 44100, transformLength: 44100 / 8, parts: 8)
    #expect(BandScheme.thirdOctave.bands(in: .audible, of: parts).last?.name == "2.5 k")
    #expect(BandScheme.thirdOctave.bands(in: .between(low: 5000, high: 9000), of: parts).isEmpty)
  }

  /// In an analysis with bins 1 Hz apart, third-octaves up to 20 Hz have fewer than five bins.
  @Test func bandsWithFewBinsAreKnown() {
    let bands = BandScheme.thirdOctave.bands(in: .between(low: 10, high: 40), of: grid(44100))
    let few = bands.filter { $0.binCount(in: grid(44100)) < BandScheme.Band.fewestBins }
    #expect(few.map(\.name) == ["10", "12.5", "16", "20"])
    let half = BinGrid(sampleRate: 44100, transformLength: 22050)
    #expect(bands[0].binCount(in: half) * 2 == bands[0].binCount(in: grid(44100)))
  }

  @Test func schemesHaveNames() {
    #expect(BandScheme.names.compactMap { BandScheme(name: $0)?.description } == BandScheme.names)
    #expect(BandScheme(name: "semitone", a4: 415) == .semitone(a4: 415))
    #expect(BandScheme(name: "third") == nil)
  }
}
