// SPDX-License-Identifier: GPL-2.0-or-later

/// Where the parts of a figure are: words above the plot, the plot, words below it.
struct FigureLayout {
  /// The size of the figure.
  let size: FigureSize
  /// The rectangle between the axes.
  let plot: Rectangle
  /// The headline, shortened to the width.
  let headline: String
  /// The first line below it.
  let subtitle: String
  /// The other words.
  let words: [Scene.Element]

  private let title: String
  private let description: String
  private let theme: FigureTheme

  /// An entry of the legend.
  struct LegendEntry {
    let role: Scene.LineRole
    let name: String
  }

  /// What a figure has beside its plot and its axes.
  struct Parts {
    /// What the curves are.
    var legend: [LegendEntry] = []
    /// Height of a figure without further lines of text.
    var usualHeight = FigureSize.usual.height
    /// Height of the labels above the plot.
    var labelHeight = 0.0
    /// Width of what is at the right of the plot.
    var rightMargin = 24.0
    /// How the figure is to be read, below the axis.
    var caption: String?
    /// The entries of a list below the axis.
    var list: [String] = []
  }

  /// Left edge of plots and of words.
  static let left = 84.0
  private static let lineHeight = 20.0
  private static let listLineHeight = 18.0
  /// From the last line of words to the plot.
  private static let aboveThePlot = 28.0
  /// From the plot to the lower edge: the axis and its title.
  private static let belowThePlot = 84.0
  private static let textSize = 14.0

  /// Lays out a figure with these texts.
  ///
  /// Without a chosen size the figure is as high as its words need.
  init(_ text: FigureText, _ choice: FigureChoice, _ parts: Parts = Parts()) {
    let width = Double((choice.size ?? .usual).width)
    let right = width - 24
    let lineWidth = right - Self.left
    title = printable(choice.title ?? text.title)
    description = text.description
    theme = choice.theme
    headline = shortened(title, to: lineWidth, size: 22, isBold: true)
    let subtitles = wrapped(printable(text.subtitle), to: lineWidth, size: Self.textSize)
    subtitle = subtitles.first ?? ""
    var elements: [Scene.Element] = []
    var baseline = 64.0
    func add(_ line: String, _ role: Scene.Label.Role) {
      baseline += Self.lineHeight
      elements.append(
        .label(Scene.Label(text: line, position: Point(Self.left, baseline), role: role)))
    }
    for line in subtitles.dropFirst() { add(line, .subtitle) }
    for remark in text.remarks {
      for line in wrapped(printable(remark), to: lineWidth, size: Self.textSize) {
        add(line, .remark)
      }
    }
    // Entries of the legend are beside each other, as far as there is room.
    var x = Double.infinity
    for entry in parts.legend {
      let entryWidth = 34 + estimatedWidth(entry.name, size: Self.textSize) + 24
      if x + entryWidth > right + 24 {
        baseline += Self.lineHeight + 2
        x = Self.left
      }
      elements.append(.legend(entry.role, entry.name, at: Point(x, baseline - 5)))
      x += entryWidth
    }
    let top = baseline + Self.aboveThePlot + parts.labelHeight

    let captions =
      parts.caption.map { wrapped($0, to: lineWidth, size: PeakTags.fontSize) } ?? []
    let columnWidth =
      24 + (parts.list.map { estimatedWidth($0, size: PeakTags.fontSize) }.max() ?? 0)
    let columns = max(1, Int(lineWidth / columnWidth))
    let rows = (parts.list.count + columns - 1) / columns
    let below =
      Self.belowThePlot + Self.listLineHeight * Double(captions.count + rows)
      + (rows > 0 ? 8 : 0) + (captions.isEmpty ? 0 : 6)
    let usual = FigureSize.usual
    size =
      choice.size
      ?? FigureSize(
        checkedWidth: usual.width,
        height: parts.usualHeight + Int((top - 92 + below - Self.belowThePlot).rounded(.up)))
    plot = Rectangle(
      left: Self.left, right: width - parts.rightMargin, top: top,
      bottom: max(Double(size.height) - below, top + 1))

    var y = plot.bottom + Self.belowThePlot + (captions.isEmpty ? 0 : 4)
    for line in captions {
      elements.append(
        .label(Scene.Label(text: line, position: Point(Self.left, y), role: .caption)))
      y += Self.listLineHeight
    }
    if rows > 0 { y += 4 }
    for (index, entry) in parts.list.enumerated() {
      let (column, row) = index.quotientAndRemainder(dividingBy: max(1, rows))
      elements.append(
        .label(
          Scene.Label(
            text: entry,
            position: Point(
              Self.left + Double(column) * columnWidth, y + Double(row) * Self.listLineHeight),
            role: .peakFact)))
    }
    if let emptiness = text.emptiness {
      elements.append(
        .label(
          Scene.Label(text: emptiness, position: plot.center, role: .emptiness, anchor: .middle)))
    }
    words = elements
  }

  /// The figure with these words.
  func scene(
    panels: [Scene.Panel], horizontal: [Scene.Tick], colourBar: Scene.ColourBar? = nil,
    axisTitles: [Scene.Label], layers: [[Scene.Element]]
  ) -> Scene {
    Scene(
      title: title, headline: headline, subtitle: subtitle, description: description,
      width: size.width, height: size.height, panels: panels, horizontal: horizontal,
      colourBar: colourBar, axisTitles: axisTitles, layers: layers, overlay: [words], theme: theme)
  }
}
