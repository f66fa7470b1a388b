// SPDX-License-Identifier: GPL-2.0-or-later

/// An axis of time from left to right, with round ticks for any duration.
struct TimeAxis {
  /// The range in seconds, from 0 on.
  let times: ClosedRange<Double>
  /// Left and right end in the figure's units.
  let span: ClosedRange<Double>

  /// Space for a character of a label, and least space between two labels.
  static let characterWidth = 9.0
  static let gap = 24.0

  /// Hours, minutes and seconds are written as far as the latest time needs them.
  private enum Notation: String {
    case seconds = "s"
    case minutes = "min:s"
    case hours = "h:min:s"
  }

  private var notation: Notation {
    times.upperBound <= 60 ? .seconds : times.upperBound <= 3600 ? .minutes : .hours
  }

  /// The title, with the units of the labels.
  var title: String { "Time in \(notation.rawValue)" }

  /// The position of a time.
  func position(_ time: Double) -> Double {
    let share = (time - times.lowerBound) / (times.upperBound - times.lowerBound)
    return span.lowerBound + share * (span.upperBound - span.lowerBound)
  }

  /// Ticks at multiples of the shortest round time whose labels do not touch.
  var ticks: [Scene.Tick] {
    let duration = times.upperBound - times.lowerBound
    let scale = (span.upperBound - span.lowerBound) / duration
    let step = Step.all.first { step in
      let longest = label(step.multiples(in: times).last ?? 0, step)
      return step.seconds * scale >= Double(longest.count) * Self.characterWidth + Self.gap
    }
    guard let step else { return [] }
    return step.multiples(in: times).map {
      Scene.Tick(position: position(Double($0) * step.seconds), label: label($0, step))
    }
  }

  /// The label of a multiple of a step, with the decimals of the step: `1:02:30`.
  private func label(_ multiple: Int, _ step: Step) -> String {
    let units = multiple * step.count
    let (seconds, rest) = units.quotientAndRemainder(dividingBy: step.unitsPerSecond)
    let fraction = step.decimals == 0 ? "" : "." + padded(rest, step.decimals)
    return switch notation {
    case .seconds: "\(seconds)\(fraction)"
    case .minutes: "\(seconds / 60):\(padded(seconds % 60, 2))\(fraction)"
    case .hours:
      "\(seconds / 3600):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))\(fraction)"
    }
  }

  private func padded(_ number: Int, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: digits - text.count) + text
  }
}

/// A round time between two ticks.
private struct Step {
  /// The time, in units of the last decimal.
  let count: Int
  /// Number of decimals of seconds.
  let decimals: Int

  var unitsPerSecond: Int { (0..<decimals).reduce(1) { units, _ in units * 10 } }
  var seconds: Double { Double(count) / Double(unitsPerSecond) }

  /// From a nanosecond to 1,000 days, each at most two and a half times the one before.
  static let all: [Step] = {
    let fractions = (1...9).reversed().flatMap { decimals in
      [1, 2, 5].map { Step(count: $0, decimals: decimals) }
    }
    let minute = 60
    let hour = 3600
    let day = 24 * hour
    let round = [1, 2, 5, 10, 15, 30]
    let whole =
      round + round.map { $0 * minute } + [1, 2, 3, 6, 12].map { $0 * hour }
      + [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map { $0 * day }
    return fractions + whole.map { Step(count: $0, decimals: 0) }
  }()

  /// The multiples within a range, the ends included in spite of rounding.
  func multiples(in times: ClosedRange<Double>) -> ClosedRange<Int> {
    let tolerance = 1e-9 * (times.upperBound - times.lowerBound) / seconds
    let first = Int((times.lowerBound / seconds - tolerance).rounded(.up))
    let last = Int((times.upperBound / seconds + tolerance).rounded(.down))
    return first...max(first, last)
  }
}
