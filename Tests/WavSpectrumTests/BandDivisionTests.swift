// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

@testable import WavSpectrum

@Suite struct BandDivisionTests {
  private static let schemes = BandSchemeTests.schemes
  /// Even, odd, prime, shorter than a band, decimated, and fine; the shortest have few bins or one.
  private static let grids = [
    BinGrid(sampleRate: 44100, transformLength: 44100),
    BinGrid(sampleRate: 44100, transformLength: 10007),
    BinGrid(sampleRate: 48000, transformLength: 2401),
    BinGrid(sampleRate: 8000, transformLength: 256),
    BinGrid(sampleRate: 44100, transformLength: 2000, parts: 8),
    BinGrid(sampleRate: 96000, transformLength: 300_000),
    BinGrid(sampleRate: 44100, transformLength: 3),
    BinGrid(sampleRate: 44100, transformLength: 2),
    BinGrid(sampleRate: 44100, transformLength: 1),
  ]
  private static let ranges = [
    FrequencyBand.full, .audible, .between(low: 90, high: 1000), .between(low: 900, high: 901),
  ]

  /// Powers without a pattern.
  private func noise(_ count: Int) -> [Double] {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
  }

  /// What an engine delivers: the sum of each run.
  private func sums(_ powers: [Double], _ partition: BinPartition) -> [Double] {
    (0..<partition.count).map { powers[partition.bins(of: $0)].reduce(0, +) }
  }

  private func division(
    _ scheme: BandScheme, _ weighting: FrequencyWeighting = .z, in range: FrequencyBand = .audible,
    of grid: BinGrid, fine: Int? = nil
  ) -> BandDivision {
    BandDivision(
      scheme.bands(in: range, of: grid), weighting: weighting,
      fine: fine.map { LogBands(range, of: grid, count: $0) }, of: grid)
  }

  /// The frequencies that a bin stands for.
  private func interval(_ bin: Int, _ grid: BinGrid) -> (low: Double, high: Double) {
    (
      max(0, (Double(bin) - 0.5) * grid.spacing),
      min(grid.limit, (Double(bin) + 0.5) * grid.spacing)
    )
  }

  /// The bands by definition: each bin that overlaps one.
  private func powers(
    _ bins: [Double], _ bands: [BandScheme.Band], _ grid: BinGrid,
    _ weighting: FrequencyWeighting = .z
  ) -> [Double] {
    bands.map { band in
      bins.indices.reduce(0) { sum, bin in
        let (low, high) = interval(bin, grid)
        let overlap = max(0, min(high, band.highEdge) - max(low, band.lowEdge)) / (high - low)
        return sum + overlap * bins[bin] * weighting.powerFactor(at: grid.frequency(of: bin))
      }
    }
  }

