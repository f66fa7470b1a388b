// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Strips along the axis where most of the power comes from above the limit of decimation.
struct FoldedPart {
  let loss: NyquistLoss
  let frequencies: FrequencyAxis

  /// From the axis to the middle of a strip.
  private static let distance = 4.0

  /// The strips in a plot.
  func elements(in plot: Rectangle) -> [Scene.Element] {
    let strips = loss.foldedRanges.filter {
      $0.lowerBound < frequencies.high && $0.upperBound > frequencies.low
    }.map { range in
      Scene.Line.through(
        [range.lowerBound, range.upperBound].map {
          Point(frequencies.position($0), plot.bottom - Self.distance)
        })
    }
    return strips.isEmpty ? [] : [.lines(.folded, strips)]
  }
}
