// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavSpectrum

@Suite struct ScalingTests {
  private let scaling = Scaling(
    windowName: "rectangular", sampleCount: 1000, windowSum: 1000, windowSquareSum: 1000)

  @Test func aFullScaleSineIsZeroDecibels() {
    // |X| of a sine of amplitude 1 is N / 2, of a constant 1 it is N.
    #expect(scaling.level(magnitude: 500, isUnpaired: false) == 0)
    #expect(scaling.level(magnitude: 1000, isUnpaired: true) == 0)
    #expect(scaling.level(magnitude: 0, isUnpaired: false) == -.infinity)
  }

  /// In vectors of eight, and the rest.
  @Test(arguments: [1, 7, 8, 19]) func manyLevelsAreThoseOfEach(count: Int) {
    let magnitudes = (0..<count).map { Float($0 * $0) * 7.5 }
    var levels = magnitudes
    var span = levels.mutableSpan
    scaling.convertToLevels(&span)
    for (magnitude, level) in zip(magnitudes, levels) {
      let expected = scaling.level(magnitude: Double(magnitude), isUnpaired: false)
      #expect(Double(level) == expected || abs(Double(level) - expected) < 1e-5)
    }
  }

  @Test func noiseBandwidthOfARectangleIsOneBin() {
    #expect(scaling.noiseBandwidth(sampleRate: 44100) == 44.1)
  }

  @Test func powerOfASineIsHalf() {
    #expect(scaling.power(squareSum: 500 * 500, transformLength: 1000) == 0.5)
  }
}

@Suite struct MusicalNoteTests {
  @Test(arguments: [
    (440.0, "A4"), (27.5, "A0"), (14080, "A9"), (261.6255653, "C4"), (30.868, "B0"),
  ])
  func notesHaveTheirNames(frequency: Double, name: String) {
    let note = MusicalNote(frequency: frequency)
    #expect(note.name == name)
    #expect(abs(note.cents) < 0.1)
  }

  @Test func centsAreHundredthsOfASemitone() {
    // A ratio of 2^(1/48) is a quarter of a semitone.
    #expect(abs(MusicalNote(frequency: 440 * 1.0145453349375237).cents - 25) < 1e-9)
    #expect(abs(MusicalNote(frequency: 1).cents) <= 50)
  }
}

@Suite struct NyquistLossTests {
  @Test func eightPartsLeaveTheBandBelow2756Hertz() {
    let grid = BinGrid(sampleRate: 44100, transformLength: 1000, parts: 8)
    let loss = NyquistLoss(grid: grid, band: .audible, energyShareAbove: 0.25)
    #expect(loss.limit == 2756.25)
    #expect(loss.originalLimit == 22050)
    #expect(abs(loss.lostShare - (20000 - 2756.25) / 19980) < 1e-12)
    #expect(abs(loss.lostOctaves - 2.859221344) < 1e-8)
    #expect(abs((loss.bandOctaves ?? 0) - 9.965784285) < 1e-8)
  }

  @Test(arguments: [FrequencyBand.full, .between(low: 0, high: 22050), .between(low: 0, high: 1e5)])
  func aBandFromZeroLosesItsUpperOctaves(band: FrequencyBand) {
    let grid = BinGrid(sampleRate: 44100, transformLength: 1000, parts: 8)
    let loss = NyquistLoss(grid: grid, band: band, energyShareAbove: nil)
    #expect(loss.lostShare == 0.875)
    #expect(loss.lostOctaves == 3)
    #expect(loss.bandOctaves == nil)
  }

  @Test func aBandBelowTheLimitLosesNothing() {
    let grid = BinGrid(sampleRate: 44100, transformLength: 1000, parts: 8)
    for band in [FrequencyBand.between(low: 0, high: 2000), .between(low: 100, high: 2756.25)] {
      let loss = NyquistLoss(grid: grid, band: band, energyShareAbove: nil)
      #expect(loss.lostShare == 0)
      #expect(loss.lostOctaves == 0)
    }
    let whole = BinGrid(sampleRate: 44100, transformLength: 1000)
    #expect(NyquistLoss(grid: whole, band: .full, energyShareAbove: nil).lostShare == 0)
  }

  @Test func frequenciesThatTheRecordingLacksAreNotLost() {
    let grid = BinGrid(sampleRate: 8000, transformLength: 1000, parts: 2)
    let loss = NyquistLoss(grid: grid, band: .audible, energyShareAbove: nil)
    #expect(abs(loss.lostShare - 2000.0 / 3980) < 1e-12)
    #expect(abs(loss.lostOctaves - 1) < 1e-12)
  }
}

@Suite struct SpectrumTests {
  private func spectrum(_ levels: [Double]) -> Spectrum {
    let rows = levels.enumerated().map { index, level in
      BandRow(
        bin: index, frequency: Double(100 * (index + 1)), magnitude: 1000 + level, level: level,
        lowEdge: Double(100 * index + 50), highEdge: Double(100 * index + 150), power: 1)
    }
    return Spectrum(
      grid: BinGrid(sampleRate: 44100, transformLength: 100),
      scaling: Scaling(windowName: "", sampleCount: 1, windowSum: 1, windowSquareSum: 1),
      band: .audible,
      range: 50...5000, rows: rows)
  }

  @Test func mergingLosesNoPeakAndNoPower() {
    let levels = (0..<97).map { Double(($0 * 31) % 97) - 97 }
    let merged = spectrum(levels).merged(into: 10)
    #expect(merged.rows.count == 10)
    #expect(merged.rows.map(\.level).max() == levels.max())
    #expect(merged.rows.reduce(0) { $0 + $1.power } == 97)
    #expect(merged.rows.first?.lowEdge == 50)
    #expect(merged.rows.last?.highEdge == 9750)
  }

  @Test func mergingByEdgesKeepsTheEdges() {
    let rows = spectrum([-10, -20, -5, -40]).rows(betweenEdges: [50, 250, 450])
    #expect(rows.map(\.level) == [-10, -5])
    #expect(rows.map(\.lowEdge) == [50, 250])
    #expect(rows.map(\.highEdge) == [250, 450])
    #expect(rows.map(\.power) == [2, 2])
  }
}
