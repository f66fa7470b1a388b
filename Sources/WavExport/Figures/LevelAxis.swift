// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A linear axis of levels in dBFS, with a range that suits a spectrum.
struct LevelAxis {
  let low: Double
  let high: Double
  /// Bottom and top in the figure's units; y increases downwards.
  let bottom: Double
  let top: Double

  /// Chooses the range: from just above the highest level down to where only a fiftieth of the
  /// bands are lower, 40 to 160 dB in all.
  init(_ levels: [Double], bottom: Double, top: Double) {
    let levels = levels.filter(\.isFinite).sorted()
    let greatest = levels.last ?? 0
    let least = levels.isEmpty ? -100 : levels[levels.count / 50]
    let high = ((greatest + 2) / 10).rounded(.up) * 10
    let low = min(max(((least - 5) / 10).rounded(.down) * 10, high - 160), high - 40)
    self.init(low: low, high: high, bottom: bottom, top: top)
  }

  /// An axis with a given range.
  init(low: Double, high: Double, bottom: Double, top: Double) {
    self.low = low
    self.high = high
    self.bottom = bottom
    self.top = top
  }

  /// The position of a level; levels off the axis are drawn at its end.
  func position(_ level: Double) -> Double {
    let share = (min(max(level, low), high) - low) / (high - low)
    return bottom + share * (top - bottom)
  }

  /// Ticks at round levels of a reference, or of dBFS; `text` writes a level.
  func ticks(
    _ reference: LevelReference?, _ text: (Double) -> String = { fixed($0, 0) }
  ) -> [Scene.Tick] {
    let offset = reference?.offset ?? 0
    return evenTicks(low + offset, high + offset, most: 10).map { level in
      Scene.Tick(position: position(level - offset), label: text(level).replacingMinus())
    }
  }

  /// What levels are in, as the title of an axis.
  static func title(_ reference: LevelReference?) -> String {
    reference.map { "Level in \($0.unit) (full-scale sine = \(significant($0.offset, 6)))" }
      ?? "Level in dBFS (full-scale sine = 0)"
  }
}
