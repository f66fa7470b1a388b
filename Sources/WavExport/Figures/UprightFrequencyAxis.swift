// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// An axis of frequencies from bottom to top, with round ticks.
struct UprightFrequencyAxis {
  /// Lowest and highest frequency in Hz.
  let low: Double
  let high: Double
  let spacing: FrequencySpacing
  /// Bottom and top in the figure's units; y increases downwards.
  let bottom: Double
  let top: Double

  /// Least distance of two labels.
  static let leastDistance = 20.0

  /// The position of a frequency; frequencies off the axis are at its ends.
  func position(_ frequency: Double) -> Double {
    let frequency = min(max(frequency, low), high)
    let share =
      switch spacing {
      case .logarithmic: log(frequency / low) / log(high / low)
      case .linear: (frequency - low) / (high - low)
      }
    return bottom + share * (top - bottom)
  }

  /// Labels at 1, 2 and 5 in every decade and marks between them, or only powers of ten if these are
  /// close to each other; evenly spaced ticks on a linear axis, and for less than two such labels.
  var ticks: [Scene.Tick] {
    if spacing == .logarithmic {
      let ticks = decadeTicks
      if ticks.count(where: { !$0.label.isEmpty }) >= 2 { return ticks }
    }
    return evenTicks(low, high, most: 10).map { tick($0, isLabelled: true) }
  }

  private var decadeTicks: [Scene.Tick] {
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let height = (bottom - top) / log10(high / low)
    let hasRoom = height * log10(2) >= Self.leastDistance
    let labelled = hasRoom ? [1, 2, 5] : [1]
    let digits = hasRoom ? 1...9 : 1...1
    return decades.flatMap { decade in
      digits.compactMap { digit in
        let frequency = Double(digit) * power(decade)
        guard (low...high).contains(frequency) else { return nil }
        return tick(frequency, isLabelled: labelled.contains(digit))
      }
    }
  }

  /// A power of ten, as exact as its decimals.
  private func power(_ decade: Int) -> Double {
    decade < 0 ? 1 / pow(10, Double(-decade)) : pow(10, Double(decade))
  }

  private func tick(_ frequency: Double, isLabelled: Bool) -> Scene.Tick {
    Scene.Tick(
      position: position(frequency), label: isLabelled ? significant(frequency, 8) : "")
  }
}
