// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A spectrum as an SVG figure, from a finished result: a pure function from values to text.
///
/// Light and dark by the reader's preference; a title and a description for screen readers; the
/// part of the band that decimation lost is hatched and labelled.
public struct SpectrumFigure {
  private let spectrum: Spectrum
  private let rows: [BandRow]
  private let peaks: [Peak]
  private let loss: NyquistLoss?
  private let text: FigureText
  private let frequencies: FrequencyAxis
  private let levels: LevelAxis

  private static let width = 1200.0
  private static let height = 640.0
  private static let plot = (left: 84.0, right: 1176.0, top: 92.0, bottom: 556.0)
  private static let hatchDistance = 14.0
  private static let remarkHeight = 22.0
  /// Columns that are drawn at most: about two for each unit of width.
  private static let mostColumns = 2048
  /// Columns at least this wide are drawn as steps.
  private static let leastStep = 4.0

  /// Prepares a figure; `peaks` are labelled with their notes as far as there is room, and the axis with
  /// notes that refer to a pitch of A4 in Hz.
  public init(
    _ spectrum: Spectrum, peaks: [Peak], loss: NyquistLoss?, text: FigureText, a4: Double = 440
  ) {
    self.spectrum = spectrum
    rows = spectrum.merged(into: Self.mostColumns).rows
    self.peaks = peaks
    self.loss = loss
    self.text = text
    let plot = Self.plot
    frequencies = FrequencyAxis(
      low: spectrum.range.lowerBound, high: spectrum.range.upperBound,
      span: plot.left...plot.right, a4: a4)
    // Remarks stand above the curve.
    levels = LevelAxis(
      rows.map(\.level), bottom: plot.bottom,
      top: plot.top + Self.remarkHeight * Double(text.remarks.count))
  }

  /// The finished figure.
  public func document() -> FigureDocument {
    FigureDocument(
      text, height: 640, left: Self.plot.left,
      [grid(), lostPart(), unseenPart(), curve(), peakLabels(), axes(), words()])
  }

  private func grid() -> String {
    let (plot, x, y) = (Self.plot, frequencies, levels)
    let vertical = x.ticks.map {
      "M\(place(x.position($0.frequency))) \(place(plot.top))V\(place(plot.bottom))"
    }
    let horizontal = y.ticks.map {
      "M\(place(plot.left)) \(place(y.position($0)))H\(place(plot.right))"
    }
    return "<path class=\"rule\" d=\"\((vertical + horizontal).joined())\"/>"
  }

  private func axes() -> String {
    let plot = Self.plot
    var lines = [
      "<path class=\"axis\" d=\"M\(place(plot.left)) \(place(plot.top))"
        + "V\(place(plot.bottom))H\(place(plot.right))\"/>"
    ]
    for tick in frequencies.ticks {
      let x = place(frequencies.position(tick.frequency))
      lines.append("<text class=\"middle\" x=\"\(x)\" y=\"578\">\(tick.label)</text>")
      if !tick.note.isEmpty {
        lines.append("<text class=\"middle note\" x=\"\(x)\" y=\"596\">\(tick.note)</text>")
      }
    }
    for level in levels.ticks {
      let y = place(levels.position(level) + 5)
      let label = fixed(level, 0).replacingMinus()
      lines.append("<text class=\"end\" x=\"76\" y=\"\(y)\">\(label)</text>")
    }
    lines.append("<text class=\"middle unit\" x=\"630\" y=\"622\">Frequency in Hz</text>")
    lines.append(
      "<text class=\"middle unit\" transform=\"translate(24 324) rotate(-90)\">"
        + "Level in dBFS (full-scale sine = 0)</text>")
    return lines.joined(separator: "\n")
  }

