// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@Suite struct SegmentLayoutTests {
  @Test(arguments: [(100, 10, 0.5), (101, 10, 0.5), (99, 7, 0.75), (64, 64, 0), (1000, 33, 0.99)])
  func everySegmentIsCompleteAndAnotherWouldNotBe(count: Int, length: Int, overlap: Double) {
    let layout = SegmentLayout(sampleCount: count, length: length, overlap: overlap)
    #expect(layout.samples(of: 0) == 0..<length)
    #expect(layout.samples(of: layout.count - 1).upperBound == layout.usedCount)
    #expect(layout.usedCount <= count)
    #expect(layout.samples(of: layout.count).upperBound > count)
    #expect(layout.unusedCount == count - layout.usedCount)
    #expect(layout.unusedCount < layout.hop)
  }

  /// As `scipy.signal.welch` has it: noverlap = nperseg // 2.
  @Test func halfAnOddLengthIsRoundedDown() {
    #expect(SegmentLayout(sampleCount: 100, length: 9, overlap: 0.5).hop == 5)
    #expect(SegmentLayout(sampleCount: 100, length: 8, overlap: 0.5).hop == 4)
    #expect(SegmentLayout(sampleCount: 100, length: 1, overlap: 0.5).hop == 1)
  }

  /// Quantiles from tables.
  ///
  /// M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions", table 26.8.
  @Test(arguments: [
    (0.05, 1.0, 3.84146), (0.05, 10.0, 18.3070), (0.95, 10.0, 3.94030), (0.01, 2.0, 9.21034),
    (0.99, 30.0, 14.9535), (0.001, 100.0, 149.449), (0.5, 4.0, 3.35669),
  ])
  func thresholdsAreThoseOfTables(probability: Double, degrees: Double, value: Double) {
    let found = chiSquareThreshold(probability: probability, degreesOfFreedom: degrees)
    #expect(abs(found / value - 1) < 3e-6)
    #expect(abs(chiSquareExcess(found, degreesOfFreedom: degrees) / probability - 1) < 1e-9)
  }

  /// With two degrees of freedom the distribution is exponential.
  @Test func rareValuesAreExact() {
    let found = chiSquareThreshold(probability: 1e-12, degreesOfFreedom: 2)
    #expect(abs(found + 2 * log(1e-12)) < 1e-9)
  }

  /// For Hann and half overlap they are 36 K^2 / (19 K - 1).
  ///
  /// D. B. Percival and A. T. Walden, "Spectral Analysis for Physical Applications", 1993, p. 294.
  @Test(arguments: [2, 10, 1000]) func degreesOfFreedomAreThoseOfTheTextbook(count: Int) {
    let layout = SegmentLayout(
      sampleCount: 1024 + 512 * (count - 1), length: 1024, overlap: 0.5)
    let found = AveragingStatistics(layout, .hann, .mean).degreesOfFreedom
    let k = Double(count)
    #expect(abs(found / (36 * k * k / (19 * k - 1)) - 1) < 1e-3)
    let apart = SegmentLayout(sampleCount: 1024 * count, length: 1024, overlap: 0)
    #expect(AveragingStatistics(apart, .hann, .mean).degreesOfFreedom == 2 * k)
  }

  /// Medians of few powers: simulated with 20,000 recordings of white noise for each count; of many: (ln 2)^2 of the mean's.
  @Test func degreesOfFreedomOfMedians() {
    func degrees(_ count: Int, _ average: Segmentation.Average) -> Double {
      AveragingStatistics(
        SegmentLayout(sampleCount: 1024 + 512 * (count - 1), length: 1024, overlap: 0.5), .hann,
        average
      ).degreesOfFreedom
    }
    for (count, simulated) in [(2, 3.82), (3, 3.75), (4, 5.69), (5, 5.58)] {
      #expect(abs(degrees(count, .median) / simulated - 1) < 0.05)
    }
    let ratio = degrees(2001, .median) / degrees(2001, .mean)
    #expect(abs(ratio / (log(2) * log(2)) - 1) < 1e-3)
  }

  /// The mean of several bins is surer by as many degrees of freedom.
  @Test func meansOfBinsAreSurer() {
    let layout = SegmentLayout(sampleCount: 10_240, length: 1024, overlap: 0)
    let ten = AveragingStatistics(layout, .rectangular, .mean)
    let hundred = AveragingStatistics(
      SegmentLayout(sampleCount: 102_400, length: 1024, overlap: 0), .rectangular, .mean)
    let (wide, narrow) = (ten.interval(ofMeans: 10), hundred.interval())
    #expect(abs(wide.lowerBound - narrow.lowerBound) < 1e-9)
    #expect(abs(wide.upperBound - narrow.upperBound) < 1e-9)
  }

  @Test func moreSegmentsNarrowTheInterval() {
    let intervals = [10, 100, 1000].map { count in
      AveragingStatistics(
        SegmentLayout(sampleCount: 512 * count, length: 512, overlap: 0.5), .hann, .mean
      ).interval()
    }
    for (wide, narrow) in zip(intervals, intervals.dropFirst()) {
      #expect(narrow.lowerBound > wide.lowerBound && narrow.upperBound < wide.upperBound)
    }
    #expect(intervals[0].contains(0))
  }
}
