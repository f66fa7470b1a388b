// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavSpectrum

/// Reproducible exponential variables of mean 1, like the powers of the bins of noise.
private struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func next() -> Double {
    // xorshift64* of S. Vigna.
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    let bits = (state &* 0x2545_f491_4f6c_dd1d) >> 11
    return -log((Double(bits) + 0.5) * 0x1p-53)
  }
}

/// The rows of a spectrum whose bins have these powers; bin 0 is at 0 Hz.
private func rows(_ powers: [Double], bands: Int = 4096, spacing: Double = 1) -> PowerRows {
  let length = 2 * (powers.count - 1)
  let grid = BinGrid(sampleRate: Int((Double(length) * spacing).rounded()), transformLength: length)
  let bands = LogBands(.between(low: 20, high: grid.limit), of: grid, count: bands)
  let scaling = Scaling(windowName: "", sampleCount: length, windowSum: 1, windowSquareSum: 1)
  var firstBins: [Int] = []
  var found: [BandRow] = []
  for band in 0..<bands.count where !bands.bins(of: band).isEmpty {
    let bins = bands.bins(of: band)
    let strongest = bins.max { powers[$0] < powers[$1] } ?? 0
    firstBins.append(bins.lowerBound)
    found.append(
      BandRow(
        bin: strongest, frequency: grid.frequency(of: strongest),
        magnitude: powers[strongest].squareRoot(), level: 0, lowEdge: bands.edges[band],
        highEdge: bands.edges[band + 1],
        power: scaling.power(squareSum: powers[bins].reduce(0, +), transformLength: length)))
  }
  let spectrum = Spectrum(
    grid: grid, scaling: scaling, band: .full, range: 20...grid.limit, rows: found)
  return PowerRows(spectrum, firstBins: firstBins + [bands.firstBins[bands.count]])
}

@Suite struct FalseAlarmTests {
  @Test(arguments: [(1e4, 11.8), (1e6, 13.0), (1.21e8, 14.0)])
  func thresholdsAreThoseOfTheFormula(bins: Double, decibels: Double) {
    // M c sqrt(z) exp(-z) = 0.01 with c = 1.023, computed independently.
    let z = FalseAlarm(bins: bins, spread: 0.288675).ratio
    #expect(abs(10 * log10(z) - decibels) < 0.06)
    #expect(abs(bins * 1.0233 * z.squareRoot() * exp(-z) - 0.01) < 1e-4)
  }

  @Test func aFloorOfFewBinsRaisesTheThreshold() {
    let falseAlarm = FalseAlarm(bins: 1e6, spread: 0.2887)
    let ratios = [64, 200, 1001, 100_000].map { falseAlarm.ratio(floorBins: Double($0)) }
    #expect(ratios == ratios.sorted(by: >))
    #expect(ratios[0] == 2 * falseAlarm.ratio)
    #expect(abs(ratios[3] / falseAlarm.ratio - 1) < 0.01)
  }
}

@Suite struct NoiseFloorTests {
  @Test(arguments: [2000, 60_000, 1_000_000])
  func theFloorOfWhiteNoiseIsItsMean(count: Int) {
    var noise = Noise(seed: UInt64(count))
    let rows = rows((0...count).map { _ in 3 * noise.next() }, spacing: 22050 / Double(count))
    let floor = NoiseFloor(rows, spacing: 22050 / Double(count), independence: 1)
    let levels = floor.powers.map { 10 * log10($0 / 3) }
    let mean = levels.reduce(0, +) / Double(levels.count)
    #expect(abs(mean) < 0.3, "\(mean) dB")
    #expect(levels.allSatisfy { abs($0) < 2 })
  }

  @Test func linesDoNotRaiseTheFloor() {
    var noise = Noise(seed: 5)
    let powers = (0...100_000).map { ($0 % 500 == 0 ? 1e6 : 1) * noise.next() }
    let spacing = 22050.0 / 100_000
    let floor = NoiseFloor(rows(powers, spacing: spacing), spacing: spacing, independence: 1)
    let levels = floor.powers.map { 10 * log10($0) }
    #expect(levels.reduce(0, +) / Double(levels.count) < 1.5)
  }

  @Test(arguments: [-2.0, -1, 1]) func theFloorFollowsSlopesToTheEnds(slope: Double) {
    var noise = Noise(seed: 9)
    let spacing = 22050.0 / 100_000
    let powers = (0...100_000).map { pow(Double(max($0, 1)) / 1000, slope) * noise.next() }
    let rows = rows(powers, spacing: spacing)
    let floor = NoiseFloor(rows, spacing: spacing, independence: 1)
    for row in [0, 5, 100, rows.count / 2, rows.count - 1] {
      let expected = 10 * slope * log10(Double(rows.firstBins[row]) / 1000)
      #expect(abs(10 * log10(floor.powers[row]) - expected) < 4, "row \(row)")
    }
  }

