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

  /// Round frequencies.
  var ticks: [Scene.Tick] {
    let frequencies = FrequencyTicks(
      low, high, spacing, length: bottom - top, leastDistance: Self.leastDistance)
    return frequencies.labelled.map {
      Scene.Tick(position: position($0), label: significant($0, 8))
    } + frequencies.marked.map { Scene.Tick(position: position($0), label: "", kind: .minor) }
  }
}
