// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// The words around the plot of a spectrum: what its curves are, the names of its peaks, and what the plot cannot
/// show.
struct SpectrumWords {
  var text: FigureText
  let choice: FigureChoice
  /// The listed peaks, the strongest first, and those of them that are on the axis of levels.
  let peaks: (all: [Peak], shown: [Peak])
  /// Places of frequencies.
  let frequencies: FrequencyAxis
  /// Whether the mean density is drawn, and whether it was averaged over segments.
  let hasDensity: Bool
  let isAveraged: Bool
  let isFolded: Bool
  /// Whether columns have so many bins that the strongest of them is clearly above their mean.
  let hasManyBins: Bool

  /// Bins in a column from which on the strongest of them is clearly above their mean: by 4 dB in noise.
  static let manyBins = 8
  /// Least height of the plot: with less, a figure does without the names of peaks and has shorter words.
  static let leastHeight = 150.0

  /// Peaks that a small figure names.
  private static let few = 10

  /// Places at the left and the right of the plot, which do not depend on its words.
  static func span(_ choice: FigureChoice, hasDensity: Bool) -> ClosedRange<Double> {
    let width = Double((choice.size ?? .usual).width)
    return FigureLayout.left...width - rightMargin(hasDensity: hasDensity)
  }

  /// Places of the names of peaks: a little more than the plot.
  static func row(_ choice: FigureChoice) -> ClosedRange<Double> {
    8...Double((choice.size ?? .usual).width) - 8
  }

  /// The second axis needs room.
  private static func rightMargin(hasDensity: Bool) -> Double { hasDensity ? 88 : 24 }

  /// What there is room for.
  private enum Stage: CaseIterable {
    /// Everything.
    case whole
    /// Short words, and the names of the peaks.
    case short
    /// Short words, and the names of the strongest peaks.
    case few
    /// Short words alone.
    case shortest
  }

  /// The layout, and the names of the peaks.
  func arranged() -> (FigureLayout, PeakTags) {
    let least = Self.leastHeight
    for stage in Stage.allCases.dropLast() {
      let found = arranged(stage)
      if found.0.plot.height >= least { return found }
    }
    return arranged(.shortest)
  }

  private func arranged(_ stage: Stage) -> (FigureLayout, PeakTags) {
    var parts = FigureLayout.Parts()
    parts.rightMargin = Self.rightMargin(hasDensity: hasDensity)
    let span = Self.span(choice, hasDensity: hasDensity)
    let shown = peaks.shown.prefix(stage == .shortest ? 0 : stage == .few ? Self.few : .max)
    let tags = PeakTags(
      Array(shown), at: shown.map { frequencies.position($0.frequency) },
      width: span.upperBound - span.lowerBound, row: Self.row(choice),
      level: Self.levelText(choice, text.reference))
    parts.labelHeight = tags.height
    parts.list = tags.list
    parts.legend = legend(isSmall: stage != .whole)
    if hasDensity, hasManyBins, stage == .whole { parts.caption = Self.caption }
    var text = text
    let unnamed = peaks.shown.count - shown.count + tags.unmarkedCount
    let unseen = peaks.all.count - peaks.shown.count
    text.remarks += Self.remarks(unmarked: unnamed, unseen: unseen)
    return (FigureLayout(text, choice, parts), tags)
  }

  /// What lists write of a level.
  static func levelText(
    _ choice: FigureChoice, _ reference: LevelReference?
  ) -> (Double) -> String {
    { level in
      choice.scale == .amplitude
        ? "amplitude \(significant(pow(10, level / 20), 4))"
        : "\(fixed(level + (reference?.offset ?? 0), 1).replacingMinus()) \(reference?.unit ?? "dBFS")"
    }
  }

  /// Remarks on listed peaks that are not in the figure.
  static func remarks(unmarked: Int, unseen: Int) -> [String] {
    (unmarked > 0 ? ["\(counted(unmarked)) not marked for lack of room"] : [])
      + (unseen > 0 ? ["\(counted(unseen)) beyond the levels shown"] : [])
  }

  private static func counted(_ peaks: Int) -> String {
    peaks == 1 ? "1 listed peak is" : "\(grouped(peaks)) listed peaks are"
  }

  /// What the curves are, and which axis is theirs.
  private func legend(isSmall: Bool) -> [FigureLayout.LegendEntry] {
    let certainty = isAveraged && !isSmall ? "; around it where the true one is with 95 %" : ""
    let density: [FigureLayout.LegendEntry] = [
      .init(
        role: .curve,
        name: isSmall ? "strongest bin" : "tones: the strongest bin of each column, left axis"),
      .init(
        role: .noise,
        name: isSmall ? "mean, right axis" : "noise: mean density, right axis" + certainty
      ),
    ]
    return (hasDensity ? density : []) + (isFolded ? [Self.foldedEntry] : [])
  }

  /// What strips along the axis mark.
  static let foldedEntry = FigureLayout.LegendEntry(
    role: .folded, name: "over half of the power is folded back")

  private static let caption =
    "In noise a column's strongest bin lies the further above the mean, the more bins the column has: "
    + "its curve rises to the right, the mean does not."
}
