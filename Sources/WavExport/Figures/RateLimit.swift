// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The upper limit of a recording, if it is within the band: half its sampling rate, with a text on it.
struct RateLimit {
  let grid: BinGrid
  let frequencies: FrequencyAxis

  /// Room for the text at the right of the limit.
  private static let leastWidth = 210.0

  private var limit: Double { grid.recordingLimit }
  private var x: Double { frequencies.position(limit) }
  private var isInBand: Bool { limit < frequencies.high && limit > frequencies.low }
  private var hasRoom: Bool { frequencies.span.upperBound - x > Self.leastWidth }

  private var lines: [String] {
    [
      "nothing above \(significant(limit, 7)) Hz", "can be seen at a sampling",
      "rate of \(grid.sampleRate) Hz",
    ]
  }

  /// What is to be said above the plot, because there is no room for it beside the limit.
  var remark: String? {
    guard isInBand, !hasRoom else { return nil }
    return rateLimitInWords(grid.sampleRate, to: frequencies.high)?.capitalised
  }

  /// The limit in a plot, and the text beside it.
  func elements(in plot: Rectangle) -> [Scene.Element] {
    guard isInBand else { return [] }
    let labels = lines.enumerated().map { index, line in
      Scene.Label(
        text: line, position: Point(x + 10, plot.bottom - 52 + 18 * Double(index)), role: .edgeFact)
    }
    return [.lines(.edge, [.vertical(x: x, from: plot.top, to: plot.bottom)])]
      + (hasRoom ? labels.map(Scene.Element.label) : [])
  }
}

/// A sentence, without full stop, on a sampling rate that shows less than an axis up to `high`; nil for others.
public func rateLimitInWords(_ sampleRate: Int, to high: Double) -> String? {
  let limit = Double(sampleRate) / 2
  guard limit < high * (1 - 1e-9) else { return nil }
  return
    "nothing above \(significant(limit, 7)) Hz can be seen at a sampling rate of \(sampleRate) Hz"
}
