// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// What the marked peaks of a figure are called: labels in a row above the plot, each with a line to its marker.
///
/// Above the plot no label meets a curve or a marker. In the row labels are moved apart until they do not overlap.
/// If there is no room for all of them, every peak has a number instead, and below the plot there is a list of the
/// peaks. So no marker is without a name.
struct PeakTags {
  /// A peak and its marker.
  struct Marked {
    let peak: Peak
    let place: Point
  }

  /// Height of the row above the plot, with the lines to the markers.
  let height: Double
  /// The entries of the list below the plot, the strongest peak first; empty if the labels tell everything.
  let list: [String]
  /// Number of peaks that are listed elsewhere, but for which there is no room in this figure.
  let unmarkedCount: Int

  private let markedCount: Int
  private let isNumbered: Bool

  /// Size of the font.
  static let fontSize = 12.0
  private static let gap = 12.0
  private static let numberWidth = 20.0
  private static let lineHeight = 15.0
  /// Height of the part in which the lines turn from the labels to the markers.
  private static let turn = 20.0
  /// Most peaks in a list.
  private static let mostNumbers = 40

  /// Chooses labels or numbers for peaks, the strongest first, in a row of a given width; `unit` is that of
  /// levels in the list.
  init(_ peaks: [Peak], width: Double, level: (Double) -> String) {
    let widths = peaks.map { Self.width($0) }
    isNumbered = widths.reduce(0, +) > width
    let most = min(Self.mostNumbers, Int(width / Self.numberWidth))
    markedCount = isNumbered ? min(peaks.count, most) : peaks.count
    unmarkedCount = peaks.count - markedCount
    let isEmpty = peaks.isEmpty
    height = isEmpty ? 0 : Self.turn + Self.lineHeight * (isNumbered ? 1 : 2)
    list =
      isNumbered
      ? peaks.prefix(markedCount).enumerated().map { index, peak in
        let name = peak.note.map { Self.name($0) + ", " } ?? ""
        return "\(index + 1): \(name)\(Self.frequency(peak)), \(level(peak.level))"
      } : []
  }

  /// The markers, the labels, and the lines between them; `top` is the upper edge of the plot.
  func elements(
    _ peaks: [Marked], in span: ClosedRange<Double>, top: Double
  ) -> [Scene.Element] {
    let marked = peaks.prefix(markedCount).enumerated().sorted {
      $0.element.place.x < $1.element.place.x
    }
    let widths = marked.map { isNumbered ? Self.numberWidth : Self.width($0.element.peak) }
    // A label may reach over the edges of the plot.
    guard
      let centers = spread(marked.map(\.element.place.x), widths: widths, in: span),
      !marked.isEmpty
    else { return [] }
    let base = top - Self.turn
    let lines = zip(marked, centers).map { peak, center in
      let place = peak.element.place
      return Scene.Line.through([
        Point(center, base), Point(place.x, top), Point(place.x, place.y - 3),
      ])
    }
    let labels = zip(marked, centers).flatMap { peak, center -> [Scene.Label] in
      let (index, peak) = (peak.offset, peak.element.peak)
      func label(_ text: String, _ role: Scene.Label.Role, _ line: Double) -> Scene.Label {
        Scene.Label(
          text: text, position: Point(center, base - 4 - Self.lineHeight * line), role: role,
          anchor: .middle)
      }
      if isNumbered { return [label(String(index + 1), .peakName, 0)] }
      return (peak.note.map { [label(Self.name($0), .peakName, 1)] } ?? [])
        + [label(Self.frequency(peak), .peakFact, 0)]
    }
    return [.lines(.leader, lines)] + marked.map { .peak($0.element.place) }
      + labels.map(Scene.Element.label)
  }

  private static func width(_ peak: Peak) -> Double {
    let note = peak.note.map { estimatedWidth(name($0), size: fontSize, isBold: true) } ?? 0
    return max(note, estimatedWidth(frequency(peak), size: fontSize)) + gap
  }

  /// A note with its deviation: `A4 +4¢`.
  private static func name(_ note: MusicalNote) -> String {
    let cents = fixed(note.cents, 0)
    let sign = note.cents >= 0.5 ? "+" : note.cents < -0.5 ? "" : "\u{b1}"
    return "\(note.name) \(sign)\((cents == "-0" ? "0" : cents).replacingMinus())\u{a2}"
  }

  private static func frequency(_ peak: Peak) -> String { "\(significant(peak.frequency, 6)) Hz" }
}
