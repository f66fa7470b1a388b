// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavSpectrum

@testable import WavExport

/// Spectrograms, read back from their SVG and their pixels.
@Suite struct SpectrogramFigureTests {
  private let words = FigureText(title: "Title", subtitle: "Subtitle", description: "About it")

  /// A grid with a level for each column and row.
  private func grid(
    _ columnCount: Int, _ edges: [Double], times: ClosedRange<Double> = 0...10,
    _ reduction: LevelGrid.Reduction = .maximum, level: (Int, Int) -> Float
  ) -> LevelGrid {
    let rowCount = edges.count - 1
    return LevelGrid(
      times: times, columnCount: columnCount, frequencyEdges: edges,
      levels: (0..<(columnCount * rowCount)).map { level($0 / rowCount, $0 % rowCount) },
      reduction: reduction)
  }

  private func figure(
    _ grid: LevelGrid, spacing: FrequencySpacing = .logarithmic,
    levelRange: ClosedRange<Double>? = nil
  ) -> SpectrogramFigure {
    SpectrogramFigure(
      grid, text: words, spectraPerColumn: 3...4, choice: choice(spacing, levelRange))
  }

  private func choice(
    _ spacing: FrequencySpacing, _ levelRange: ClosedRange<Double>? = nil
  ) -> FigureChoice {
    var choice = FigureChoice()
    choice.spacing = spacing
    choice.levelRange = levelRange
    return choice
  }

  /// The level of a colour of inferno, with -100 dBFS for the first and 0 for the last: documents have every other one.
  private func level(_ colour: UInt32) -> Double? {
    ColourMap.inferno.colours.firstIndex(of: Colour(hex: colour))
      .map { -100 + Double($0 / 2 * 2 + 1) * 100 / 256 }
  }

