// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A spectrum among several in one figure.
public struct OverlaidCurve: Sendable {
  /// Its name in the legend.
  public var name: String
  /// Its rows, from low to high frequencies.
  public var rows: [LevelRow]

  /// Describes a curve.
  public init(name: String, rows: [LevelRow]) {
    self.name = name
    self.rows = rows
  }
}

/// A peak that is marked among several spectra.
public struct OverlaidPeak: Sendable {
  /// The peak.
  public var peak: Peak
  /// The place of its curve among those of the figure.
  public var curve: Int
  /// A short name of its curve.
  public var curveName: String

  /// Describes a peak.
  public init(peak: Peak, curve: Int, named curveName: String) {
    self.peak = peak
    self.curve = curve
    self.curveName = curveName
  }
}

/// The figure of several spectra: a curve of each, and a legend above them.
public struct OverlayFigure {
  private let curves: [OverlaidCurve]
  private let text: FigureText
  private let levelTitle: String?
  private let loss: NyquistLoss?
  private let layout: FigureLayout
  private let frequencies: FrequencyAxis
  private let levels: LevelAxis
  /// The peaks that are marked, the strongest first, and their names.
  private let peaks: [OverlaidPeak]
  private let tags: PeakTags
  /// Where the names of peaks may be.
  private let row: ClosedRange<Double>

  /// The most curves whose lines a reader can tell apart.
  public static let mostCurves = Scene.LineRole.series.count

  /// Rows that are nearer to each other are one point of a curve.
  private static let leastDistance = 1.0
  /// Rows at least this wide are drawn as steps.
  private static let leastStep = 4.0

  /// Prepares a figure.
  ///
  /// - Parameters:
  ///   - curves: The curves, at most ``mostCurves``.
  ///   - range: The frequencies of the axis, above 0.
  ///   - text: The texts; remarks are above the legend.
  ///   - a4: Frequency of the note A4 in Hz.
  ///   - choice: How the figure is drawn.
  ///   - levelTitle: The title of the axis of levels; nil for that of levels in dBFS.
  ///   - loss: What decimation lost of all curves; nil for nothing.
  ///   - peaks: Peaks to mark, the strongest first.
  public init(
    _ curves: [OverlaidCurve], over range: ClosedRange<Double>, text: FigureText,
    a4: Double = 440, choice: FigureChoice = FigureChoice(), levelTitle: String? = nil,
    loss: NyquistLoss? = nil, peaks: [OverlaidPeak] = []
  ) {
    precondition(curves.count <= Self.mostCurves, "a line role for each curve")
    self.curves = curves
    self.levelTitle = levelTitle
    self.loss = loss
    // Neither the text nor the legend changes where the plot is from left to right.
    let span = FigureLayout(text, choice).plot
    frequencies = FrequencyAxis(
      low: range.lowerBound, high: range.upperBound, span: span.left...span.right,
      spacing: choice.spacing, a4: a4)
    var text = text
    if let remark = loss.flatMap({ [frequencies] in
      LostPart(loss: $0, frequencies: frequencies).remark
    }) {
      text.remarks.append(remark)
    }
    let shown = curves.flatMap { $0.rows.map(\.level) }
    let range = LevelAxis(shown, choice, bottom: 0, top: 1)
    text.remarks += [range.remark(shown)].compactMap { $0 }
    let legend =
      zip(Scene.LineRole.series, curves).map {
        FigureLayout.LegendEntry(role: $0, name: $1.name)
      } + (loss?.foldedRanges.isEmpty == false ? [SpectrumWords.foldedEntry] : [])
    let arranged = Self.arranged(
      text, choice, legend, peaks, range, frequencies)
    (self.text, layout, self.peaks, tags) = arranged
    levels = range.placed(on: layout.plot)
    row = SpectrumWords.row(choice)
  }