  private func expectClose(
    _ found: [Double], _ expected: [Double], within tolerance: Double, _ what: String
  ) {
    #expect(found.count == expected.count)
    for (index, (found, expected)) in zip(found, expected).enumerated() {
      #expect(
        abs(found - expected) <= tolerance * max(abs(expected), 1e-300), "\(what), band \(index)")
    }
  }

  @Test(arguments: schemes) func bandsAndTheirSurroundingsAreTheWhole(scheme: BandScheme) {
    for grid in Self.grids {
      let bins = noise(grid.count)
      for range in Self.ranges {
        for (fine, weighting) in [(nil, FrequencyWeighting.z), (100, .z), (100, .a), (nil, .c)] {
          let division = division(scheme, weighting, in: range, of: grid, fine: fine)
          let sums = sums(bins, division.partition)
          let outside = division.powersOutside(of: sums)
          let whole = bins.reduce(0, +)
          let total = division.powers(of: sums).reduce(outside.below + outside.above, +)
          #expect(abs(total / whole - 1) < 1e-12, "\(scheme), \(grid), \(range)")
          #expect(outside.below >= 0 && outside.above >= 0)
        }
      }
    }
  }

  /// A single bin at a time shows where each of them goes.
  @Test(arguments: schemes) func theSharesOfEveryBinAddUpToOne(scheme: BandScheme) {
    for grid in Self.grids where grid.count < 200 {
      let division = division(scheme, of: grid)
      for bin in 0..<grid.count {
        var bins = [Double](repeating: 0, count: grid.count)
        bins[bin] = 1
        let sums = sums(bins, division.partition)
        let shares = division.powers(of: sums)
        let outside = division.powersOutside(of: sums)
        #expect(abs(shares.reduce(outside.below + outside.above, +) - 1) < 1e-12)
        #expect((shares + [outside.below, outside.above]).allSatisfy { (0...1).contains($0) })
      }
    }
  }

  @Test(arguments: schemes) func powersAreThoseOfTheDefinition(scheme: BandScheme) {
    for grid in Self.grids where grid.count < 1300 {
      let bins = noise(grid.count)
      for range in Self.ranges {
        let division = division(scheme, in: range, of: grid, fine: 64)
        let found = division.powers(of: sums(bins, division.partition))
        // An edge may differ by the rounding of its place: 10^-12 bins.
        expectClose(
          found, powers(bins, division.bands, grid), within: 1e-9, "\(scheme), \(grid), \(range)")
      }
    }
  }

  /// Even where several bands are in a single bin.
  @Test(arguments: schemes) func whiteNoiseHasThePowerOfItsWidth(scheme: BandScheme) {
    for grid in Self.grids {
      // All bins have the same density; the outer ones are narrower.
      let bins = (0..<grid.count).map { interval($0, grid).high - interval($0, grid).low }
      let division = division(scheme, in: .full, of: grid)
      let found = division.powers(of: sums(bins, division.partition))
      let widths = division.bands.map { $0.binCount(in: grid) * grid.spacing }
      expectClose(found, widths, within: 1e-9, "\(scheme), \(grid)")
    }
  }

  /// The bins of the lowest semitones are 31 Hz apart: forty bands below 100 Hz share four bins.
  @Test func manyBandsInOneBinDivideIt() throws {
    let grid = BinGrid(sampleRate: 8000, transformLength: 256)
    let division = division(.semitone(a4: 440), in: .between(low: 10, high: 100), of: grid)
    #expect(division.bands.count == 40)
    #expect(division.partition.firstBins == [0, 1, 2, 3, 4, 129])
    let found = division.powers(of: [0, 1, 0, 0, 0])
    let first = try #require(division.bands.firstIndex { $0.highEdge > 0.5 * grid.spacing })
    #expect(found[..<first].allSatisfy { $0 == 0 })
    for (band, power) in zip(division.bands, found)
    where band.lowEdge >= 0.5 * grid.spacing && band.highEdge <= 1.5 * grid.spacing {
      #expect(abs(power - (band.highEdge - band.lowEdge) / grid.spacing) < 1e-12)
    }
  }

  /// The density of pink noise falls with 1/f, so that all bands have the same power.
  @Test func pinkNoiseHasTheSamePowerInAllThirdOctaves() {
    let grid = BinGrid(sampleRate: 48000, transformLength: 48000)
    let bins = (0..<grid.count).map { $0 == 0 ? 0 : log((Double($0) + 0.5) / (Double($0) - 0.5)) }
    let division = division(.thirdOctave, of: grid)
    for power in division.powers(of: sums(bins, division.partition)) {
      #expect(abs(10 * log10(power / log(pow(10, 0.1)))) < 0.01)
    }
  }

  /// One tone in a bin that no edge divides is in one band as a whole.
  @Test func aToneIsInItsBand() throws {
    let grid = BinGrid(sampleRate: 44100, transformLength: 44100)
    let division = division(.thirdOctave, of: grid)
    var bins = [Double](repeating: 0, count: grid.count)
    bins[440] = 0.5
    let found = division.powers(of: sums(bins, division.partition))
    #expect(found.filter { $0 != 0 } == [0.5])
    #expect(division.bands[try #require(found.firstIndex(of: 0.5))].name == "400")
  }

  @Test(arguments: [1, 100, 4096]) func logarithmicBandsAreRunsTogether(count: Int) {
    for grid in Self.grids {
      for (scheme, weighting) in [(BandScheme.thirdOctave, FrequencyWeighting.a), (.octave, .z)] {
        for range in Self.ranges {
          let surrounded = LogBands(range, of: grid, count: count).surrounded(in: grid)
          let division = division(scheme, weighting, in: range, of: grid, fine: count)
          let partition = division.partition
          #expect(partition.firstBins.first == 0 && partition.firstBins.last == grid.count)
          #expect(Set(partition.firstBins).count == partition.count + 1)
          for band in 0..<surrounded.count {
            let runs = division.runs(ofFineBand: band)
            let bins = surrounded.bins(of: band)
            #expect(runs.isEmpty == bins.isEmpty)
            guard !runs.isEmpty else { continue }
            let (first, last) = (runs.lowerBound, runs.upperBound - 1)
            #expect(
              partition.bins(of: first).lowerBound..<partition.bins(of: last).upperBound == bins)
          }
        }
      }
    }
  }

  /// White and pink noise, and tones at the edges of bands and between them.
  @Test(arguments: [FrequencyWeighting.a, .c], [nil, 4096])
  func weightedPowersAreThoseOfWeightedBins(weighting: FrequencyWeighting, fine: Int?) throws {
    let grid = BinGrid(sampleRate: 48000, transformLength: 24001)
    for scheme in [BandScheme.octave, .thirdOctave] {
      let division = division(scheme, weighting, of: grid, fine: fine)
      #expect(division.partition.count < (fine ?? 0) + 3 * division.bands.count + 1500)
      let exact = BandDivision(division.bands, of: grid)
      let factors = (0..<grid.count).map { weighting.powerFactor(at: grid.frequency(of: $0)) }
      var signals = [noise(grid.count), (0..<grid.count).map { 1 / Double(max(1, $0)) }]
      for band in division.bands {
        for frequency in [band.lowEdge, band.midband, band.highEdge] {
          let bin = min(grid.firstBin(atOrAbove: frequency), grid.count - 1)
          signals.append([Double](repeating: 0, count: grid.count))
          signals[signals.count - 1][bin] = 1
        }
      }
      for bins in signals {
        let found = division.weightedPowers(of: sums(bins, division.partition))
        let weighted = zip(bins, factors).map { $0 * $1 }
        let expected = exact.powers(of: sums(weighted, exact.partition))
        for (found, expected) in zip(found, expected) where expected > 0 {
          #expect(abs(10 * log10(found / expected)) < 0.0251)
        }
      }
    }
  }

  @Test(arguments: [FrequencyWeighting.a, .c, .z])
  func theWeightingHardlyChangesWithinARun(weighting: FrequencyWeighting) {
    let grid = BinGrid(sampleRate: 48000, transformLength: 4_800_000)
    let division = division(.octave, weighting, in: .between(low: 5, high: 20000), of: grid)
    let bands = grid.bins(in: .between(low: 5.7, high: 22000))
    for run in 0..<division.partition.count {
      let bins = division.partition.bins(of: run).clamped(to: bands)
      let gains = stride(from: bins.lowerBound, to: bins.upperBound, by: max(1, bins.count / 50))
        .map { weighting.gain(at: grid.frequency(of: $0)) }
      #expect((gains.max() ?? 0) - (gains.min() ?? 0) <= BandDivision.weightingStep)
    }
  }

  /// DC has no weight, and takes none from its neighbours.
  @Test func zeroHertzIsSilentUnderAWeighting() {
    let grid = BinGrid(sampleRate: 8000, transformLength: 8000)
    let division = division(.octave, .a, in: .between(low: 0.25, high: 100), of: grid)
    #expect(division.partition.bins(of: 0) == 0..<1)
    var bins = [Double](repeating: 0, count: grid.count)
    bins[0] = 1
    let sums = sums(bins, division.partition)
    #expect(division.powers(of: sums)[0] > 0)
    #expect(division.weightedPowers(of: sums).allSatisfy { $0 == 0 })
  }

  @Test func withoutBandsEverythingIsOutside() {
    let grid = BinGrid(sampleRate: 8000, transformLength: 100)
    let division = BandDivision([], weighting: .a, of: grid)
    #expect(division.powers(of: [3]).isEmpty)
    #expect(division.powersOutside(of: [3]).below == 3)
    #expect(division.powersOutside(of: [3]).above == 0)
  }

  /// Powers of the fixtures that NumPy computed (fixtures/README.md), from the magnitudes that it
  /// computed.
  @Test(
    arguments: [
      ("noise-16bit", 11025, 3000, BandScheme.thirdOctave),
      ("prime-length", 22050, 10007, .thirdOctave),
      ("sine-between-bins", 8000, 8000, .thirdOctave),
      ("three-channels", 48000, 2401, .octave),
      ("three-channels", 48000, 2401, .thirdOctave),
      ("three-channels", 48000, 2401, .sixthOctave),
      ("three-channels", 48000, 2401, .twelfthOctave),
      ("three-channels", 48000, 2401, .semitone(a4: 440)),
    ])
  func powersAreThoseOfNumPy(name: String, rate: Int, length: Int, scheme: BandScheme) throws {
    let grid = BinGrid(sampleRate: rate, transformLength: length)
    let magnitudes = try referenceMagnitudes(name)
    #expect(magnitudes.count == grid.count)
    let scaling = Scaling(
      windowName: "rectangular", sampleCount: length, windowSum: Double(length),
      windowSquareSum: Double(length))
    let bins = magnitudes.indices.map {
      scaling.power(
        squareSum: magnitudes[$0] * magnitudes[$0] * (grid.isUnpaired($0) ? 0.5 : 1),
        transformLength: length)
    }
    let rows = try String(contentsOfFile: fixture("bands/\(name).\(scheme).csv"), encoding: .utf8)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    func column(_ index: Int) -> [Double] { rows.map { Double($0[index]) ?? .nan } }
    for (weighting, powers) in [(FrequencyWeighting.a, column(5)), (.c, column(6))] {
      let division = division(scheme, weighting, of: grid, fine: 100)
      #expect(division.bands.map(\.name) == rows.map { String($0[0]) })
      expectClose(division.bands.map(\.nominal), column(1), within: 1e-14, "nominal")
      expectClose(division.bands.map(\.lowEdge), column(2), within: 1e-14, "low")
      expectClose(division.bands.map(\.highEdge), column(3), within: 1e-14, "high")
      let sums = sums(bins, division.partition)
      expectClose(division.powers(of: sums), column(4), within: 1e-9, "power")
      // 0.025 dB.
      expectClose(division.weightedPowers(of: sums), powers, within: 0.0058, "\(weighting)")
    }
  }

  private func referenceMagnitudes(_ name: String) throws -> [Double] {
    let path = fixture("reference/\(name).exact.npy")
    guard let data = FileManager.default.contents(atPath: path) else {
      return try table(URL(filePath: fixture("reference/\(name).exact.csv"))).rows.map { $0[1] }
    }
    // The header of an array has its length in bytes 8 and 9.
    let header = 10 + Int(data[8]) + 256 * Int(data[9])
    return data.dropFirst(header).withUnsafeBytes { bytes in
      (0..<bytes.count / 8).map {
        Double(
          bitPattern: UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)))
      }
    }
  }
}
