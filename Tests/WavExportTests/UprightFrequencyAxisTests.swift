// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing
import WavSpectrum

@testable import WavExport

@Suite struct UprightFrequencyAxisTests {
  private func axis(
    _ low: Double, _ high: Double, _ spacing: FrequencySpacing = .logarithmic
  ) -> UprightFrequencyAxis {
    UprightFrequencyAxis(low: low, high: high, spacing: spacing, bottom: 556, top: 92)
  }

  private func labels(_ axis: UprightFrequencyAxis) -> [String] {
    axis.ticks.map(\.label).filter { !$0.isEmpty }
  }

  @Test func theAudibleRangeHasThreeLabelsADecade() {
    #expect(
      labels(axis(20, 20000))
        == ["20", "50", "100", "200", "500", "1000", "2000", "5000", "10000", "20000"])
    #expect(
      labels(axis(0, 22050, .linear))
        == ["0", "5000", "10000", "15000", "20000"])
    // Marks at the other multiples of powers of ten.
    #expect(axis(20, 20000).ticks.count == 28)
  }

  /// Ranges from a hundredth of a semitone to nine decades.
  @Test func anyRangeHasLabelsThatDoNotTouch() throws {
    for low in [0.001, 0.37, 19.9, 20, 441, 16000] {
      for step in 0..<60 {
        let ratio = pow(10, 0.0003 * pow(1.19, Double(step)))
        for spacing in FrequencySpacing.allCases {
          let axis = axis(low, low * ratio, spacing)
          let ticks = axis.ticks.filter { !$0.label.isEmpty }
          try #require(ticks.count >= 2, "\(low) \(ratio)")
          for (tick, next) in zip(ticks, ticks.dropFirst()) {
            #expect(tick.position - next.position >= 17, "\(low) \(ratio) \(ticks.map(\.label))")
          }
          // Labels tell the frequency of their places.
          for tick in ticks {
            let frequency = try #require(Double(tick.label))
            let share =
              spacing == .linear
              ? (frequency - low) / (low * ratio - low) : log(frequency / low) / log(ratio)
            #expect(abs(556 - 464 * share - tick.position) < 0.01, "\(tick.label)")
            #expect((92...556).contains(tick.position))
          }
          if spacing == .logarithmic {
            // Every power of ten has one, unless the range is less than that.
            var power = 0.001
            for _ in 0..<16 {
              if power >= low * 1.0001, power <= low * ratio / 1.0001 {
                #expect(ticks.contains { abs($0.position - axis.position(power)) < 0.01 })
              }
              power *= 10
            }
          }
        }
      }
    }
  }

  @Test func frequenciesOffTheAxisAreAtItsEnds() {
    let axis = axis(20, 20000)
    #expect(axis.position(0) == 556 && axis.position(20) == 556)
    #expect(axis.position(1e6) == 92)
  }
}