  /// The strongest bin of each column as a line, with a light area below.
  ///
  /// Wide columns are steps from edge to edge, as far as the recording can show them. Bands below the axis
  /// are drawn along its bottom; silent ones not at all.
  private func curve() -> String {
    var line = ""
    var area = ""
    var run: [(x: Double, y: Double)] = []
    func finishRun() {
      guard let first = run.first, let last = run.last else { return }
      let points = run.map { "\(place($0.x)) \(place($0.y))" }.joined(separator: "L")
      // A lone point would be invisible: it becomes a bar down to the axis.
      line += run.count == 1 ? "M\(points)V\(place(Self.plot.bottom))" : "M\(points)"
      area +=
        "M\(place(first.x)) \(place(Self.plot.bottom))L\(points)"
        + "L\(place(last.x)) \(place(Self.plot.bottom))Z"
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
        run += [(left, y), (right, y)]
      } else {
        run.append((frequencies.position(row.frequency), y))
      }
    }
    finishRun()
    guard !line.isEmpty else { return "" }
    return "<path class=\"area\" d=\"\(area)\"/>\n<path class=\"curve\" d=\"\(line)\"/>"
  }

  /// Circles on the peaks, and their notes where no other label is near.
  private func peakLabels() -> String {
    var labelled: [(x: Double, y: Double)] = []
    var lines: [String] = []
    for peak in peaks where peak.level > levels.low {
      guard let note = peak.note else { continue }
      let (x, y) = (frequencies.position(peak.frequency), levels.position(peak.level))
      lines.append("<circle class=\"peak\" cx=\"\(place(x))\" cy=\"\(place(y))\" r=\"3\"/>")
      if labelled.allSatisfy({ abs($0.x - x) > 26 || abs($0.y - y) > 14 }) {
        labelled.append((x, y))
        lines.append(
          "<text class=\"middle peak-name\" x=\"\(place(x))\" y=\"\(place(y - 8))\">"
            + "\(note.name)</text>")
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The part of the band above the limit of decimation: hatched, with the limit in words.
  private func lostPart() -> String {
    guard let loss, loss.lostShare > 0 else { return "" }
    let (plot, x) = (Self.plot, frequencies)
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
    // The words stand in the hatched part if it is wide enough, in small letters if need be, else left of
    // it.
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
    let anchor = fits ? "middle" : "end"
    let words = facts.enumerated().map { index, fact in
      "<text class=\"\(anchor) lost-fact\(isSmall ? " small" : "")\" x=\"\(place(middle))\" "
        + "y=\"\(place(plot.top + 60 + (isSmall ? 17 : 20) * Double(index)))\">\(escaped(fact))</text>"
    }
    return """
      <path class="hatch" d="\(hatching(left, right))"/>
      <path class="limit" d="M\(place(left)) \(place(plot.top))V\(place(plot.bottom))"/>
      <text class="\(anchor) lost-name" x="\(place(middle))" y="\(place(plot.top + 36))">\
      Lost to decimation</text>
      \(words.joined(separator: "\n"))
      """
  }

  /// Where the recording itself ends within the band: half its sampling rate, with that in words.
  private func unseenPart() -> String {
    let limit = spectrum.grid.recordingLimit
    let range = spectrum.range
    guard limit < range.upperBound, limit > range.lowerBound else { return "" }
    let plot = Self.plot
    let x = frequencies.position(limit)
    let words = [
      "nothing above \(significant(limit, 7)) Hz", "can be seen at a sampling",
      "rate of \(spectrum.grid.sampleRate) Hz",
    ]
    // Beside the line on the side with room, at the bottom, where remarks and what was lost are not.
    let isRight = plot.right - x > 190
    let lines = words.enumerated().map { index, line in
      "<text class=\"\(isRight ? "" : "end ")edge-fact\" x=\"\(place(x + (isRight ? 10 : -10)))\" "
        + "y=\"\(place(plot.bottom - 52 + 18 * Double(index)))\">\(line)</text>"
    }
    return """
      <path class="edge" d="M\(place(x)) \(place(plot.top))V\(place(plot.bottom))"/>
      \(lines.joined(separator: "\n"))
      """
  }

  /// What there is to say instead of a curve, and about it.
  private func words() -> String {
    let plot = Self.plot
    var lines = text.remarks.enumerated().map { index, remark in
      "<text class=\"remark\" x=\"\(place(plot.left + 14))\" "
        + "y=\"\(place(plot.top + 16 + Self.remarkHeight * Double(index)))\">\(escaped(remark))</text>"
    }
    if let emptiness = text.emptiness {
      lines.append(
        "<text class=\"middle emptiness\" x=\"\(place((plot.left + plot.right) / 2))\" "
          + "y=\"\(place((plot.top + plot.bottom) / 2))\">\(escaped(emptiness))</text>")
    }
    return lines.joined(separator: "\n")
  }

  /// Lines that rise by 45°, from edge to edge of a part of the plot; renderers take three times as
  /// long for a pattern.
  private func hatching(_ left: Double, _ right: Double) -> String {
    let (top, bottom) = (Self.plot.top, Self.plot.bottom)
    // On such a line x + y is constant.
    let sums = stride(from: left + top, to: right + bottom, by: Self.hatchDistance).dropFirst()
    return sums.map { sum in
      let (low, high) = (max(left, sum - bottom), min(right, sum - top))
      return "M\(place(low)) \(place(sum - low))L\(place(high)) \(place(sum - high))"
    }.joined()
  }
}

/// Text in lines of at most so many characters, divided between words.
private func wrapped(_ text: String, at most: Int) -> [String] {
  text.split(separator: " ").reduce(into: [String]()) { lines, word in
    if let last = lines.last, last.count + 1 + word.count <= most {
      lines[lines.count - 1] += " " + word
    } else {
      lines.append(String(word))
    }
  }
}

/// A coordinate, to a tenth of a unit.
func place(_ coordinate: Double) -> String {
  let text = fixed(coordinate, 1)
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Text with the characters that XML reserves, and those it forbids, made safe.
public func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\t": result += " "
    case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff:
      result += "\u{fffd}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

extension String {
  /// A hyphen before a number becomes a minus sign.
  func replacingMinus() -> String { hasPrefix("-") ? "\u{2212}" + dropFirst() : self }
}
