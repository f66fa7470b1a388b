// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavComparison

/// When all lines are reported as moved by the same ratio.
struct CommonRatioTests {
  private func lines(_ frequencies: [Double], _ level: (Int) -> Double = { -20 - Double($0) })
    -> [SpectrumPoint]
  {
    frequencies.enumerated().map { SpectrumPoint(frequency: $1, level: level($0)) }
  }

  private func ratio(_ a: [SpectrumPoint], _ b: [SpectrumPoint]) -> CommonRatio? {
    CommonRatio(a, b, spacing: 0.05, range: 20...20000)
  }

  private static let chord = [220.0, 277.2, 329.6, 440, 554.4, 659.3, 880, 1108.7, 1318.5]

  @Test(arguments: [0.5, -0.5, 3, 100, -100, 200, 1200, -1200.0])
  func transpositionsHaveTheirRatio(cents: Double) throws {
    let found = ratio(lines(Self.chord.map { $0 * exp2(cents / 1200) }), lines(Self.chord))
    let measured = try #require(found).cents
    #expect(abs(measured - cents) < 0.02)
  }

  /// Transposed by a semitone, with some lines new or gone: the rest still agrees.
  @Test func someMayBeMissing() throws {
    let moved = Self.chord.dropLast(2).map { $0 * exp2(1.0 / 12) } + [3000, 5000]
    let found = ratio(lines(Array(moved)), lines(Self.chord))
    let measured = try #require(found).cents
    #expect(abs(measured - 100) < 0.02)
  }

  @Test func disagreeingLinesHaveNoRatio() {
    // The same lines, one moved line, other music, a shift in Hz, other levels, too few lines.
    #expect(ratio(lines(Self.chord), lines(Self.chord)) == nil)
    #expect(ratio(lines([221] + Self.chord.dropFirst()), lines(Self.chord)) == nil)
    #expect(
      ratio(lines([200, 251, 317, 402, 533, 640, 821, 1099, 1410]), lines(Self.chord)) == nil)
    #expect(ratio(lines(Self.chord.map { $0 + 40 }), lines(Self.chord)) == nil)
    #expect(
      ratio(
        lines(Self.chord.map { $0 * 1.1 }) { $0 % 2 == 0 ? -10 : -60 }, lines(Self.chord)) == nil)
    #expect(ratio(lines([233, 466]), lines([220, 440])) == nil)
    #expect(ratio([], lines(Self.chord)) == nil)
  }
}