  /// Noise, which compresses worst, with as many cells as twenty seconds have: readers show its pixels with sharp
  /// edges, and they need not be repeated.
  @Test func aDocumentOfNoiseIsSmall() throws {
    var state: UInt32 = 1
    let grid = grid(399, FrequencySpacing.logarithmic.edges(of: 20...20000, rowCount: 464)) {
      _, _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      // The levels of noise, and their scatter.
      return -40 + 10 * log10(-log(Float(state >> 8) / 16_777_216 + 1e-7))
    }
    let document = try SVG.document(figure(grid, levelRange: -70 ... -20).scene())
    #expect(document.utf8.count < 215_000, "\(document.utf8.count)")
    let picture = try #require(try Drawing(document).pictures.first)
    #expect(picture.isPixelated && picture.image.width == 399 && picture.image.height == 464)
    // What an eye cannot tell apart.
    let scale = ColourMap.inferno.colours
    for (pixel, level) in zip(
      picture.image.pixels.prefix(399), (0..<399).map { grid[column: $0, row: 463] })
    {
      let wanted = scale[min(max(Int((level + 70) * 256 / 50), 0), 255)]
      let shown = Colour(hex: pixel)
      #expect(
        max(
          abs(Int(shown.red) - Int(wanted.red)), abs(Int(shown.green) - Int(wanted.green)),
          abs(Int(shown.blue) - Int(wanted.blue))) <= 5)
    }
  }

  /// Every cell is where the axes say, whatever the spacing of the grid and of the axis.
  @Test(arguments: FrequencySpacing.allCases, FrequencySpacing.allCases)
  func levelsAreWhereTheirAxesSay(rows: FrequencySpacing, axis: FrequencySpacing) throws {
    let edges = rows.edges(of: 100...6400, rowCount: 12)
    let grid = grid(5, edges, times: 20...30) { -Float(5 + 7 * $0 + 5 * $1) }
    let drawing = try Drawing(
      SVG.document(figure(grid, spacing: axis, levelRange: -100...0).scene()))
    let picture = try #require(drawing.pictures.first)
    #expect(picture.x == 84 && picture.y == 92 && picture.width == 1000 && picture.height == 464)
    // The scales, from their labels.
    let labels = drawing.texts.filter { $0.style == "end" }
    let value: (String) -> Double = { (Double($0) ?? .nan) }
    let up: (Double) -> Double = axis == .linear ? { $0 } : { log($0) }
    let (bottom, top) = (try #require(labels.first), try #require(labels.last))
    func y(_ frequency: Double) -> Double {
      let share =
        (up(frequency) - up(value(bottom.text))) / (up(value(top.text)) - up(value(bottom.text)))
      return bottom.y - 5 + share * (top.y - bottom.y)
    }
    let times = drawing.texts.filter { $0.style == "middle" }
    let (first, last) = (try #require(times.first), try #require(times.last))
    func x(_ time: Double) -> Double {
      first.x + (time - value(first.text)) / (value(last.text) - value(first.text))
        * (last.x - first.x)
    }
    for (column, time) in zip(0..<5, grid.timeEdges) {
      for row in 0..<12 {
        let (low, high) = (y(edges[row]), y(edges[row + 1]))
        // Rows of less than two pixels may be together with a stronger one.
        guard low - high > 2 else { continue }
        // Corners and middle of the cell.
        for (across, along) in [(0.5, 0.5), (0.02, 0.3), (0.98, 0.7)] {
          let place = (x(time + 2 * across), low + (high - low) * along)
          let pixel = (
            Int((place.0 - picture.x) / picture.width * Double(picture.image.width)),
            Int((place.1 - picture.y) / picture.height * Double(picture.image.height))
          )
          let shown = try #require(level(picture.image.colour(pixel.0, pixel.1)))
          #expect(
            abs(shown - Double(grid[column: column, row: row])) <= 0.5, "\(column) \(row) \(across)"
          )
        }
      }
    }
  }

  /// A single strong cell is seen, however many cells there are.
  @Test func noMaximumIsLost() throws {
    for (columns, rows) in [(1, 1), (7, 3), (2000, 928), (2001, 929), (4001, 1000)] {
      for spacing in FrequencySpacing.allCases {
        let strong = (columns * 2 / 3, rows / 3)
        let grid = grid(columns, spacing.edges(of: 20...20000, rowCount: rows)) {
          $0 == strong.0 && $1 == strong.1 ? -3 : -90
        }
        for axis in FrequencySpacing.allCases {
          let axis = UprightFrequencyAxis(
            low: 20, high: 20000, spacing: axis, bottom: 556, top: 92)
          let image = CellImage(grid, axis: axis, width: 1000)
          let raster = image.raster(grid, levels: -100...0, colours: .inferno)
          let bright = raster.indices.indices.filter { raster.indices[$0] > 200 }
          try #require(!bright.isEmpty, "\(columns) \(rows) \(spacing) \(axis.spacing)")
          // It is around the middle of the cell.
          let frequency =
            (grid.frequencyEdges[strong.1] + grid.frequencyEdges[strong.1 + 1]) / 2
          let x = (Double(strong.0) + 0.5) / Double(columns) * Double(raster.width)
          let y = (axis.position(frequency) - 92) / 464 * Double(raster.height)
          #expect(bright.contains { abs(Double($0 % raster.width) + 0.5 - x) <= 1 })
          #expect(bright.contains { abs(Double($0 / raster.width) + 0.5 - y) <= 1.5 })
          // Every cell is in the image, in its order.
          #expect(image.columns.first?.lowerBound == 0 && image.columns.last?.upperBound == columns)
          #expect(image.rows.first?.upperBound == rows && image.rows.last?.lowerBound == 0)
          #expect(
            zip(image.columns, image.columns.dropFirst()).allSatisfy {
              $1.lowerBound <= $0.upperBound
            })
          #expect(
            zip(image.rows, image.rows.dropFirst()).allSatisfy { $0.lowerBound <= $1.upperBound })
        }
      }
    }
  }

  @Test func evenCellsHaveAPixelEach() {
    let most = SpectrogramFigure.mostCells
    #expect(most.columns == 2000 && most.rows == 928)
    for (columns, rows) in [(3, 5), (1234, 77), (most.columns, most.rows)] {
      for spacing in FrequencySpacing.allCases {
        let grid = grid(columns, spacing.edges(of: 20...20000, rowCount: rows)) { _, _ in -5 }
        let axis = UprightFrequencyAxis(
          low: 20, high: 20000, spacing: spacing, bottom: 556, top: 92)
        let image = CellImage(grid, axis: axis, width: 1000)
        #expect(image.columns == (0..<columns).map { $0..<($0 + 1) })
        #expect(image.rows == (0..<rows).reversed().map { $0..<($0 + 1) })
      }
    }
  }

  /// Of means the mean power is drawn, weighted by the number of bins.
  @Test func meansAreMeansOfPowers() throws {
    let edges = FrequencySpacing.linear.edges(of: 0...1000, rowCount: 1000)
    let wide = grid(4000, edges, .mean) { column, _ in column % 2 == 0 ? -10 : -.infinity }
    let scene = figure(wide, spacing: .linear, levelRange: -100...0).scene()
    guard case .image(let raster, _)? = scene.layers.first?.first else {
      Issue.record("no image")
      return
    }
    let levels = Set(raster.indices).map { -100 + (Double($0) + 0.5) * 100 / 256 }
    #expect(levels.count == 1 && abs((levels.first ?? 0) - -13.01) < 0.4)
    // Rows of 1 Hz and 3 Hz in one pixel.
    let uneven = grid(1, [100, 101, 104, 1e6], .mean) { _, row in [-10, -40, -90][row] }
    let axis = UprightFrequencyAxis(low: 100, high: 1e6, spacing: .linear, bottom: 2, top: 0)
    let image = CellImage(uneven, axis: axis, width: 1)
    #expect(image.rows.last == 0..<2)
    let shade = try #require(
      image.raster(uneven, levels: -100...0, colours: .inferno).indices.last)
    #expect(abs(-100 + (Double(shade) + 0.5) * 100 / 256 - (10 * log10((0.1 + 3e-4) / 4))) < 0.4)
  }

  @Test func aLogarithmicAxisLeavesOutTheRowFromZeroOn() throws {
    let grid = grid(4, [0, 50, 500, 5000]) { _, row in [-1, -40, -80][row] }
    let scene = figure(grid, levelRange: -100...0).scene()
    guard case .image(let raster, _)? = scene.layers.first?.first else {
      Issue.record("no image")
      return
    }
    let levels = Set(raster.indices.map { (-100 + (Double($0) + 0.5) * 100 / 256).rounded() })
    #expect(levels == [-40, -80])
    #expect(scene.panels[0].vertical.first?.label == "50")
    // A linear axis has it.
    let linear = figure(grid, spacing: .linear).scene()
    #expect(linear.panels[0].vertical.first?.label == "0")
    // A single row from 0 Hz on is drawn on a linear axis.
    let single = figure(self.grid(2, [0, 100]) { _, _ in -3 }).scene()
    #expect(single.panels[0].vertical.first?.label == "0")
  }

  @Test func theRangeOfLevelsSuitsTheGrid() {
    func range(_ levels: [Float]) -> [Double] {
      let range = suitableRange(of: levels)
      return [range.lowerBound, range.upperBound]
    }
    // Strongest cell and noise, in steps of 5 dB.
    #expect(range([-7] + [Float](repeating: -83.2, count: 99)) == [-85, -5])
    // A tenth may be weaker, a fifth may not; silence does not count.
    #expect(
      range([Float](repeating: -120, count: 20) + [Float](repeating: -40, count: 80))
        == [-120, -40])
    #expect(
      range([Float](repeating: -140, count: 9) + [Float](repeating: -62, count: 91)) == [-110, -60])
    #expect(
      range([-12] + [Float](repeating: -72, count: 99) + [Float](repeating: -.infinity, count: 900))
        == [-75, -10])
    // 50 to 100 dB.
    #expect(range([-20, -21, -22]) == [-70, -20])
    #expect(range([0] + [Float](repeating: -150, count: 99)) == [-100, 0])
    #expect(range([3.2, -1000, 500]) == [400, 500])
    #expect(range([-.infinity, -.infinity]) == [-100, 0])
  }

  @Test func theColourBarHasTheColoursOfItsLevels() throws {
    let grid = grid(20, [20, 200, 2000, 20000]) { -Float(4 * $0 + 9 * $1) - 0.3 }
    let drawing = try Drawing(SVG.document(figure(grid, levelRange: -100...0).scene()))
    try #require(drawing.pictures.count == 2)
    let bar = drawing.pictures[1]
    let labels = drawing.texts.filter { $0.style == "" && $0.x > bar.x + bar.width }
    #expect(labels.count == 11)
    for label in labels {
      let value = try #require(Double(label.text.replacing("\u{2212}", with: "-")))
      let y = (label.y - 5 - bar.y) / bar.height * Double(bar.image.height)
      let shown = try #require(
        level(bar.image.colour(0, min(max(Int(y), 0), bar.image.height - 1))))
      #expect(abs(shown - value) < 0.5)
    }
    #expect(drawing.texts.contains { $0.text == "Level in dBFS (full-scale sine = 0)" })
  }

  @Test func largePixelsStaySharp() throws {
    let edges = FrequencySpacing.logarithmic.edges(of: 20...20000, rowCount: 4)
    let coarse = try Drawing(SVG.document(figure(grid(6, edges) { -Float($0 + $1) }).scene()))
    let picture = try #require(coarse.pictures.first)
    #expect(picture.isPixelated)
    // A reader that blends them blurs them by three units at most.
    #expect(picture.image.width >= 333 && picture.image.height >= 154)
    #expect(picture.image.width % 6 == 0 && picture.image.height % 4 == 0)
    let fine = try Drawing(SVG.document(figure(grid(1500, edges) { -Float($0 + $1) }).scene()))
    #expect(fine.pictures.first?.isPixelated == false)
    #expect(fine.pictures.first?.image.width == 1500)
  }

  /// cairo draws the image where it belongs, with its colours.
  @Test func imagesShowTheCells() throws {
    let edges = FrequencySpacing.linear.edges(of: 0...8000, rowCount: 8)
    let grid = grid(10, edges) { -Float(8 * $0 + 2 * $1) - 1 }
    let scene = figure(grid, spacing: .linear, levelRange: -100...0).scene()
    let png = try #require(FigureRenderer(extension: "png"))
    let image = try PNGFile(png.bytes(of: scene))
    // The line below the axis adds 24 units.
    #expect(image.width == 2400 && image.height == 1328)
    #expect(image.colour(0, 0) == 0xffffff)
    for column in 0..<10 {
      for row in 0..<8 {
        // Middle, and two pixels from the edges.
        for (x, y) in [(0.5, 0.5), (0.01, 0.02), (0.99, 0.98)] {
          let place = (168 + 200 * (Double(column) + x), 1112 - 116 * (Double(row) + y))
          let shown = try #require(level(image.colour(Int(place.0), Int(place.1))))
          #expect(abs(shown - Double(grid[column: column, row: row])) < 0.5)
        }
      }
    }
    let pdf = try #require(FigureRenderer(extension: "pdf"))
    #expect(try pdf.bytes(of: scene).count > 10000)
  }

  @Test func wordsTellHowCellsWereReduced() {
    func caption(_ grid: LevelGrid, _ spectra: ClosedRange<Int>, bins: Double = 0) -> String? {
      let scene = SpectrogramFigure(
        grid, text: words, spectraPerColumn: spectra, binSpacing: bins
      ).scene()
      return (scene.layers + scene.overlay).joined().compactMap {
        if case .label(let label) = $0, label.role == .caption { label.text } else { nil }
      }.first
    }
    // Of many bins of noise the greatest is high.
    let bias = "; noise is the higher, the more these are."
    let edges = [20.0, 200, 2000]
    let strongest = grid(10, edges) { _, _ in -3 }
    let mean = grid(10, edges, .mean) { _, _ in -3 }
    #expect(
      caption(strongest, 1...1) == "Each point has the greatest level of its bins in one spectrum"
        + bias)
    #expect(
      caption(strongest, 12...13)
        == "Each point has the greatest level of its bins in 12 to 13 spectra" + bias)
    #expect(
      caption(mean, 1234...1234) == "Each point has the mean power of its bins in 1,234 spectra.")
    // With bins that far apart no row has two.
    let even = grid(10, [20.0, 220, 420]) { _, _ in -3 }
    #expect(
      caption(even, 1...1, bins: 200)
        == "Each point has the level of the nearest bin in one spectrum.")
    #expect(
      caption(even, 2...2, bins: 200)
        == "Each point has the greatest level of the nearest bin in 2 spectra" + bias)
    #expect(caption(even, 1...1, bins: 199)?.contains("of its bins") == true)
    // 5,000 columns in 2,000 pixels.
    #expect(
      caption(grid(5000, edges) { _, _ in -3 }, 4...4)
        == "Each point has the greatest level of its bins in 8 to 12 spectra" + bias)
  }

  @Test func silenceIsAnEmptyPlotWithWords() throws {
    var text = words
    text.emptiness = "Digital silence"
    let silent = grid(3, [20, 200, 2000]) { _, _ in -.infinity }
    let scene = SpectrogramFigure(silent, text: text, spectraPerColumn: 1...1).scene()
    #expect(scene.colourBar == nil && scene.layers.isEmpty)
    let drawing = try Drawing(SVG.document(scene))
    #expect(drawing.pictures.isEmpty)
    let words = try #require(drawing.texts.first { $0.text == "Digital silence" })
    #expect(words.x == 584 && words.y == 324)
    #expect(!drawing.texts.contains { $0.text.contains("dBFS") || $0.text.contains("point") })
  }

  @Test func remarksAreAboveTheImage() throws {
    var text = words
    text.remarks = ["first", "second"]
    let grid = grid(3, [20, 200, 2000]) { _, _ in -3 }
    let drawing = try Drawing(
      SVG.document(SpectrogramFigure(grid, text: text, spectraPerColumn: 1...1).scene()))
    let picture = try #require(drawing.pictures.first)
    let heights = drawing.texts.filter { $0.style == "remark" }.map(\.y)
    #expect(heights.count == 2 && heights.allSatisfy { $0 > 70 && $0 < picture.y - 5 })
    // The figure is higher by their two lines.
    #expect(picture.y == 132 && picture.y + picture.height == 596)
  }

  @Test func axesHaveMarksOutsideAndNoRules() throws {
    let grid = grid(30, [20, 200, 2000], times: 0...90) { -Float($0 + $1) }
    let drawing = try Drawing(SVG.document(figure(grid).scene()))
    #expect(drawing.lines("rule").isEmpty)
    let marks = drawing.lines("axis").filter { $0.count == 2 }
    let below = marks.filter { $0[0].x == $0[1].x }
    #expect(below.allSatisfy { $0[0].y == 556 && $0[1].y > 556 })
    let labels = drawing.texts.filter { $0.style == "middle" }
    #expect(below.map { $0[0].x } == labels.map(\.x) && labels.count == 10)
    let left = marks.filter { $0[0].x == 84 && $0[0].y == $0[1].y }
    #expect(left.allSatisfy { $0[1].x < 84 } && left.count == 19)
    #expect(drawing.texts.contains { $0.text == "Time in min:s" })
    #expect(drawing.texts.contains { $0.text == "Frequency in Hz" })
  }

  /// WAVFFT_FIGURES=FOLDER draws figures to look at.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["WAVFFT_FIGURES"] != nil))
  func figuresToLookAt() throws {
    let folder = URL(
      filePath: try #require(ProcessInfo.processInfo.environment["WAVFFT_FIGURES"]))
    func draw(_ figure: SpectrogramFigure, _ name: String) throws {
      for renderer in FigureRenderer.all {
        try Data(renderer.bytes(of: figure.scene())).write(
          to: folder.appending(path: "\(name).\(renderer.name)"))
      }
    }
    let most = SpectrogramFigure.mostCells
    let fine = SyntheticSpectrogram().grid(
      columnCount: most.columns,
      edges: FrequencySpacing.logarithmic.edges(of: 20...16000, rowCount: most.rows))
    var text = FigureText(
      title: "Spectrogram of synthetic.wav",
      subtitle: "376 spectra of 0.064 s at 32000 Hz, 15.6 Hz apart, window hann",
      description: "A rising tone, a note with overtones, and clicks.")
    try draw(SpectrogramFigure(fine, text: text, spectraPerColumn: 1...1), "fine")
    text.remarks = ["12 samples are clipped."]
    try draw(
      SpectrogramFigure(fine, text: text, spectraPerColumn: 1...1, colours: .cividis), "cividis")
    let coarse = SyntheticSpectrogram().grid(
      columnCount: 24, edges: FrequencySpacing.linear.edges(of: 0...16000, rowCount: 32))
    for spacing in FrequencySpacing.allCases {
      try draw(
        SpectrogramFigure(coarse, text: text, spectraPerColumn: 15...16, choice: choice(spacing)),
        "coarse-\(spacing)")
    }
    text.emptiness = "Digital silence: all samples are zero"
    let silent = grid(2, [20, 20000], times: 0...720_000) { _, _ in -.infinity }
    try draw(SpectrogramFigure(silent, text: text, spectraPerColumn: 1...1), "silent")
  }
}
