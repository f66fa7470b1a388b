// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// An axis of levels, in dB or as amplitudes, with a range that suits a spectrum.
struct LevelAxis {
  /// The lowest and the highest level in dBFS; an axis of amplitudes begins at minus infinity.
  let low: Double
  let high: Double
  /// Bottom and top in the figure's units; y increases downwards.
  let bottom: Double
  let top: Double
  let scale: LevelScale

  /// Chooses the range: from just above the highest level down to where only a fiftieth of the
  /// bands are lower, 40 to 160 dB in all; of amplitudes from 0 to just above the greatest.
  ///
  /// `means` are the levels of a second curve below the first.
  init(
    _ levels: [Double], means: [Double] = [], _ choice: FigureChoice = FigureChoice(),
    bottom: Double, top: Double
  ) {
    let levels = levels.filter(\.isFinite).sorted()
    let means = means.filter(\.isFinite).sorted()
    let greatest = levels.last ?? 0
    if choice.scale == .amplitude {
      let amplitude = 1.05 * pow(10, greatest / 20)
      let step = EvenSteps(0, amplitude, most: 10).step
      self.init(
        low: -.infinity, high: 20 * log10((amplitude / step).rounded(.up) * step), bottom: bottom,
        top: top, scale: .amplitude)
      return
    }
    if let range = choice.levelRange {
      self.init(low: range.lowerBound, high: range.upperBound, bottom: bottom, top: top)
      return
    }
    let least =
      [levels, means].filter { !$0.isEmpty }.map { $0[$0.count / 50] }.min() ?? -100
    let high = ((greatest + 2) / 10).rounded(.up) * 10
    let low = min(max(((least - 5) / 10).rounded(.down) * 10, high - 160), high - 40)
    self.init(low: low, high: high, bottom: bottom, top: top)
  }

  /// An axis with a given range.
  init(
    low: Double, high: Double, bottom: Double, top: Double, scale: LevelScale = .decibels
  ) {
    self.low = low
    self.high = high
    self.bottom = bottom
    self.top = top
    self.scale = scale
  }

  /// The same axis along the edge of a plot: the range does not depend on its height.
  func placed(on plot: Rectangle) -> LevelAxis {
    LevelAxis(low: low, high: high, bottom: plot.bottom, top: plot.top, scale: scale)
  }

  /// The position of a level; levels off the axis are drawn at its end.
  func position(_ level: Double) -> Double {
    let level = min(max(level, low), high)
    let share =
      switch scale {
      case .decibels: (level - low) / (high - low)
      case .amplitude: pow(10, (level - high) / 20)
      }
    return bottom + share * (top - bottom)
  }

  /// A remark if more levels are off the axis than the usual range leaves out; they are drawn at its ends.
  func remark(_ levels: [Double]) -> String? {
    let levels = levels.filter(\.isFinite)
    let below = levels.count { $0 < low - 0.5 } > levels.count / 50
    let above = levels.contains { $0 > high + 0.5 }
    guard below || above else { return nil }
    let place =
      below && above
      ? "beyond the axis are drawn at its ends"
      : above
        ? "above the axis are drawn at its top" : "below the axis are drawn at its bottom"
    return "Levels \(place)"
  }

  /// Ticks at round levels of a reference, or of dBFS, or at round amplitudes; `text` writes a level.
  func ticks(
    _ reference: LevelReference?, _ text: (Double) -> String = { significant($0, 6) }
  ) -> [Scene.Tick] {
    switch scale {
    case .decibels:
      let offset = reference?.offset ?? 0
      return ticks(EvenSteps(low + offset, high + offset, most: mostTicks), text) { $0 - offset }
    case .amplitude:
      return ticks(
        EvenSteps(0, pow(10, high / 20), most: mostTicks), { significant($0, 6) },
        level: { 20 * log10($0) })
    }
  }

  /// Labels that there is room for.
  var mostTicks: Int { min(10, max(2, Int((bottom - top) / 24))) }

  private func ticks(
    _ steps: EvenSteps, _ text: (Double) -> String, level: (Double) -> Double
  ) -> [Scene.Tick] {
    steps.labelled.map {
      Scene.Tick(position: position(level($0)), label: text($0).replacingMinus())
    } + steps.marked.map { Scene.Tick(position: position(level($0)), label: "", kind: .minor) }
  }

  /// What levels are in, as the title of an axis.
  static func title(_ reference: LevelReference?, _ scale: LevelScale = .decibels) -> String {
    if scale == .amplitude { return "Amplitude (full-scale sine = 1)" }
    return reference.map { "Level in \($0.unit) (full-scale sine = \(significant($0.offset, 6)))" }
      ?? "Level in dBFS (full-scale sine = 0)"
  }
}
