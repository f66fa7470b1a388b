// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@testable import WavComparison

/// The points of a curve that count as peaks.
struct SpectrumCurveTests {
  /// Columns a twentieth of a semitone apart from 20 Hz on.
  private func curve(_ levels: [Double]) -> SpectrumCurve {
    levels.enumerated().map { SpectrumPoint(frequency: 20 * exp2(Double($0) / 240), level: $1) }
  }

  @Test func maximaAreHigherThanWhatIsBesideThem() {
    let levels: [Double] = [-10, -20, -15, -30, -30, -25, -25, -40, -.infinity, -35]
    #expect(curve(levels).maxima.map(\.level) == [-10, -15, -25, -35])
    #expect(curve([Double](repeating: -.infinity, count: 5)).maxima.isEmpty)
    #expect(SpectrumCurve().maxima.isEmpty)
  }

  @Test func aRowAtZeroIsNoMaximum() {
    let curve = [SpectrumPoint(frequency: 0, level: 0), SpectrumPoint(frequency: 1, level: -9)]
    #expect(curve.maxima.isEmpty)
  }

  /// Maxima nearer than half a semitone, ten columns here, are one note: the strongest counts.
  @Test func oneMaximumIsTakenPerNote() {
    var levels = [Double](repeating: -100, count: 60)
    (levels[5], levels[9], levels[13], levels[26], levels[40]) = (-30, -20, -25, -40, -10)
    #expect(curve(levels).strongestMaxima(9).map(\.level).prefix(3) == [-10, -20, -40])
    #expect(curve(levels).strongestMaxima(2).map(\.level) == [-10, -20])
  }

  /// Listed peaks are used if at least three of them are lines.
  @Test func linesAreListedOrLookedFor() {
    var levels = (0..<400).map { -80 - Double($0 % 3) }
    for place in [50, 150, 250, 350] { levels[place] = -20 - Double(place) / 100 }
    let found = curve(levels)
    #expect(found.lines(listed: nil) == [50, 150, 250, 350].map { found[$0] })
    let listed = [350, 250, 150].map {
      SpectrumPoint(frequency: found[$0].frequency * 1.0001, level: found[$0].level)
    }
    #expect(found.lines(listed: listed) == listed)
    #expect(found.lines(listed: Array(listed.prefix(2))).count == 4)
  }

  /// The keys of a reference written by an earlier version.
  @Test func pointsAreReadBack() throws {
    let text = Data(#"{"frequency_hz":440,"level_dbfs":-6.5}"#.utf8)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let point = try decoder.decode(SpectrumPoint.self, from: text)
    #expect(point == SpectrumPoint(frequency: 440, level: -6.5))
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(point) == text)
  }
}
