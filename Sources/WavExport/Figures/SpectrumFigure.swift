// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The figure of a spectrum: its curve, its peaks with their notes, and the part of the band that
/// decimation lost, hatched and labelled.
public struct SpectrumFigure {
  private let spectrum: Spectrum
  private let rows: [BandRow]
  private let peaks: [Peak]
  private let loss: NyquistLoss?
  private let text: FigureText
  private let frequencies: FrequencyAxis
  private let levels: LevelAxis

  private let plot: Rectangle
  /// The same spectrum as a density; nil for one that was not averaged.
  private let density: DensityCurve?

  private static let hatchDistance = 14.0
  /// Size of the rectangle that a peak's label needs around the peak.
  private static let labelSize = (width: 26.0, height: 14.0)
  /// Greatest number of columns that are drawn: about two per unit of width.
  private static let mostColumns = 2048
  /// Columns at least this wide are drawn as steps.
  private static let leastStep = 4.0

  /// Prepares a figure.
  ///
  /// Notes refer to `a4`, the frequency of A4 in Hz; peaks are labelled with their notes where
  /// labels fit. A spectrum that was averaged over segments is also drawn as a density.
  public init(
    _ spectrum: Spectrum, peaks: [Peak], loss: NyquistLoss?, text: FigureText, a4: Double = 440,
    density: PowerDensity? = nil
  ) {
    self.spectrum = spectrum
    // A density has an axis of its own at the right.
    plot = Rectangle(left: 84, right: density == nil ? 1176 : 1112, top: 92, bottom: 556)
    let rows = spectrum.merged(into: Self.mostColumns).rows
    self.rows = rows
    self.density = density.map { DensityCurve($0, rows, spectrum.band) }
    self.peaks = peaks
    self.loss = loss
    self.text = text
    frequencies = FrequencyAxis(
      low: spectrum.range.lowerBound, high: spectrum.range.upperBound,
      span: plot.left...plot.right, a4: a4)
    // Remarks are above the curve.
    let lines = text.remarks.count + (density == nil ? 0 : 2)
    levels = LevelAxis(
      rows.map(\.level), bottom: plot.bottom,
      top: plot.top + FigureText.remarkHeight * Double(lines))
  }

  /// The finished figure.
  public func scene() -> Scene {
    let levelTicks = levels.ticks(text.reference)
    return Scene(
      title: text.title, subtitle: text.subtitle, description: text.description, height: 640,
      panels: [
        Scene.Panel(
          frame: plot, vertical: levelTicks,
          opposite: density?.ticks(beside: levels, text.reference) ?? [])
      ],
      horizontal: frequencies.ticks,
      axisTitles: [
        .horizontalTitle("Frequency in Hz", below: plot),
        .verticalTitle(LevelAxis.title(text.reference), of: plot),
      ] + (density == nil ? [] : [.oppositeTitle(DensityCurve.title(text.reference), of: plot)]),
      layers: [lostPart(), unseenPart(), curve()] + (density == nil ? [] : [noise()])
        + [peakLabels()],
      overlay: [text.words(in: plot) + legend()])
  }

  /// The strongest bin of each column as a line, with a light area below it.
  ///
  /// Wide columns are steps from edge to edge, up to the highest frequency of the recording. Bands
  /// below the axis are drawn along its bottom, silent bands not at all.
  private func curve() -> [Scene.Element] {
    var lines: [Scene.Line] = []
    var areas: [[Point]] = []
    var run: [Point] = []
    let bottom = plot.bottom
    func finishRun() {
      guard let first = run.first, let last = run.last else { return }
      // A single point would be invisible: it becomes a bar down to the axis.
      lines.append(
        run.count == 1 ? .vertical(x: first.x, from: first.y, to: bottom) : .through(run))
      areas.append([Point(first.x, bottom)] + run + [Point(last.x, bottom)])
      run = []
    }
    for row in rows {
      guard row.level > -.infinity else {
        finishRun()
        continue
      }
      let y = levels.position(row.level)
      let left = frequencies.position(row.lowEdge)
      let right = frequencies.position(
        min(row.highEdge, max(row.frequency, spectrum.grid.limit)))
      if right - left >= Self.leastStep {
        run += [Point(left, y), Point(right, y)]
      } else {
        run.append(Point(frequencies.position(row.frequency), y))
      }
    }
    finishRun()
    return lines.isEmpty ? [] : [.areas(.area, areas), .lines(.curve, lines)]
  }

  /// The mean density of each column, with the interval that has the true one with 95 % probability.
  private func noise() -> [Scene.Element] {
    guard let density else { return [] }
    let columns = zip(rows, zip(density.levels, density.intervals)).filter {
      $0.1.0 > -.infinity
    }
    guard columns.count > 1 else { return [] }
    func line(_ shift: (ClosedRange<Double>) -> Double) -> [Point] {
      columns.map { row, value in
        let middle = (max(row.lowEdge, frequencies.low) * row.highEdge).squareRoot()
        return Point(frequencies.position(middle), levels.position(value.0 + shift(value.1)))
      }
    }
    return [
      .areas(.certainty, [line(\.upperBound) + line(\.lowerBound).reversed()]),
      .lines(.noise, [.through(line { _ in 0 })]),
    ]
  }

