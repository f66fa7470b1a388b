// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The strongest bin of each column as a line, with a light area below it.
///
/// Wide columns are steps from edge to edge, up to the highest frequency of the recording. Bands
/// below the axis are drawn along its bottom, silent bands not at all.
struct SpectrumCurve {
  let rows: [BandRow]
  /// The highest frequency that the transform can show.
  let limit: Double
  let frequencies: FrequencyAxis
  let levels: LevelAxis

  /// Columns at least this wide are drawn as steps.
  private static let leastStep = 4.0

  /// The lines and the areas.
  func elements() -> [Scene.Element] {
    var lines: [Scene.Line] = []
    var areas: [[Point]] = []
    let bottom = levels.bottom
    for run in rows.split(whereSeparator: { !($0.level > -.infinity) }) {
      let points = run.flatMap(points)
      guard let first = points.first, let last = points.last else { continue }
      // A single point would be invisible: it becomes a bar down to the axis.
      lines.append(
        points.count == 1 ? .vertical(x: first.x, from: first.y, to: bottom) : .through(points))
      areas.append([Point(first.x, bottom)] + points + [Point(last.x, bottom)])
    }
    return lines.isEmpty ? [] : [.areas(.area, areas), .lines(.curve, lines)]
  }

  private func points(_ row: BandRow) -> [Point] {
    let y = levels.position(row.level)
    let left = frequencies.position(row.lowEdge)
    let right = frequencies.position(min(row.highEdge, max(row.frequency, limit)))
    return right - left >= Self.leastStep
      ? [Point(left, y), Point(right, y)] : [Point(frequencies.position(row.frequency), y)]
  }
}
