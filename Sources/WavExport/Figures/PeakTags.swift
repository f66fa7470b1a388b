// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// What the marked peaks of a figure are called: labels in a row above the plot, each with a line to its marker.
///
/// Above the plot no label meets a curve or a marker. In the row labels are moved apart until they do not overlap.
/// If there is no room for all of them, or if their lines would run together, every peak has a number instead, and
/// below the plot there is a list of the peaks. Peaks that are so close that not even the lines from their numbers can
/// be told apart share a line: `3–5`. So no marker is without a name.
struct PeakTags {
  /// A peak and its marker.
  struct Marked {
    let peak: Peak
    let place: Point
    /// The line that it is on.
    var line = Scene.LineRole.curve
  }

  /// Height of the row above the plot, with the lines to the markers.
  var height: Double { tags.isEmpty ? 0 : turn + Self.lineHeight * Double(lineCount) }
  /// The entries of the list below the plot: the strongest peak first, or the lowest if peaks share lines; empty if
  /// the labels tell everything.
  let list: [String]
  /// Number of peaks that are listed elsewhere, but for which there is no room in this figure.
  let unmarkedCount: Int

  /// From left to right.
  private let tags: [Tag]
  /// Height of the part in which the lines turn from the labels to the markers.
  private let turn: Double
  private var lineCount: Int { tags.map(\.labels.count).max() ?? 0 }

  /// A label, and the peaks whose label it is.
  private struct Tag {
    /// Places of its peaks in their order.
    var members: [Int]
    /// Its lines from the lowest upwards; empty ones are left out.
    var labels: [(text: String, role: Scene.Label.Role)]
    var width: Double
    /// Where its line meets the plot.
    var place: Double
  }

  /// Size of the font.
  static let fontSize = 12.0
  private static let gap = 12.0
  private static let numberWidth = 20.0
  private static let lineHeight = 15.0
  /// Heights of the lines to the markers.
  private static let turns = [20.0, 40]
  /// Least distance of two of these lines, a quarter of their way from the plot.
  private static let leastDistance = 1.5
  /// Distances of markers that share a line.
  private static let closeness = [4.0, 8, 16, 32]
  /// Most peaks in a list.
  private static let mostNumbers = 40

  /// Chooses labels or numbers for peaks.
  ///
  /// - Parameters:
  ///   - peaks: The peaks, the strongest first.
  ///   - curves: Names of the curves that they are on; empty if there is one.
  ///   - places: Where each of them is from left to right.
  ///   - width: The room for labels.
  ///   - row: Where they may be; a label may reach over the edges of the plot.
  ///   - level: Writes a level of the list.
  init(
    _ peaks: [Peak], of curves: [String] = [], at places: [Double], width: Double,
    row: ClosedRange<Double>, level: (Double) -> String
  ) {
    func frequency(_ index: Int) -> String {
      Self.frequency(peaks[index]) + (curves.isEmpty ? "" : ", \(curves[index])")
    }
    let ordered = peaks.indices.sorted { places[$0] < places[$1] }
    let names = ordered.map { index in
      Tag(
        members: [index],
        labels: [(frequency(index), .peakFact)]
          + (peaks[index].note.map { [(Self.name($0), .peakName)] } ?? []),
        width: Self.width(peaks[index], frequency(index)), place: places[index])
    }
    func turn(_ tags: [Tag], _ most: Double) -> Double? {
      guard tags.map(\.width).reduce(0, +) <= most else { return nil }
      return Self.turns.first { Self.areDistinct(tags, in: row, turn: $0) }
    }
    if let turn = turn(names, width) {
      (tags, self.turn, list, unmarkedCount) = (names, turn, [], 0)
      return
    }
    let most = min(Self.mostNumbers, Int(width / Self.numberWidth))
    let marked = ordered.filter { $0 < most }
    unmarkedCount = peaks.count - marked.count
    func entry(_ number: Int, _ index: Int) -> String {
      let peak = peaks[index]
      let name = peak.note.map { Self.name($0) + ", " } ?? ""
      return "\(number): \(name)\(frequency(index)), \(level(peak.level))"
    }
    let numbers = marked.map { Self.tag(String($0 + 1), of: [$0], places) }
    if let turn = turn(numbers, .infinity) {
      (tags, self.turn) = (numbers, turn)
      list = marked.sorted().map { entry($0 + 1, $0) }
      return
    }
    let choices = Self.closeness.map { Self.ranges(of: marked, places, closerThan: $0) }
    tags = choices.first { turn($0, .infinity) != nil } ?? choices[choices.count - 1]
    self.turn = Self.turns[Self.turns.count - 1]
    list = marked.enumerated().map { entry($0 + 1, $1) }
  }

