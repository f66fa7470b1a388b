// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The figure of a spectrogram: levels over time and frequency as colours, with their scale.
public struct SpectrogramFigure {
  private let grid: LevelGrid
  private let text: FigureText
  private let colours: ColourMap
  private let layout: FigureLayout
  private let plot: Rectangle
  private let bar: Rectangle
  private let times: TimeAxis
  private let frequencies: UprightFrequencyAxis
  private let levels: LevelAxis

  /// Columns and rows of the finest grid that a figure shows cell by cell; of a finer one each pixel
  /// shows several cells.
  public static let mostCells = (columns: Int(2 * frame.width), rows: Int(2 * frame.height))

  private static let frame = Rectangle(left: 84, right: 1084, top: 92, bottom: 556)
  /// Room at the right for the colours and their axis.
  private static let rightMargin = 116.0

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - grid: The levels.
  ///   - text: The texts; remarks are above the image.
  ///   - spectraPerColumn: Least and greatest number of spectra in a column of the grid, at least 1.
  ///   - binSpacing: Distance of the bins in Hz; rows are no wider if each has the level of one bin.
  ///   - choice: How it is drawn. A logarithmic axis leaves out a row that begins at 0 Hz.
  ///   - colours: The colours.
  public init(
    _ grid: LevelGrid, text: FigureText, spectraPerColumn: ClosedRange<Int>, binSpacing: Double = 0,
    choice: FigureChoice = FigureChoice(), colours: ColourMap = .inferno
  ) {
    self.grid = grid
    self.text = text
    self.colours = colours
    var parts = FigureLayout.Parts()
    parts.rightMargin = Self.rightMargin
    // How many cells a point has depends on the width alone.
    let width = FigureLayout(text, choice, parts).plot.width
    if grid.levels.contains(where: { $0 > -.infinity }) {
      parts.caption = Self.caption(
        grid, CellImage.columns(grid.columnCount, width: width), spectraPerColumn,
        hasOneBin: Self.hasOneBin(grid, binSpacing))
    }
    layout = FigureLayout(text, choice, parts)
    plot = layout.plot
    bar = Rectangle(
      left: plot.right + 20, right: plot.right + 36, top: plot.top, bottom: plot.bottom)
    times = TimeAxis(times: grid.times, span: plot.left...plot.right)
    let edges = grid.frequencyEdges
    // A grid of a single row from 0 Hz on has no logarithmic axis.
    let isLinear = choice.spacing == .linear || edges[0] == 0 && edges.count == 2
    frequencies = UprightFrequencyAxis(
      low: edges[0] == 0 && !isLinear ? edges[1] : edges[0], high: edges[edges.count - 1],
      spacing: isLinear ? .linear : .logarithmic, bottom: plot.bottom, top: plot.top)
    let range = choice.levelRange ?? suitableRange(of: grid.levels)
    levels = LevelAxis(
      low: range.lowerBound, high: range.upperBound, bottom: bar.bottom, top: bar.top)
  }

  /// The finished figure.
  public func scene() -> Scene {
    let image = CellImage(grid, axis: frequencies, width: plot.width)
    let isSilent = !grid.levels.contains { $0 > -.infinity }
    return layout.scene(
      panels: [Scene.Panel(frame: plot, vertical: frequencies.ticks, hasRules: false)],
      horizontal: times.ticks, colourBar: isSilent ? nil : colourBar(),
      axisTitles: titles(isSilent: isSilent),
      layers: isSilent
        ? []
        : [
          [.image(image.raster(grid, levels: levels.low...levels.high, colours: colours), plot)]
        ])
  }

  private func titles(isSilent: Bool) -> [Scene.Label] {
    let titles: [Scene.Label] = [
      .horizontalTitle(times.title, below: plot, distance: 48),
      .verticalTitle("Frequency in Hz", of: plot),
    ]
    let level = Scene.Label(
      text: Scene.Label.fitting(LevelAxis.title(text.reference), bar),
      position: Point(bar.right + 64, bar.center.y),
      role: .unit, anchor: .middle, isRotated: true)
    return isSilent ? titles : titles + [level]
  }

  private func colourBar() -> Scene.ColourBar {
    let colours = colours.colours
    let ticks = levels.ticks(text.reference) { significant($0, 6) }
    return Scene.ColourBar(
      frame: bar,
      colours: Raster(
        width: 1, height: colours.count, palette: colours,
        indices: (0..<colours.count).reversed().map { UInt8($0) }),
      ticks: ticks)
  }

  /// Whether each point shows the level of a single bin: no row is wider than their distance, and there are pixels
  /// for all rows.
  private static func hasOneBin(_ grid: LevelGrid, _ spacing: Double) -> Bool {
    let edges = grid.frequencyEdges
    let widest = zip(edges, edges.dropFirst()).map { $1 - $0 }.max() ?? 0
    return widest <= spacing * (1 + 1e-6) && grid.rowCount <= mostCells.rows
  }

  /// What the level of a cell is, and of how many spectra.
  private static func caption(
    _ grid: LevelGrid, _ columns: [Range<Int>], _ spectraPerColumn: ClosedRange<Int>,
    hasOneBin: Bool
  ) -> String {
    let merged = columns.map(\.count)
    let least = spectraPerColumn.lowerBound * (merged.min() ?? 1)
    let most = spectraPerColumn.upperBound * (merged.max() ?? 1)
    let level =
      switch grid.reduction {
      case .maximum: "the greatest level"
      case .mean: "the mean power"
      }
    let spectra =
      most == 1
      ? "one spectrum"
      : (least == most ? grouped(most) : "\(grouped(least)) to \(grouped(most))") + " spectra"
    if hasOneBin, most == 1 {
      return "Each point has the level of the nearest bin in one spectrum."
    }
    return "Each point has \(level) of \(hasOneBin ? "the nearest bin" : "its bins") in \(spectra)"
      + (grid.reduction == .maximum ? "; noise is the higher, the more these are." : ".")
  }
}

/// The range of levels that is shown: from the strongest cell down to where only a tenth of the cells
/// are weaker, 50 to 100 dB in all, in steps of 5 dB.
///
/// That tenth is noise, or what a codec removed. It depends on all cells, so that a level has the same
/// colour at any time.
package func suitableRange(of levels: [Float]) -> ClosedRange<Double> {
  // Cells in steps of 1 dB, from -400 to 100 dBFS.
  var counts = [Int](repeating: 0, count: 501)
  var greatest = -Float.infinity
  for level in levels where level > -.infinity {
    greatest = max(greatest, level)
    counts[Int(min(max(level, -400), 100).rounded(.down)) + 400] += 1
  }
  guard greatest > -.infinity else { return -100...0 }
  var below = counts.reduce(0, +) / 10
  var least = -400
  for (index, count) in counts.enumerated() {
    least = index - 400
    if below < count { break }
    below -= count
  }
  let high = (Double(greatest) / 5).rounded(.up) * 5
  let low = (Double(least) / 5).rounded(.down) * 5
  return min(max(low, high - 100), high - 50)...high
}
