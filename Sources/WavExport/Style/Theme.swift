// SPDX-License-Identifier: GPL-2.0-or-later

/// The one table of colours, widths, dashes and fonts by role, which SVG and images read.
///
/// They cannot differ, because there is no other.
struct Theme {
  /// Behind everything.
  let page: Colour
  /// Texts.
  let ink: Colour
  /// Axes and secondary texts.
  let soft: Colour
  /// The grid.
  let rule: Colour
  /// The spectrum.
  let line: Colour
  /// The density of noise.
  let noise: Colour
  /// What is lost, or beyond a tolerance.
  let lost: Colour
  /// Recordings in one plot.
  let series: [Colour]
  /// Whether lines must differ without colours.
  var isPrinted = false

  /// The themes that a choice stands for: the first one, and the one for readers who prefer dark pages.
  static func themes(_ choice: FigureTheme) -> (first: Theme, dark: Theme?) {
    switch choice {
    case .auto: (light, dark)
    case .light: (light, nil)
    case .dark: (dark, nil)
    case .print: (print, nil)
    }
  }

  static let light = Theme(
    page: "ffffff", ink: "1b1f24", soft: "57606a", rule: "d8dee4", line: "0b62c4",
    noise: "a65300", lost: "b3261e", series: SeriesColours.onWhite)
  static let dark = Theme(
    page: "10141a", ink: "e6edf3", soft: "9aa5b1", rule: "2a313b", line: "6cb6ff",
    noise: "ffb366", lost: "ff8a80", series: SeriesColours.onDark)
  static let print = Theme(
    page: "ffffff", ink: "000000", soft: "333333", rule: "d0d0d0", line: "000000",
    noise: "666666", lost: "000000", series: SeriesColours.greys, isPrinted: true)

  private init(
    page: String, ink: String, soft: String, rule: String, line: String, noise: String,
    lost: String,
    series: [String], isPrinted: Bool = false
  ) {
    (self.page, self.ink, self.soft) = (
      Colour(digits: page), Colour(digits: ink), Colour(digits: soft)
    )
    (self.rule, self.line) = (Colour(digits: rule), Colour(digits: line))
    (self.noise, self.lost) = (Colour(digits: noise), Colour(digits: lost))
    self.series = series.map(Colour.init(digits:))
    self.isPrinted = isPrinted
  }
}

extension Theme {
  func stroke(_ role: StrokeRole) -> StrokeStyle {
    switch role {
    case .rule: StrokeStyle(colour: rule)
    case .axis: StrokeStyle(colour: soft)
    case .peak(let role): StrokeStyle(colour: stroke(role).colour, width: 1.5)
    case .line(let role): stroke(role)
    }
  }

  private func stroke(_ role: Scene.LineRole) -> StrokeStyle {
    switch role {
    case .curve: StrokeStyle(colour: line)
    case .noise: StrokeStyle(colour: noise, width: 1.5, dashes: isPrinted ? [6, 3] : [])
    case .reference:
      isPrinted
        ? StrokeStyle(colour: Colour(digits: "808080"), width: 2)
        : StrokeStyle(colour: soft, width: 2, opacity: 0.7)
    case .violation: StrokeStyle(colour: lost, width: isPrinted ? 3 : 1.5)
    case .hatch: StrokeStyle(colour: lost, width: 0.75, opacity: 0.4)
    case .limit: StrokeStyle(colour: lost, width: 1.5, dashes: [6, 4])
    case .edge: StrokeStyle(colour: soft, width: 1.5, dashes: [2, 4])
    case .leader: StrokeStyle(colour: soft, width: 0.75)
    case .folded: StrokeStyle(colour: lost, width: 5)
    case .series1, .series2, .series3, .series4, .series5, .series6, .series7, .series8:
      series(Scene.LineRole.series.firstIndex(of: role) ?? 0)
    }
  }

  /// A recording among several: dashes are a second cue besides the colour.
  private func series(_ index: Int) -> StrokeStyle {
    StrokeStyle(colour: series[index], width: 1.25, dashes: SeriesColours.dashes[index])
  }

  func fill(_ role: Scene.AreaRole) -> FillStyle {
    switch role {
    case .area: FillStyle(colour: line, opacity: isPrinted ? 0.08 : 0.12)
    case .certainty: FillStyle(colour: noise, opacity: 0.25)
    case .tolerance: FillStyle(colour: ink, opacity: 0.12)
    case .beyond: FillStyle(colour: ink)
    }
  }

  /// The inside of a mark at a peak.
  var peakFill: FillStyle { FillStyle(colour: page) }

  /// Radius of a mark at a peak.
  static let peakRadius = 3.0

  /// A text of a role; small ones have the size of notes.
  func text(_ role: TextRole, isSmall: Bool = false) -> TextStyle {
    var style = text(role)
    if isSmall { style.size = Self.smallSize }
    return style
  }

  private static let smallSize = 12.0

  private func text(_ role: TextRole) -> TextStyle {
    switch role {
    case .plain: TextStyle(colour: ink)
    case .headline: TextStyle(size: 22, isBold: true, colour: ink)
    case .subtitle: TextStyle(colour: soft)
    case .note: TextStyle(size: Self.smallSize, colour: soft)
    case .label(let role): text(role)
    }
  }

  private func text(_ role: Scene.Label.Role) -> TextStyle {
    switch role {
    case .unit: TextStyle(colour: soft)
    case .subtitle: text(TextRole.subtitle)
    case .peakFact: TextStyle(size: Self.smallSize, colour: soft)
    case .peakName: TextStyle(size: Self.smallSize, isBold: true, colour: ink, halo: page)
    case .lostName: TextStyle(isBold: true, colour: lost, halo: page)
    case .lostFact: TextStyle(colour: lost, halo: page)
    case .edgeFact: TextStyle(colour: soft, halo: page)
    case .remark: TextStyle(colour: ink, halo: page)
    case .emptiness: TextStyle(size: 18, colour: ink, halo: page)
    case .caption: text(TextRole.note)
    }
  }
}
