// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The figure of proportional bands: a bar for each band, from edge to edge.
public struct BandFigure {
  private let levels: BandLevels
  private let text: FigureText
  private let frequencies: FrequencyAxis
  private let axis: LevelAxis

  private static let plot = Rectangle(left: 84, right: 1176, top: 92, bottom: 556)
  private static let leastTickDistance = 44.0

  /// Prepares a figure.
  ///
  /// - Precondition: There is at least one band.
  public init(_ levels: BandLevels, text: FigureText, a4: Double = 440) {
    precondition(!levels.entries.isEmpty, "bands to draw")
    self.levels = levels
    self.text = text
    let plot = Self.plot
    let bands = levels.entries.map(\.band)
    frequencies = FrequencyAxis(
      low: bands[0].lowEdge, high: bands[bands.count - 1].highEdge, span: plot.left...plot.right,
      a4: a4)
    axis = LevelAxis(
      levels.entries.map(\.weightedLevel), bottom: plot.bottom,
      top: plot.top + FigureText.remarkHeight * Double(text.remarks.count))
  }

  /// The finished figure.
  public func scene() -> Scene {
    let ticks = axis.ticks(text.reference)
    let title =
      levels.weighting == .z
      ? LevelAxis.title(text.reference)
      : "\(levels.weighting.rawValue)-weighted level in \(text.reference?.unit ?? "dB") (full-scale sine of 1 kHz = "
        + "\(significant(text.reference?.offset ?? 0, 6)))"
    return Scene(
      title: text.title, subtitle: text.subtitle, description: text.description, height: 640,
      panels: [Scene.Panel(frame: Self.plot, vertical: ticks)], horizontal: bandTicks,
      axisTitles: [
        .horizontalTitle("Frequency in Hz", below: Self.plot), .verticalTitle(title, of: Self.plot),
      ],
      layers: [bars()], overlay: [text.words(in: Self.plot)])
  }

  /// The names of as many bands as there is room for, at equal distances, with those of 1 kHz or of the notes A.
  private var bandTicks: [Scene.Tick] {
    let bands = levels.entries.map(\.band)
    let width = Self.plot.width / Double(bands.count)
    let notes = levels.scheme.isOfNotes
    let steps = notes ? [1, 2, 12, 24] : [1, 3, 6, 12, 24]
    let step = steps.first { Double($0) * width >= Self.leastTickDistance } ?? 48
    let anchor = notes ? MusicalNote.a4Number : 0
    return bands.filter { ($0.number - anchor) % step == 0 }.map { band in
      Scene.Tick(
        position: position(band.midband), label: notes ? significant(band.midband, 4) : band.name,
        note: notes ? band.name : "")
    }
  }

  /// Bars of bands with enough bins, and outlines alone of those with few.
  private func bars() -> [Scene.Element] {
    var areas: [[Point]] = []
    var lines: [Scene.Line] = []
    for entry in levels.entries where entry.weightedLevel > axis.low {
      let (bottom, top) = (Self.plot.bottom, axis.position(entry.weightedLevel))
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