  /// A number or several, with the peaks that they stand for.
  private static func tag(_ text: String, of members: [Int], _ places: [Double]) -> Tag {
    Tag(
      members: members, labels: [(text, .peakName)],
      width: max(numberWidth, estimatedWidth(text, size: fontSize, isBold: true) + gap / 2),
      place: members.map { places[$0] }.reduce(0, +) / Double(members.count))
  }

  /// Numbers from left to right; peaks that are this close to the next one share a label.
  private static func ranges(
    of ordered: [Int], _ places: [Double], closerThan distance: Double
  ) -> [Tag] {
    var runs: [Range<Int>] = []
    for index in ordered.indices {
      if let last = runs.last, places[ordered[index]] - places[ordered[index - 1]] < distance {
        runs[runs.count - 1] = last.lowerBound..<index + 1
      } else {
        runs.append(index..<index + 1)
      }
    }
    return runs.map { run in
      let text = run.count == 1 ? "\(run.upperBound)" : "\(run.lowerBound + 1)–\(run.upperBound)"
      return tag(text, of: Array(ordered[run]), places)
    }
  }

  /// Whether the lines from labels to markers can be told apart.
  private static func areDistinct(
    _ tags: [Tag], in row: ClosedRange<Double>, turn: Double
  ) -> Bool {
    guard let centers = spread(tags.map(\.place), widths: tags.map(\.width), in: row) else {
      return false
    }
    let lines = Array(zip(tags.map(\.place), centers))
    return zip(lines, lines.dropFirst()).allSatisfy { left, right in
      let shift = (left.1 - left.0 + right.1 - right.0) / 2
      let distance = 0.75 * (right.0 - left.0) + 0.25 * (right.1 - left.1)
      return distance * turn / (shift * shift + turn * turn).squareRoot() >= leastDistance
    }
  }

  /// The markers, the labels, and the lines between them; `top` is the upper edge of the plot.
  func elements(
    _ peaks: [Marked], in row: ClosedRange<Double>, top: Double
  ) -> [Scene.Element] {
    guard !tags.isEmpty,
      let centers = spread(tags.map(\.place), widths: tags.map(\.width), in: row)
    else { return [] }
    let base = top - turn
    let lines = zip(tags, centers).map { tag, center in
      // A line that several peaks share ends at the plot, above all of them.
      let marker = tag.members.count == 1 ? peaks[tag.members[0]].place : nil
      let bend = Point(tag.place, top)
      return Scene.Line.through(
        [Point(center, base), bend] + (marker.map { [Point($0.x, $0.y - 3)] } ?? []))
    }
    let labels = zip(tags, centers).flatMap { tag, center in
      tag.labels.enumerated().map { line, label in
        Scene.Label(
          text: label.text, position: Point(center, base - 4 - Self.lineHeight * Double(line)),
          role: label.role, anchor: .middle)
      }
    }
    let markers = tags.flatMap(\.members).map { peaks[$0] }
    return [.lines(.leader, lines)] + markers.map { .peak($0.place, on: $0.line) }
      + labels.map(Scene.Element.label)
  }

  private static func width(_ peak: Peak, _ frequency: String) -> Double {
    let note = peak.note.map { estimatedWidth(name($0), size: fontSize, isBold: true) } ?? 0
    return max(note, estimatedWidth(frequency, size: fontSize)) + gap
  }

  /// A note with its deviation: `A4 +4¢`.
  private static func name(_ note: MusicalNote) -> String {
    let cents = fixed(note.cents, 0)
    let sign = note.cents >= 0.5 ? "+" : note.cents < -0.5 ? "" : "\u{b1}"
    return "\(note.name) \(sign)\((cents == "-0" ? "0" : cents).replacingMinus())\u{a2}"
  }

  private static func frequency(_ peak: Peak) -> String { "\(significant(peak.frequency, 6)) Hz" }
}