  @Test func theFloorIsExtrapolatedAtTheEndOfASlope() {
    let spacing = 22050.0 / 100_000
    let errors = (1...40).map { seed -> Double in
      var noise = Noise(seed: UInt64(seed))
      let powers = (0...20_000).map { pow(Double(max($0, 1)) / 1000, -2) * noise.next() }
      let rows = rows(powers, spacing: spacing)
      let floor = NoiseFloor(rows, spacing: spacing, independence: 1)
      return 10 * log10(floor.powers[0]) + 20 * log10(Double(rows.firstBins[0]) / 1000)
    }
    let mean = errors.reduce(0, +) / Double(errors.count)
    #expect(abs(mean) < 1.5, "\(mean) dB")
  }
}

@Suite struct HumpTests {
  @Test func humpsAreSummitsThatFallOffOnBothSides() {
    var noise = Noise(seed: 2)
    // Two humps on noise, with a standard deviation of 6 bins, and a valley between them.
    let spacing = 22050.0 / 200_000
    let powers = (0...200_000).map { bin -> Double in
      func hump(_ centre: Double) -> Double {
        let distance = (Double(bin) - centre) / 30
        return 1000 * exp(-distance * distance / 2)
      }
      return (1 + hump(4000) + hump(4400)) * noise.next()
    }
    let rows = rows(powers, spacing: spacing)
    let centres = rows.humps().map { rows.bins[$0.row] }
    #expect(centres.contains { abs($0 - 4000) < 80 })
    #expect(centres.contains { abs($0 - 4400) < 80 })
  }

  @Test func aSlopeIsNoHump() {
    let spacing = 22050.0 / 100_000
    let falling = (0...100_000).map { 1e6 / Double(max($0, 1)) }
    #expect(rows(falling, spacing: spacing).humps().isEmpty)
    #expect(rows(falling.map { 1 / $0 }, spacing: spacing).humps().isEmpty)
  }

  @Test func aShallowValleyDoesNotDivideAHump() {
    let spacing = 22050.0 / 200_000
    // The valley is 3 dB deep.
    let powers = (0...200_000).map { bin -> Double in
      switch bin {
      case 4000..<4100, 4200..<4300: 100
      case 4100..<4200: 50
      default: 1
      }
    }
    #expect(rows(powers, spacing: spacing).humps().count == 1)
  }
}

@Suite struct MedianTests {
  @Test func mediansAreThoseOfTheSortedNumbers() {
    var noise = Noise(seed: 3)
    for count in 1...60 {
      var values = (0..<count).map { _ in (10 * noise.next()).rounded() }
      let sorted = values.sorted()
      #expect(median(&values) == sorted[count / 2])
    }
    var none: [Double] = []
    #expect(median(&none) == 0)
  }
}

@Suite struct TuningTests {
  private func peaks(_ cents: [Double], a4: Double = 440) -> [Peak] {
    cents.enumerated().map { index, cents in
      Peak(
        frequency: a4 * exp2((Double(2 * index) * 100 + cents) / 1200), level: -20, aboveFloor: 40,
        shape: .line)
    }
  }

  @Test func theTuningIsThatOfThePeaks() throws {
    let tuning = try #require(Tuning(peaks([5, 6, 4, 5, 5, 5]), a4: 440))
    #expect(abs(tuning.cents - 5) < 1e-3)
    #expect(abs(tuning.a4 - 440 * exp2(5.0 / 1200)) < 1e-3)
    #expect(abs(tuning.deviation - 0.5773) < 0.01)
    #expect(tuning.peakCount == 6)
  }

  @Test func theReferencePitchCounts() throws {
    let tuning = try #require(Tuning(peaks([0, 0, 0, 0, 0, 0], a4: 415), a4: 415))
    #expect(abs(tuning.cents) < 1e-9)
    #expect(abs(tuning.a4 - 415) < 1e-9)
  }

  @Test func offsetsGoRoundTheSemitone() throws {
    let tuning = try #require(Tuning(peaks([49, -49, 49, -49, 49, -49]), a4: 440))
    #expect(abs(abs(tuning.cents) - 50) < 1e-6)
    #expect(tuning.deviation < 2)
  }

  @Test func disagreeingPeaksHaveNoTuning() {
    #expect(Tuning(peaks([0, 40, -30, 20, -45, 10]), a4: 440) == nil)
    // Octaves of two notes are not a scale.
    let few = (0..<8).map {
      Peak(
        frequency: 110 * exp2(Double($0 / 2)) * ($0 % 2 == 0 ? 1 : exp2(7.0 / 12)), level: -20,
        aboveFloor: 40, shape: .line)
    }
    #expect(Tuning(few, a4: 440) == nil)
    #expect(Tuning([], a4: 440) == nil)
    // One strong peak agrees with itself; the weak ones do not count.
    let strong = Peak(frequency: 1000, level: -10, aboveFloor: 80, shape: .line)
    let weak = peaks([27, 12, -47, -3, 18, -45]).map {
      Peak(frequency: $0.frequency, level: -60, aboveFloor: 20, shape: .line)
    }
    #expect(Tuning([strong] + weak, a4: 440) == nil)
    let audible = weak.map {
      Peak(frequency: $0.frequency, level: -40, aboveFloor: 40, shape: .line)
    }
    #expect(Tuning([strong] + audible, a4: 440) == nil)
  }
}
