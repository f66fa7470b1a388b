// SPDX-License-Identifier: GPL-2.0-or-later

import Testing

@testable import WavSpectrum

@Suite struct BinGridTests {
  /// The book's recording: 267,193,080 frames at 44.1 kHz.
  private let frames = 267_193_080

  @Test func theBooksRecordingHasItsNumbersOfPoints() {
    let exact = BinGrid(sampleRate: 44100, transformLength: frames)
    #expect(exact.bins(in: .audible).count == 121_054_823)
    let decimated = BinGrid(sampleRate: 44100, transformLength: frames / 8, parts: 8)
    #expect(decimated.bins(in: .audible).count == 16_578_390)
    #expect(decimated.limit == 2756.25)
  }

  @Test func edgesOfABandAreOutsideIt() {
    let grid = BinGrid(sampleRate: 1000, transformLength: 1000)
    #expect(grid.bins(in: .between(low: 20, high: 30)) == 21..<30)
    #expect(grid.bins(in: .between(low: 0, high: 500)) == 1..<500)
    #expect(grid.bins(in: .between(low: 20.5, high: 20.75)).isEmpty)
    #expect(grid.bins(in: .full) == 0..<501)
  }

  @Test func frequenciesAreThoseOfTheDefinition() {
    let grid = BinGrid(sampleRate: 44100, transformLength: 7, parts: 3)
    #expect(grid.frequency(of: 2) == 2.0 * 44100 / 21)
    #expect(grid.count == 4)
    #expect(!grid.isUnpaired(3))
    #expect(BinGrid(sampleRate: 8, transformLength: 8).isUnpaired(4))
  }

  @Test(arguments: [1, 2, 3, 100, 4096]) func everyKeptBinIsInExactlyOneBand(count: Int) {
    for length in [1, 2, 3, 1000, 10007] {
      for band in [FrequencyBand.full, .between(low: 0, high: 300), .audible] {
        let grid = BinGrid(sampleRate: 44100, transformLength: length)
        let bands = LogBands(band, of: grid, count: count)
        #expect(bands.firstBins.count == count + 1)
        #expect(bands.firstBins == bands.firstBins.sorted())
        #expect(bands.firstBins.first == grid.bins(in: band).lowerBound)
        #expect(bands.firstBins.last == grid.bins(in: band).upperBound)
      }
    }
  }

  @Test(arguments: [1, 2, 8]) func theFullBandEndsAtHalfTheSamplingRate(parts: Int) {
    let grid = BinGrid(sampleRate: 44100, transformLength: 1000, parts: parts)
    let bands = LogBands(.full, of: grid, count: 64)
    #expect(bands.edges.first == grid.spacing)
    #expect(bands.edges.last == 22050)
    #expect(bands.firstBins.last == 501)
  }

  @Test func bandsHoldTheFrequenciesBetweenTheirEdges() {
    let grid = BinGrid(sampleRate: 44100, transformLength: 44100)
    let bands = LogBands(.audible, of: grid, count: 100)
    for band in 0..<100 {
      for bin in bands.bins(of: band) {
        #expect(bands.edges[band] <= grid.frequency(of: bin))
        #expect(grid.frequency(of: bin) < bands.edges[band + 1])
      }
    }
  }
}
