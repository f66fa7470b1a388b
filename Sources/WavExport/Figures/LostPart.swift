// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The part of the band above the limit of decimation: hatched, with a text on the limit.
struct LostPart {
  let loss: NyquistLoss
  let plot: Rectangle
  let frequencies: FrequencyAxis

  private static let hatchDistance = 14.0
  /// Least width for the text, and for the text in the usual font.
  private static let leastWidths = (small: 150.0, usual: 250.0)

  /// The elements; none if nothing of the band is lost.
  func elements() -> [Scene.Element] {
    guard loss.lostShare > 0 else { return [] }
    let left = frequencies.position(loss.limit)
    let right = frequencies.position(loss.originalLimit)
    return [
      .lines(.hatch, hatching(left, right)),
      .lines(.limit, [.vertical(x: left, from: plot.top, to: plot.bottom)]),
    ] + words(left, right).map(Scene.Element.label)
  }

  /// The text is in the hatched part if that is wide enough, in a small font if necessary; otherwise left of it.
  private func words(_ left: Double, _ right: Double) -> [Scene.Label] {
    var facts = [
      "nothing above \(significant(loss.limit, 7)) Hz",
      "\(percent(loss.lostShare)) of the band in Hz",
      loss.octavesInWords,
    ]
    let width = right - left
    let fits = width > Self.leastWidths.small
    let energy = loss.energyShareAbove.map {
      ["about \(percent($0)) of the energy,", "folded back below the limit"]
    }
    let isSmall = fits && width < Self.leastWidths.usual
    if isSmall {
      let size = PeakTags.fontSize
      facts =
        facts.flatMap { wrapped($0, to: width - 8, size: size) }
        + wrapped((energy ?? []).joined(separator: " "), to: width - 8, size: size)
    } else {
      facts += energy ?? []
    }
    let middle = fits ? (left + right) / 2 : left - 10
    let anchor = fits ? Scene.Label.Anchor.middle : .end
    let name = Scene.Label(
      text: "Lost to decimation", position: Point(middle, plot.top + 36), role: .lostName,
      anchor: anchor)
    return [name]
      + facts.enumerated().map { index, fact in
        Scene.Label(
          text: fact, position: Point(middle, plot.top + 60 + (isSmall ? 17 : 20) * Double(index)),
          role: .lostFact, anchor: anchor, isSmall: isSmall)
      }
  }

  /// Lines that rise by 45° across a part of the plot; renderers take three times as long for a
  /// pattern fill.
  private func hatching(_ left: Double, _ right: Double) -> [Scene.Line] {
    let (top, bottom) = (plot.top, plot.bottom)
    // On such a line x + y is constant.
    let sums = stride(from: left + top, to: right + bottom, by: Self.hatchDistance).dropFirst()
    return sums.map { sum in
      let (low, high) = (max(left, sum - bottom), min(right, sum - top))
      return .through([Point(low, sum - low), Point(high, sum - high)])
    }
  }
}