  /// What the two curves are, and which axis is theirs.
  private func legend() -> [Scene.Element] {
    guard density != nil, text.emptiness == nil else { return [] }
    let top = plot.top + 12 + FigureText.remarkHeight * Double(text.remarks.count)
    return [
      .legend(
        .curve, "tones: the strongest bin of each column, left axis", at: Point(plot.left + 14, top)
      ),
      .legend(
        .noise,
        "noise: mean density, right axis; around it where the true one is with 95 %",
        at: Point(plot.left + 14, top + FigureText.remarkHeight)),
    ]
  }

  /// Circles at the peaks, and their notes where no stronger peak's label is in the way.
  private func peakLabels() -> [Scene.Element] {
    let notes = peaks.filter { $0.level > levels.low }.compactMap { peak in
      peak.note.map { note in
        (note.name, Point(frequencies.position(peak.frequency), levels.position(peak.level)))
      }
    }
    let size = Self.labelSize
    func room(_ center: Point, _ width: Double, _ height: Double) -> Rectangle {
      Rectangle(center: center, width: width, height: height)
    }
    // The label of a peak at the edge of the plot may cross that edge.
    let frame = room(
      plot.center, plot.width + size.width, plot.height + size.height)
    let rooms = placedLabels(notes.map { room($0.1, size.width, size.height) }, in: frame)
    return zip(notes, rooms).flatMap { note, room -> [Scene.Element] in
      let (name, peak) = note
      guard room != nil else { return [.peak(peak)] }
      let label = Scene.Label(
        text: name, position: Point(peak.x, peak.y - 8), role: .peakName, anchor: .middle)
      return [.peak(peak), .label(label)]
    }
  }

  /// The part of the band above the limit of decimation: hatched, with a text on the limit.
  private func lostPart() -> [Scene.Element] {
    guard let loss, loss.lostShare > 0 else { return [] }
    let (plot, x) = (plot, frequencies)
    let left = x.position(loss.limit)
    let right = x.position(loss.originalLimit)
    var facts = [
      "nothing above \(significant(loss.limit, 7)) Hz",
      "\(percent(loss.lostShare)) of the band in Hz",
      loss.octavesInWords,
    ]
    let width = right - left
    let fits = width > 150
    let energy = loss.energyShareAbove.map {
      ["about \(percent($0)) of the energy,", "folded back below the limit"]
    }
    // The text is in the hatched part if that is wide enough, in a small font if necessary;
    // otherwise left of it.
    if fits, width < 250 {
      let most = Int((width - 12) / 6.6)
      facts =
        facts.flatMap { wrapped($0, at: most) }
        + wrapped((energy ?? []).joined(separator: " "), at: most)
    } else {
      facts += energy ?? []
    }
    let isSmall = fits && width < 250
    let middle = fits ? (left + right) / 2 : left - 10
    let anchor = fits ? Scene.Label.Anchor.middle : .end
    let name = Scene.Label(
      text: "Lost to decimation", position: Point(middle, plot.top + 36), role: .lostName,
      anchor: anchor)
    let words = facts.enumerated().map { index, fact in
      Scene.Label(
        text: fact, position: Point(middle, plot.top + 60 + (isSmall ? 17 : 20) * Double(index)),
        role: .lostFact, anchor: anchor, isSmall: isSmall)
    }
    return [
      .lines(.hatch, hatching(left, right)),
      .lines(.limit, [.vertical(x: left, from: plot.top, to: plot.bottom)]),
    ] + ([name] + words).map(Scene.Element.label)
  }

  /// The upper limit of the recording, if it is within the band: half its sampling rate, with a
  /// text on it.
  private func unseenPart() -> [Scene.Element] {
    let limit = spectrum.grid.recordingLimit
    let range = spectrum.range
    guard limit < range.upperBound, limit > range.lowerBound else { return [] }
    let x = frequencies.position(limit)
    let words = [
      "nothing above \(significant(limit, 7)) Hz", "can be seen at a sampling",
      "rate of \(spectrum.grid.sampleRate) Hz",
    ]
    // The text is on the side of the line that has space, at the bottom, away from remarks and lost
    // part.
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

  /// Lines that rise by 45° across a part of the plot; renderers take three times as long for a
  /// pattern fill.
  private func hatching(_ left: Double, _ right: Double) -> [Scene.Line] {
    let (top, bottom) = (plot.top, plot.bottom)
    // On such a line x + y is constant.
    let sums = stride(from: left + top, to: right + bottom, by: Self.hatchDistance).dropFirst()
    return sums.map { sum in
      let (low, high) = (max(left, sum - bottom), min(right, sum - top))
      return .through([Point(low, sum - low), Point(high, sum - high)])
    }
  }
}

/// Text in lines of at most this many characters, broken between words.
private func wrapped(_ text: String, at most: Int) -> [String] {
  text.split(separator: " ").reduce(into: [String]()) { lines, word in
    if let last = lines.last, last.count + 1 + word.count <= most {
      lines[lines.count - 1] += " " + word
    } else {
      lines.append(String(word))
    }
  }
}

extension String {
  /// The text with a minus sign in place of a leading hyphen.
  func replacingMinus() -> String { hasPrefix("-") ? "\u{2212}" + dropFirst() : self }
}
