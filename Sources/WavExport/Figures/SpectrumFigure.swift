// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The figure of a spectrum: its curve, its density, its peaks with their names, and the part of the band that
/// decimation lost, hatched and labelled.
public struct SpectrumFigure {
  private let spectrum: Spectrum
  private let rows: [BandRow]
  private let loss: NyquistLoss?
  private let text: FigureText
  private let choice: FigureChoice
  private let layout: FigureLayout
  private let frequencies: FrequencyAxis
  private let levels: LevelAxis
  /// The spectrum as a density; nil if the axis shows amplitudes, or if nothing is in the plot.
  private let density: DensityCurve?
  private let isAveraged: Bool
  /// The peaks in the plot, the strongest first.
  private let peaks: [Peak]
  private let tags: PeakTags

  /// Greatest number of columns that are drawn: about two per unit of width.
  private static let mostColumns = 2048
  /// Bins in a column from which on the strongest of them is clearly above their mean: by 4 dB in noise.
  private static let manyBins = 8
  /// Least height of the plot: with less, figures do without the list of peaks.
  private static let leastHeight = 150.0

  /// Prepares a figure.
  ///
  /// Notes refer to `a4`, the frequency of A4 in Hz. `density` tells how certain a spectrum is that was averaged over
  /// segments.
  public init(
    _ spectrum: Spectrum, peaks: [Peak], loss: NyquistLoss?, text: FigureText, a4: Double = 440,
    density: PowerDensity? = nil, choice: FigureChoice = FigureChoice()
  ) {
    let columns = spectrum.merged(into: Self.mostColumns)
    let rows = columns.rows
    self.spectrum = spectrum
    self.rows = rows
    self.loss = loss
    self.text = text
    self.choice = choice
    isAveraged = density != nil
    let hasDensity = choice.scale == .decibels && rows.contains { $0.level > -.infinity }
    let curve =
      hasDensity && text.emptiness == nil ? DensityCurve(columns, averaged: density) : nil
    self.density = curve

    // The axes do not depend on the layout but for their places.
    let shownLevels = rows.map(\.level) + (curve?.values.map(\.level) ?? [])
    let range = LevelAxis(shownLevels, choice, bottom: 0, top: 1)
    let shown = peaks.filter { (range.low...range.high).contains($0.level) }
    self.peaks = shown
    let hasManyBins =
      rows.map { spectrum.grid.binCount(of: $0, in: spectrum.band) }.max() ?? 1 >= Self.manyBins
    func arranged(withNames: Bool) -> (FigureLayout, PeakTags) {
      var parts = FigureLayout.Parts()
      parts.rightMargin = curve == nil ? 24 : 88
      let width = Double((choice.size ?? .usual).width) - 84 - parts.rightMargin
      let tags = PeakTags(withNames ? shown : [], width: width) { level in
        "\(fixed(level + (text.reference?.offset ?? 0), 1).replacingMinus()) \(text.reference?.unit ?? "dBFS")"
      }
      parts.labelHeight = tags.height
      parts.list = tags.list
      if curve != nil {
        parts.legend = Self.legend(isAveraged: density != nil)
        if let loss, !loss.foldedRanges.isEmpty { parts.legend.append(Self.foldedEntry) }
        if hasManyBins, withNames { parts.caption = Self.caption }
      }
      var text = text
      let unnamed = shown.count - (withNames ? shown.count - tags.unmarkedCount : 0)
      let unseen = peaks.count - shown.count
      if unnamed > 0 {
        text.remarks.append("\(Self.counted(unnamed)) of the list not marked for lack of room")
      }
      if unseen > 0 {
        text.remarks.append("\(Self.counted(unseen)) beyond the levels shown")
      }
      return (FigureLayout(text, choice, parts), tags)
    }
    let whole = arranged(withNames: true)
    (layout, tags) =
      whole.0.plot.height < Self.leastHeight && !shown.isEmpty ? arranged(withNames: false) : whole
    let plot = layout.plot
    frequencies = FrequencyAxis(
      low: spectrum.range.lowerBound, high: spectrum.range.upperBound,
      span: plot.left...plot.right, spacing: choice.spacing, a4: a4)
    levels = LevelAxis(
      low: range.low, high: range.high, bottom: plot.bottom, top: plot.top, scale: range.scale)
  }