  /// The layout with the names of those peaks that are on the axis of levels, or without names if there is no room.
  private static func arranged(
    _ text: FigureText, _ choice: FigureChoice, _ legend: [FigureLayout.LegendEntry],
    _ peaks: [OverlaidPeak], _ range: LevelAxis, _ frequencies: FrequencyAxis
  ) -> (FigureText, FigureLayout, [OverlaidPeak], PeakTags) {
    let shown = peaks.filter { (range.low...range.high).contains($0.peak.level) }
    func tried(_ shown: [OverlaidPeak], unmarked: Int) -> (
      FigureText, FigureLayout, [OverlaidPeak], PeakTags
    ) {
      let tags = PeakTags(
        shown.map(\.peak), of: shown.map(\.curveName),
        at: shown.map { frequencies.position($0.peak.frequency) },
        width: frequencies.span.upperBound - frequencies.span.lowerBound,
        row: SpectrumWords.row(choice), level: SpectrumWords.levelText(choice, text.reference))
      var text = text
      text.remarks += SpectrumWords.remarks(
        unmarked: unmarked + tags.unmarkedCount, unseen: peaks.count - shown.count - unmarked)
      var parts = FigureLayout.Parts(legend: legend)
      parts.labelHeight = tags.height
      parts.list = tags.list
      if !shown.isEmpty {
        parts.caption = "Each peak is named in the channel where it is strongest."
      }
      return (text, FigureLayout(text, choice, parts), shown, tags)
    }
    let all = tried(shown, unmarked: 0)
    return all.1.plot.height >= SpectrumWords.leastHeight ? all : tried([], unmarked: shown.count)
  }

  /// The finished figure.
  public func scene() -> Scene {
    let plot = layout.plot
    let marked = peaks.map {
      PeakTags.Marked(
        peak: $0.peak,
        place: Point(
          frequencies.position($0.peak.frequency), levels.position($0.peak.level)),
        line: Scene.LineRole.series[$0.curve])
    }
    let lost = loss.map { LostPart(loss: $0, frequencies: frequencies).elements(in: plot) } ?? []
    return layout.scene(
      panels: [Scene.Panel(frame: plot, vertical: levels.ticks(text.reference))],
      horizontal: frequencies.ticks,
      axisTitles: [
        .horizontalTitle("Frequency in Hz", below: plot),
        .verticalTitle(levelTitle ?? LevelAxis.title(text.reference, levels.scale), of: plot),
      ],
      // The first curve is above the others.
      layers: [lost]
        + [loss.map { FoldedPart(loss: $0, frequencies: frequencies).elements(in: plot) } ?? []]
        + zip(Scene.LineRole.series, curves).map(curve).reversed()
        + [tags.elements(marked, in: row, top: plot.top)])
  }

  /// A curve, interrupted where it is silent.
  private func curve(_ role: Scene.LineRole, _ curve: OverlaidCurve) -> [Scene.Element] {
    let runs = curve.rows.split { !($0.level > -.infinity) }.map(points)
    let lines = runs.map { run in
      // A single point would be invisible: it becomes a bar down to the axis.
      run.count == 1
        ? Scene.Line.vertical(x: run[0].x, from: run[0].y, to: levels.bottom) : .through(run)
    }
    return lines.isEmpty ? [] : [.lines(role, lines)]
  }

  /// The points of an uninterrupted part of a curve: the strongest row of each column, and both ends of wide rows.
  private func points(_ rows: ArraySlice<LevelRow>) -> [Point] {
    rows.reduce(into: [Point]()) { points, row in
      let y = levels.position(row.level)
      let left = frequencies.position(row.edges.lowerBound)
      let right = frequencies.position(row.edges.upperBound)
      let x = frequencies.position(row.frequency)
      if right - left >= Self.leastStep {
        points += [Point(left, y), Point(right, y)]
      } else if let last = points.last, x - last.x < Self.leastDistance {
        points[points.count - 1].y = min(y, last.y)
      } else {
        points.append(Point(x, y))
      }
    }
  }
}
