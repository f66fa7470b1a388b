// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The figure of proportional bands: a bar for each band, from edge to edge.
public struct BandFigure {
  private let levels: BandLevels
  private let text: FigureText
  private let choice: FigureChoice
  private let layout: FigureLayout
  private let frequencies: FrequencyAxis
  private let axis: LevelAxis

  private static let leastTickDistance = 44.0

  /// Prepares a figure.
  ///
  /// - Precondition: There is at least one band.
  public init(
    _ levels: BandLevels, text: FigureText, a4: Double = 440, choice: FigureChoice = FigureChoice()
  ) {
    precondition(!levels.entries.isEmpty, "bands to draw")
    self.levels = levels
    self.text = text
    self.choice = choice
    let shown = levels.entries.map(\.weightedLevel)
    var text = text
    let range = LevelAxis(shown, choice, bottom: 0, top: 1)
    text.remarks += [range.remark(shown)].compactMap { $0 }
    layout = FigureLayout(text, choice)
    let plot = layout.plot
    let bands = levels.entries.map(\.band)
    frequencies = FrequencyAxis(
      low: bands[0].lowEdge, high: bands[bands.count - 1].highEdge, span: plot.left...plot.right,
      spacing: choice.spacing, a4: a4)
    axis = range.placed(on: plot)
  }

  /// The finished figure.
  public func scene() -> Scene {
    let ticks = axis.ticks(text.reference)
    let plot = layout.plot
    return layout.scene(
      panels: [Scene.Panel(frame: plot, vertical: ticks)], horizontal: bandTicks,
      axisTitles: [
        .horizontalTitle("Frequency in Hz", below: plot),
        .verticalTitle(
          Self.levelTitle(levels.weighting, text.reference, choice.scale), of: plot),
      ],
      layers: [bars()])
  }

  /// What levels of bands are in, as the title of an axis.
  public static func levelTitle(
    _ weighting: FrequencyWeighting, _ reference: LevelReference?, _ scale: LevelScale
  ) -> String {
    if weighting == .z { return LevelAxis.title(reference, scale) }
    if scale == .amplitude {
      return "\(weighting.rawValue)-weighted amplitude (full-scale sine of 1 kHz = 1)"
    }
    return
      "\(weighting.rawValue)-weighted level in \(reference?.unit ?? "dB") (full-scale sine of 1 kHz = "
      + "\(significant(reference?.offset ?? 0, 6)))"
  }

  /// The names of as many bands as there is room for, at equal distances, with those of 1 kHz or of the notes A.
  private var bandTicks: [Scene.Tick] {
    let bands = levels.entries.map(\.band)
    let notes = levels.scheme.isOfNotes
    let steps = notes ? [1, 2, 12, 24, 48] : [1, 3, 6, 12, 24, 48]
    let anchor = notes ? MusicalNote.a4Number : 0
    let choices = steps.map { step in bands.filter { ($0.number - anchor) % step == 0 } }
    // On a linear axis low bands are the narrowest.
    let chosen =
      choice.spacing == .linear
      ? withRoom(choices[0])
      : choices.first { bands in
        let places = bands.map { position($0.midband) }
        return zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= Self.leastTickDistance }
      } ?? withRoom(choices[0])
    return chosen.map {
      Scene.Tick(
        position: position($0.midband), label: notes ? significant($0.midband, 4) : $0.name)
    }
      + (notes
        ? chosen.map {
          Scene.Tick(position: position($0.midband), label: $0.name, kind: .note)
        } : [])
  }

  private func withRoom(_ bands: [BandScheme.Band]) -> [BandScheme.Band] {
    thinned(bands, leastDistance: Self.leastTickDistance) { position($0.midband) }
  }

  /// Bars of bands with enough bins, and outlines alone of those with few.
  private func bars() -> [Scene.Element] {
    var areas: [[Point]] = []
    var lines: [Scene.Line] = []
    for entry in levels.entries where entry.weightedLevel > axis.low {
      let (bottom, top) = (layout.plot.bottom, axis.position(entry.weightedLevel))
      let gap = 0.04 * (position(entry.band.highEdge) - position(entry.band.lowEdge))
      let (left, right) = (
        position(entry.band.lowEdge) + gap, position(entry.band.highEdge) - gap
      )
      let corners = [
        Point(left, bottom), Point(left, top), Point(right, top), Point(right, bottom),
      ]
      if !entry.hasFewBins { areas.append(corners) }
      lines.append(.through(corners))
    }
    return (areas.isEmpty ? [] : [.areas(.area, areas)])
      + (lines.isEmpty ? [] : [.lines(.curve, lines)])
  }

  private func position(_ frequency: Double) -> Double { frequencies.position(frequency) }
}
