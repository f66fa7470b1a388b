// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A linear axis of levels in dBFS that fits a spectrum.
struct LevelAxis {
  let low: Double
  let high: Double
  /// Bottom and top in the figure's units; y grows downwards.
  let bottom: Double
  let top: Double

  /// From just above the highest level down to where all but a fiftieth of the bands are, 40 to 160
  /// dB in all.
  init(_ rows: [BandRow], bottom: Double, top: Double) {
    self.bottom = bottom
    self.top = top
    let levels = rows.map(\.level).filter(\.isFinite).sorted()
    let greatest = levels.last ?? 0
    let least = levels.isEmpty ? -100 : levels[levels.count / 50]
    let high = ((greatest + 2) / 10).rounded(.up) * 10
    self.high = high
    low = min(max(((least - 5) / 10).rounded(.down) * 10, high - 160), high - 40)
  }

  /// Where a level is drawn; levels off the axis are drawn at its end.
  func position(_ level: Double) -> Double {
    let share = (min(max(level, low), high) - low) / (high - low)
    return bottom + share * (top - bottom)
  }

  var ticks: [Double] { evenTicks(low, high, most: 10) }
}
