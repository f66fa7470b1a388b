// SPDX-License-Identifier: GPL-2.0-or-later

import Testing
import WavSpectrum

@testable import WavExport

/// The names of peaks above a plot, and the lines from them.
@Suite struct PeakTagsTests {
  private let row = 8.0...1192

  private func peaks(_ frequencies: [Double]) -> [Peak] {
    frequencies.enumerated().map { index, frequency in
      Peak(frequency: frequency, level: -20 - Double(index), aboveFloor: 40, shape: .line)
    }
  }

  private func tags(
    _ peaks: [Peak], at places: [Double], of curves: [String] = []
  ) -> PeakTags {
    PeakTags(peaks, of: curves, at: places, width: 1028, row: row) { "\(fixed($0, 1)) dBFS" }
  }

  private func drawn(
    _ tags: PeakTags, _ peaks: [Peak], at places: [Double]
  ) -> (lines: [[Point]], labels: [Scene.Label], circles: [Point]) {
    let marked = zip(peaks, places).map {
      PeakTags.Marked(peak: $0, place: Point($1, 200 - $0.level))
    }
    var (lines, labels, circles): ([[Point]], [Scene.Label], [Point]) = ([], [], [])
    for element in tags.elements(marked, in: row, top: 150) {
      switch element {
      case .lines(.leader, let leaders):
        lines += leaders.map { if case .through(let points) = $0 { points } else { [] } }
      case .label(let label): labels.append(label)
      case .peak(let place, _): circles.append(place)
      default: break
      }
    }
    return (lines, labels, circles)
  }

  /// The least distance of two neighbouring lines, a quarter of their way from the plot.
  private func leastDistance(_ lines: [[Point]]) -> Double {
    let ordered = lines.sorted { $0[1].x < $1[1].x }
    return zip(ordered, ordered.dropFirst()).map { left, right in
      let (x, other) = (0.75 * left[1].x + 0.25 * left[0].x, 0.75 * right[1].x + 0.25 * right[0].x)
      let shift = (left[0].x - left[1].x + right[0].x - right[1].x) / 2
      let height = left[1].y - left[0].y
      return (other - x) * height / (shift * shift + height * height).squareRoot()
    }.min() ?? .infinity
  }

  @Test func peaksWithRoomHaveNames() {
    let peaks = peaks([440, 220, 880, 1760])
    let places = [500.0, 400, 600, 700]
    let tags = tags(peaks, at: places)
    let drawn = drawn(tags, peaks, at: places)
    #expect(tags.list.isEmpty && tags.unmarkedCount == 0)
    #expect(drawn.lines.count == 4 && drawn.circles.count == 4)
    #expect(drawn.labels.map(\.text).contains("A4 ±0¢"))
    #expect(drawn.labels.map(\.text).contains("440 Hz"))
    #expect(leastDistance(drawn.lines) > 50)
  }

  /// Twenty low peaks of a chord on a linear axis: lines that are drawn can be told apart, and every peak is in the
  /// list and has a marker.
  @Test(arguments: [2.0, 3.7, 5, 8], [4, 12, 20, 40])
  func linesDoNotRunTogether(distance: Double, count: Int) {
    let peaks = peaks((0..<count).map { 200 + 61.3 * Double(($0 * 7) % count) })
    let places = peaks.map { 90 + distance * ($0.frequency - 200) / 61.3 }
    let tags = tags(peaks, at: places)
    let drawn = drawn(tags, peaks, at: places)
    #expect(leastDistance(drawn.lines) >= 1.5)
    #expect(drawn.circles.count == count)
    // Labels do not overlap.
    let names = drawn.labels.filter { $0.role == .peakName }.sorted {
      $0.position.x < $1.position.x
    }
    for (left, right) in zip(names, names.dropFirst()) {
      let widths = [left, right].map { estimatedWidth($0.text, size: 12, isBold: true) }
      #expect(right.position.x - left.position.x > (widths[0] + widths[1]) / 2)
    }
    guard !tags.list.isEmpty else { return }
    #expect(tags.list.count == count)
    let frequencies = Set(tags.list.compactMap { $0.split(separator: ", ").dropFirst().first })
    #expect(frequencies.count == count)
    // Every number is in one label.
    let numbers = names.flatMap { label -> [Int] in
      let ends = label.text.split(separator: "–").compactMap { Int($0) }
      return Array(ends[0]...ends[ends.count - 1])
    }
    #expect(numbers.sorted() == Array(1...count))
  }

  /// Peaks that share a line are numbered from left to right, and it leads to the middle of them.
  @Test func closePeaksShareALine() throws {
    let peaks = peaks([300, 200, 250, 260, 5000])
    let places = [95.0, 90, 92, 93, 700]
    let many = (0..<16).map { 400 + 10.0 * Double($0) }
    let all = peaks + self.peaks(many)
    let allPlaces = places + many.map { 97 + ($0 - 400) / 50 }
    let tags = tags(all, at: allPlaces)
    let drawn = drawn(tags, all, at: allPlaces)
    #expect(drawn.labels.map(\.text) == ["1–20", "21"])
    let middle = (allPlaces.reduce(0, +) - 700) / 20
    #expect(abs(drawn.lines[0][1].x - middle) < 0.01)
    #expect(drawn.lines[0].count == 2 && drawn.lines[1].count == 3)
    #expect(tags.list[0].contains("200 Hz") && tags.list[20].contains("5000 Hz"))
  }

  @Test func peaksNameTheirCurve() {
    let peaks = peaks([440, 880])
    let tags = tags(peaks, at: [300, 500], of: ["ch. 2", "ch. 1"])
    let texts = drawn(tags, peaks, at: [300, 500]).labels.map(\.text)
    #expect(texts.contains("440 Hz, ch. 2") && texts.contains("880 Hz, ch. 1"))
  }
}
