// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The part of the band above the limit of decimation: hatched, with a text on the limit.
struct LostPart {
  let loss: NyquistLoss
  let frequencies: FrequencyAxis

  private static let hatchDistance = 14.0
  /// Least width for the text, and for the text in the usual font.
  private static let leastWidths = (small: 190.0, usual: 250.0)

  private var left: Double { frequencies.position(loss.limit) }
  private var right: Double { frequencies.position(loss.originalLimit) }
  private static let name = "Lost to decimation"

  private var facts: [String] {
    [
      "nothing above \(significant(loss.limit, 7)) Hz",
      "\(percent(loss.lostShare)) of the band in Hz",
      loss.octavesInWords,
    ]
  }

  private var energy: [String]? {
    loss.energyShareAbove.map {
      ["\(aboutPercent($0)) of the energy,", "folded back below the limit"]
    }
  }

  /// What is to be said above the plot, because there is no room for it in the hatched part.
  var remark: String? {
    guard loss.lostShare > 0, right - left <= Self.leastWidths.small else { return nil }
    let sentences = facts + (energy.map { [$0.joined(separator: " ")] } ?? [])
    return "\(Self.name): " + sentences.joined(separator: "; ")
  }

  /// The elements in a plot; none if nothing of the band is lost.
  func elements(in plot: Rectangle) -> [Scene.Element] {
    guard loss.lostShare > 0 else { return [] }
    return [
      .lines(.hatch, hatching(plot)),
      .lines(.limit, [.vertical(x: left, from: plot.top, to: plot.bottom)]),
    ] + (remark == nil ? words(plot.top).map(Scene.Element.label) : [])
  }

  /// The text in the middle of the hatched part, in a small font if necessary.
  private func words(_ top: Double) -> [Scene.Label] {
    var facts = facts
    let width = right - left
    let isSmall = width < Self.leastWidths.usual
    if isSmall {
      let size = PeakTags.fontSize
      facts =
        facts.flatMap { wrapped($0, to: width - 8, size: size) }
        + wrapped((energy ?? []).joined(separator: " "), to: width - 8, size: size)
    } else {
      facts += energy ?? []
    }
    let middle = (left + right) / 2
    let name = Scene.Label(
      text: Self.name, position: Point(middle, top + 36), role: .lostName, anchor: .middle)
    return [name]
      + facts.enumerated().map { index, fact in
        Scene.Label(
          text: fact, position: Point(middle, top + 60 + (isSmall ? 17 : 20) * Double(index)),
          role: .lostFact, anchor: .middle, isSmall: isSmall)
      }
  }

  /// Lines that rise by 45° across a part of the plot; renderers take three times as long for a
  /// pattern fill.
  private func hatching(_ plot: Rectangle) -> [Scene.Line] {
    let (top, bottom, left, right) = (plot.top, plot.bottom, left, right)
    // On such a line x + y is constant.
    let sums = stride(from: left + top, to: right + bottom, by: Self.hatchDistance).dropFirst()
    return sums.map { sum in
      let (low, high) = (max(left, sum - bottom), min(right, sum - top))
      return .through([Point(low, sum - low), Point(high, sum - high)])
    }
  }
}
