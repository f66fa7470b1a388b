// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension TerminalPlot {
  private static let rowCount = 12
  /// Units of the axes of figures that a cell has: they place labels by these.
  private static let cell = (
    width: TimeAxis.characterWidth, height: UprightFrequencyAxis.leastDistance
  )

  /// Levels over time and frequency in shades, with what each shade stands for.
  ///
  /// The shades divide `range`, in dBFS; nil is a range that suits the levels.
  ///
  /// - Returns: The lines from top to bottom; none if all is silent.
  public func shades(
    _ grid: LevelGrid, spacing: FrequencySpacing, levels range: ClosedRange<Double>? = nil
  ) -> [String] {
    guard grid.levels.contains(where: { $0 > -.infinity }) else { return [] }
    let labels = frequencyLabels(grid, spacing)
    let margin = max(labels.map(\.count).max() ?? 0, 2) + 1
    let columns = width - margin
    // Half a unit of a figure is a pixel of its image.
    let image = CellImage(
      grid, axis: frequencyAxis(grid, spacing, height: Double(Self.rowCount) / 2),
      width: Double(columns) / 2)
    let thresholds = range.map(shadeThresholds) ?? shadeThresholds(grid.levels)
    let step = thresholds[1] - thresholds[0]
    let raster = image.raster(
      grid, levels: thresholds[0] - step...thresholds[3] + step, colours: .inferno)
    let picture = (0..<Self.rowCount).map { row in
      let y = row * raster.height / Self.rowCount
      let cells = (0..<columns).map { column in
        let x = column * raster.width / columns
        return characters.shades[Int(raster.indices[y * raster.width + x]) * 5 / 256]
      }
      return beside(labels[row], margin, String(cells))
    }
    let axis = TimeAxis(times: grid.times, span: 0...Self.cell.width * Double(columns))
    let ticks = axis.ticks.map {
      (column: min(Int($0.position / Self.cell.width), columns - 1), label: $0.label)
    }
    let scale = zip(characters.shades.dropFirst(), thresholds).map {
      "\($0) \(significant($1, 4))"
    }
    return [rightAligned(["Hz"], [margin - 1])] + picture
      + horizontalAxis(ticks, margin, unit: String(axis.title.dropFirst("Time in ".count)))
      + ["  dBFS from " + scale.joined(separator: " ")]
  }

  private func frequencyAxis(
    _ grid: LevelGrid, _ spacing: FrequencySpacing, height: Double
  ) -> UprightFrequencyAxis {
    let edges = grid.frequencyEdges
    let isLinear = spacing == .linear || edges[0] == 0 && edges.count == 2
    return UprightFrequencyAxis(
      low: edges[0] == 0 && !isLinear ? edges[1] : edges[0], high: edges[edges.count - 1],
      spacing: isLinear ? .linear : .logarithmic, bottom: height, top: 0)
  }

  /// The label of each row from top to bottom; empty for most.
  private func frequencyLabels(_ grid: LevelGrid, _ spacing: FrequencySpacing) -> [String] {
    let height = Self.cell.height
    let axis = frequencyAxis(grid, spacing, height: height * Double(Self.rowCount))
    return axis.ticks.reduce(into: [String](repeating: "", count: Self.rowCount)) { labels, tick in
      let row = min(max(Int(tick.position / height), 0), Self.rowCount - 1)
      if labels[row].isEmpty { labels[row] = tick.label }
    }
  }

  /// The levels from which on there is each shade: equal parts of a range.
  private func shadeThresholds(_ range: ClosedRange<Double>) -> [Double] {
    let step = (range.upperBound - range.lowerBound) / 5
    return (1...4).map { range.lowerBound + step * Double($0) }
  }

  /// The levels from which on there is each shade: 10, 15 or 20 dB apart.
  private func shadeThresholds(_ levels: [Float]) -> [Double] {
    let range = suitableRange(of: levels)
    let high = (range.upperBound / 10).rounded(.up) * 10
    let step = min(max(((high - range.lowerBound) / 25).rounded(.up) * 5, 10), 20)
    return (1...4).map { high - step * Double(5 - $0) }
  }
}