  private static func counted(_ peaks: Int) -> String {
    peaks == 1 ? "1 peak is" : "\(grouped(peaks)) peaks are"
  }

  /// What the two curves are, and which axis is theirs.
  private static func legend(isAveraged: Bool) -> [FigureLayout.LegendEntry] {
    [
      .init(role: .curve, name: "tones: the strongest bin of each column, left axis"),
      .init(
        role: .noise,
        name: isAveraged
          ? "noise: mean density, right axis; around it where the true one is with 95 %"
          : "noise: mean density, right axis"),
    ]
  }

  private static let foldedEntry = FigureLayout.LegendEntry(
    role: .folded, name: "over half of the power is folded back")

  private static let caption =
    "In noise a column's strongest bin lies the further above the mean, the more bins the column has: "
    + "its curve rises to the right, the mean does not."

  /// The finished figure.
  public func scene() -> Scene {
    let plot = layout.plot
    let marked = peaks.map {
      PeakTags.Marked(
        peak: $0, place: Point(frequencies.position($0.frequency), levels.position($0.level)))
    }
    return Scene(
      title: choice.title ?? text.title, headline: layout.headline, subtitle: layout.subtitle,
      description: text.description, width: layout.size.width, height: layout.size.height,
      panels: [
        Scene.Panel(
          frame: plot, vertical: levels.ticks(text.reference),
          opposite: density?.ticks(beside: levels, text.reference) ?? [])
      ],
      horizontal: frequencies.ticks,
      axisTitles: [
        .horizontalTitle("Frequency in Hz", below: plot),
        .verticalTitle(LevelAxis.title(text.reference, levels.scale), of: plot),
      ] + (density == nil ? [] : [.oppositeTitle(DensityCurve.title(text.reference), of: plot)]),
      layers: [
        loss.map { LostPart(loss: $0, plot: plot, frequencies: frequencies).elements() } ?? [],
        unseenPart(),
        SpectrumCurve(
          rows: rows, limit: spectrum.grid.limit, frequencies: frequencies, levels: levels
        ).elements(),
        density?.elements(frequencies, levels) ?? [], foldedPart(),
        tags.elements(
          marked, in: 8...Double(layout.size.width) - 8, top: plot.top),
      ],
      overlay: [layout.words])
  }

  /// Strips along the axis where most of the power comes from above the limit of decimation.
  private func foldedPart() -> [Scene.Element] {
    let range = spectrum.range
    let strips = (loss?.foldedRanges ?? []).filter { $0.overlaps(range) }.map { folded in
      [folded.lowerBound, folded.upperBound].map {
        Point(frequencies.position($0), layout.plot.bottom - 4)
      }
    }
    return strips.isEmpty || density == nil ? [] : [.lines(.folded, strips.map(Scene.Line.through))]
  }

  /// The upper limit of the recording, if it is within the band: half its sampling rate, with a
  /// text on it.
  private func unseenPart() -> [Scene.Element] {
    let plot = layout.plot
    let limit = spectrum.grid.recordingLimit
    let range = spectrum.range
    guard limit < range.upperBound, limit > range.lowerBound else { return [] }
    let x = frequencies.position(limit)
    let words = [
      "nothing above \(significant(limit, 7)) Hz", "can be seen at a sampling",
      "rate of \(spectrum.grid.sampleRate) Hz",
    ]
    // The text is on the side of the line that has space, at the bottom, away from the lost part.
    let isRight = plot.right - x > 210
    let labels = words.enumerated().map { index, line in
      Scene.Label(
        text: line,
        position: Point(x + (isRight ? 10 : -10), plot.bottom - 52 + 18 * Double(index)),
        role: .edgeFact, anchor: isRight ? .start : .end)
    }
    return [.lines(.edge, [.vertical(x: x, from: plot.top, to: plot.bottom)])]
      + labels.map(Scene.Element.label)
  }
}

extension String {
  /// The text with a minus sign in place of a leading hyphen.
  func replacingMinus() -> String { hasPrefix("-") ? "\u{2212}" + dropFirst() : self }
}
