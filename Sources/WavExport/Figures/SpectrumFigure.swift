// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The figure of a spectrum: its curve, its density, its peaks with their names, and the part of the band that
/// decimation lost, hatched and labelled.
public struct SpectrumFigure {
  private let spectrum: Spectrum
  private let rows: [BandRow]
  private let loss: NyquistLoss?
  private let text: FigureText
  private let layout: FigureLayout
  private let frequencies: FrequencyAxis
  private let levels: LevelAxis
  /// The spectrum as a density; nil if the axis shows amplitudes, or if nothing is in the plot.
  private let density: DensityCurve?
  /// The peaks in the plot, the strongest first.
  private let peaks: [Peak]
  private let tags: PeakTags
  /// Where the names of peaks may be.
  private let row: ClosedRange<Double>

  /// Greatest number of columns that are drawn: about two per unit of width.
  private static let mostColumns = 2048

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
    let hasDensity = choice.scale == .decibels && rows.contains { $0.level > -.infinity }
    let curve =
      hasDensity && text.emptiness == nil ? DensityCurve(columns, averaged: density) : nil
    self.density = curve

    let frequencies = FrequencyAxis(
      low: spectrum.range.lowerBound, high: spectrum.range.upperBound,
      span: SpectrumWords.span(choice, hasDensity: curve != nil), spacing: choice.spacing, a4: a4)
    self.frequencies = frequencies
    // The range of levels does not depend on the height of the plot.
    let range = LevelAxis(
      rows.map(\.level), means: curve?.values.map(\.level) ?? [], choice, bottom: 0, top: 1)
    let shown = peaks.filter { (range.low...range.high).contains($0.level) }
    self.peaks = shown
    var words = SpectrumWords(
      text: text, choice: choice, peaks: (peaks, shown), frequencies: frequencies,
      hasDensity: curve != nil,
      isAveraged: density != nil, isFolded: loss?.foldedRanges.isEmpty == false,
      hasManyBins: spectrum.grid.parts == 1
        && rows.map { spectrum.grid.binCount(of: $0, in: spectrum.band) }.max() ?? 1
          >= SpectrumWords.manyBins
    )
    words.text.remarks += [
      loss.flatMap { LostPart(loss: $0, frequencies: frequencies).remark },
      RateLimit(grid: spectrum.grid, frequencies: frequencies).remark,
      range.remark(rows.map(\.level)),
    ].compactMap { $0 }
    (layout, tags) = words.arranged()
    row = SpectrumWords.row(choice)
    levels = range.placed(on: layout.plot)
  }

  /// The finished figure.
  public func scene() -> Scene {
    let plot = layout.plot
    let marked = peaks.map {
      PeakTags.Marked(
        peak: $0, place: Point(frequencies.position($0.frequency), levels.position($0.level)))
    }
    return layout.scene(
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
        loss.map { LostPart(loss: $0, frequencies: frequencies).elements(in: plot) } ?? [],
        RateLimit(grid: spectrum.grid, frequencies: frequencies).elements(in: plot),
        SpectrumCurve(
          rows: rows, limit: spectrum.grid.limit, frequencies: frequencies, levels: levels
        ).elements(),
        density?.elements(frequencies, levels) ?? [],
        loss.map { FoldedPart(loss: $0, frequencies: frequencies).elements(in: plot) } ?? [],
        tags.elements(marked, in: row, top: plot.top),
      ])
  }
}

extension String {
  /// The text with a minus sign in place of a leading hyphen.
  func replacingMinus() -> String { hasPrefix("-") ? "\u{2212}" + dropFirst() : self }
}
