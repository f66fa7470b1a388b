// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavExport

/// A time in another way than as a number of seconds: `1:30`, `1:02:03.5`, `10ms`, `2 min`.
///
/// Options do not take it; the sentence that refuses it names the seconds.
struct TimeText {
  let seconds: Double

  init?(_ text: String) {
    let text = text.lowercased().filter { $0 != " " }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    if (2...3).contains(parts.count) {
      // Minutes and seconds are below 60.
      guard parts.allSatisfy({ ($0 ?? -1) >= 0 }), parts.dropFirst().allSatisfy({ ($0 ?? 60) < 60 })
      else { return nil }
      seconds = parts.reduce(0) { 60 * $0 + ($1 ?? 0) }
      return
    }
    // Divisors, because thousandths are no binary fractions.
    let units: [(String, factor: Double, divisor: Double)] = [
      ("us", 1, 1e6), ("µs", 1, 1e6), ("ms", 1, 1000), ("min", 60, 1), ("sec", 1, 1),
      ("h", 3600, 1),
      ("m", 60, 1), ("s", 1, 1),
    ]
    for (unit, factor, divisor) in units where text.hasSuffix(unit) {
      guard let number = Double(text.dropLast(unit.count)), number >= 0, number < 1e12 else {
        return nil
      }
      seconds = number * factor / divisor
      return
    }
    return nil
  }
}

/// The values of options in seconds.
func seconds(parsing argument: String) throws -> Double {
  if let number = Double(argument) { return number }
  throw ValidationError(
    "Write a number of seconds, \(TimeText(argument).map { "here \(numeral($0.seconds))" } ?? "such as 2.5")."
  )
}
