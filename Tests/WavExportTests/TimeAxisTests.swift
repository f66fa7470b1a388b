// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavExport

@Suite struct TimeAxisTests {
  /// The time of a label in seconds, in the units of a title.
  private func time(_ label: String, _ title: String) throws -> Double {
    let parts = try label.split(separator: ":").map { try #require(Double($0)) }
    let units = title.dropFirst("Time in ".count).split(separator: ":").count
    #expect(parts.count == units && parts.dropFirst().allSatisfy { $0 < 60 }, "\(label), \(title)")
    return parts.reduce(0) { 60 * $0 + $1 }
  }

  private let starts = [0, 0.001, 3.7, 59.9, 3599.5, 86_400.25]

  /// From a millisecond to 200 hours, in steps that are not round.
  private var durations: [Double] {
    let steps: [Double] = (0..<130).map { Double($0) * 0.2275 }
    return steps.map { 0.001 * exp2($0) } + [0.001, 1, 10, 60, 3600, 720_000]
  }

  @Test func labelsAreTheTimesOfTheirPlaces() throws {
    for duration in durations {
      for start in starts {
        let axis = TimeAxis(times: start...(start + duration), span: 84...1084)
        let ticks = axis.ticks
        try #require(ticks.count >= 2, "\(start) \(duration)")
        for tick in ticks {
          #expect((84 - 1e-3...1084 + 1e-3).contains(tick.position))
          let share = (try time(tick.label, axis.title) - start) / duration
          #expect(
            abs(84 + 1000 * share - tick.position) < 0.05, "\(tick.label) \(start) \(duration)")
        }
        // None is missing at the ends, and all are equally far from each other.
        let step = ticks[1].position - ticks[0].position
        for (index, tick) in ticks.enumerated() {
          #expect(abs(ticks[0].position + Double(index) * step - tick.position) < 0.05)
        }
        #expect(ticks[0].position - step < 84 && ticks[ticks.count - 1].position + step > 1084)
      }
    }
  }

  @Test func labelsDoNotTouchAndAreMany() {
    for duration in durations {
      for start in starts {
        let ticks = TimeAxis(times: start...(start + duration), span: 84...1084).ticks
        // A digit of 14 px is at most 9 units wide.
        let width = 9 * Double(ticks.map(\.label.count).max() ?? 0)
        let step = ticks[1].position - ticks[0].position
        #expect(step >= width + 10, "\(ticks.map(\.label))")
        #expect(step <= 2.6 * (width + 30), "\(ticks.map(\.label))")
      }
    }
  }

  @Test(
    arguments: [
      (
        0, 0.001, "Time in s",
        "0.0000 0.0001 0.0002 0.0003 0.0004 0.0005 0.0006 0.0007 0.0008 0.0009 0.0010"
      ),
      (0, 12, "Time in s", "0 1 2 3 4 5 6 7 8 9 10 11 12"),
      (0, 60, "Time in s", "0 5 10 15 20 25 30 35 40 45 50 55 60"),
      (0, 90, "Time in min:s", "0:00 0:10 0:20 0:30 0:40 0:50 1:00 1:10 1:20 1:30"),
      (
        100, 100.5, "Time in min:s",
        "1:40.00 1:40.05 1:40.10 1:40.15 1:40.20 1:40.25 1:40.30 1:40.35 1:40.40 1:40.45 1:40.50"
      ),
      (
        0, 720_000, "Time in h:min:s",
        "0:00:00 24:00:00 48:00:00 72:00:00 96:00:00 120:00:00 144:00:00 168:00:00 192:00:00"
      ),
    ] as [(Double, Double, String, String)])
  func timesAreWrittenAsFarAsNeeded(low: Double, high: Double, title: String, labels: String) {
    let axis = TimeAxis(times: low...high, span: 84...1084)
    #expect(axis.title == title)
    #expect(axis.ticks.map(\.label).joined(separator: " ") == labels)
  }
}
