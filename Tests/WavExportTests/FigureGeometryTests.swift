// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavSpectrum

@testable import WavExport

/// Everything is drawn at the position that the labels of the axes give.
///
/// Without a peak the plot is below the legend: from (84, 114) to (1112, 578).
@Suite struct FigureGeometryTests {
  /// Bands from 20 Hz to 20 kHz with their levels.
  private func spectrum(_ levels: [Double]) -> Spectrum {
    let rows = levels.enumerated().map { index, level in
      let low = 20 * pow(1000, Double(index) / Double(levels.count))
      let high = 20 * pow(1000, Double(index + 1) / Double(levels.count))
      return BandRow(
        bin: index, frequency: (low * high).squareRoot(), magnitude: 1, level: level,
        lowEdge: low, highEdge: high, power: 1)
    }
    return Spectrum(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000),
      scaling: Scaling(windowName: "hann", sampleCount: 1, windowSum: 1, windowSquareSum: 1),
      band: .audible, range: 20...20000, rows: rows)
  }

  private let words = FigureText(title: "Title", subtitle: "", description: "")

  private func drawing(_ spectrum: Spectrum, loss: NyquistLoss? = nil) throws -> Drawing {
    try Drawing(
      SVG.document(SpectrumFigure(spectrum, peaks: [], loss: loss, text: words).scene()))
  }

  /// Levels that rise, fall and jump.
  private let levels = (0..<600).map { Double(($0 * 17) % 60) - 75 }

  @Test func axesCountUpwardsAndToTheRight() throws {
    let drawing = try drawing(spectrum(levels))
    let (x, y) = (drawing.frequencyScale(), drawing.levelScale())
    #expect(y.values == y.values.sorted() && y.values.count >= 5)
    #expect(y.places == y.places.sorted(by: >))
    #expect(x.values == x.values.sorted() && x.values.count == 10)
    #expect(x.places == x.places.sorted())
    #expect(x.isEven(within: 0.1) && y.isEven(within: 0.1))
    // Labels, lines and axes have the same positions.
    let rules = drawing.lines("rule")
    #expect(rules.filter { $0[0].x == $0[1].x }.map { $0[0].x } == x.places)
    let heights = rules.filter { $0[0].y == $0[1].y }.map { $0[0].y }
    #expect(heights.count == y.places.count)
    #expect(zip(heights, y.places).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(
      drawing.lines("axis").first == [
        .init(x: 84, y: 114), .init(x: 84, y: 578), .init(x: 1112, y: 578), .init(x: 1112, y: 114),
      ])
    // Marks between the labels, below and at both sides.
    #expect(drawing.lines("axis").dropFirst().count > 30)
    // 20 Hz at the left end and 20 kHz at the right one.
    #expect(abs(x.place(log2(20)) - 84) < 0.2 && abs(x.place(log2(20000)) - 1112) < 0.2)
  }

  @Test func notesStandBelowTheirFrequencies() throws {
    let drawing = try drawing(spectrum(levels))
    let notes = drawing.texts.filter { $0.style == "middle note" }
    #expect(notes.count == 10)
    let scale = drawing.frequencyScale()
    for note in notes {
      let frequency = exp2(scale.value(note.x))
      let found = MusicalNote(frequency: frequency)
      #expect(found.name == note.text && abs(found.cents) < 2)
    }
  }

  @Test func theCurvePassesThroughEveryLevel() throws {
    let spectrum = spectrum(levels)
    let drawing = try drawing(spectrum)
    let (x, y) = (drawing.frequencyScale(), drawing.levelScale())
    let curve = try #require(drawing.lines("curve").first)
    try #require(curve.count == spectrum.rows.count)
    for (point, row) in zip(curve, spectrum.rows) {
      #expect(abs(point.x - x.place(log2(row.frequency))) < 0.2)
      #expect(abs(point.y - y.place(row.level)) < 0.2)
    }
    // The area below is closed along the bottom.
    let area = try #require(drawing.lines("area").first)
    #expect(area.dropFirst().dropLast() == curve[...])
    #expect(area.first == .init(x: curve[0].x, y: 578))
    #expect(area.last == .init(x: curve[curve.count - 1].x, y: 578))
  }

  @Test func fewBandsAreStepsFromEdgeToEdge() throws {
    let spectrum = spectrum(Array(levels.prefix(12)))
    let drawing = try drawing(spectrum)
    let (x, y) = (drawing.frequencyScale(), drawing.levelScale())
    let curve = try #require(drawing.lines("curve").first)
    try #require(curve.count == 24)
    for (index, row) in spectrum.rows.enumerated() {
      let (left, right) = (curve[2 * index], curve[2 * index + 1])
      #expect(abs(left.x - x.place(log2(row.lowEdge))) < 0.2)
      #expect(abs(right.x - x.place(log2(row.highEdge))) < 0.2)
      #expect(left.y == right.y && abs(left.y - y.place(row.level)) < 0.2)
    }
  }

  @Test func silenceInterruptsTheCurve() throws {
    var levels = levels
    for index in [20, 21, 40, 42] { levels[index] = -.infinity }
    // The last one is that of the legend.
    let curve = try drawing(spectrum(levels)).lines("curve").dropLast()
    #expect(curve.map(\.count) == [20, 18, 2, 557])
    // A single point is a bar down to the axis.
    #expect(curve[2][0].x == curve[2][1].x)
    #expect(curve[2][1].y == 578)
  }

  @Test func levelsBelowTheAxisAreDrawnOnIt() throws {
    var levels = levels
    levels[30] = -400
    let curve = try #require(drawing(spectrum(levels)).lines("curve").first)
    #expect(curve[30].y == 578)
    #expect(curve.allSatisfy { (114...578).contains($0.y) && (84...1112).contains($0.x) })
  }

  @Test func theHatchedPartIsTheLostOne() throws {
    let loss = NyquistLoss(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000, parts: 8), band: .audible,
      energyShareAbove: nil)
    let drawing = try drawing(spectrum(levels), loss: loss)
    let limit = drawing.frequencyScale().place(log2(2756.25))
    let line = try #require(drawing.lines("limit").first)
    #expect(abs(line[0].x - limit) < 0.2 && line[0].x == line[1].x)
    #expect([line[0].y, line[1].y] == [114, 578])
    let hatch = drawing.lines("hatch")
    #expect(hatch.count > 30)
    for line in hatch {
      #expect(line.allSatisfy { (limit - 0.2...1112).contains($0.x) && (114...578).contains($0.y) })
      // They rise by 45 degrees.
      #expect(abs((line[1].x - line[0].x) + (line[1].y - line[0].y)) < 0.21)
      #expect(line[1].x >= line[0].x)
    }
    #expect(abs((hatch.map { $0[0].x }.min() ?? 0) - limit) < 0.2)
    #expect((hatch.map { $0[1].x }.max() ?? 0) == 1112)
    // The text is in its middle.
    let words = try #require(drawing.texts.first { $0.text == "Lost to decimation" })
    #expect(abs(words.x - (limit + 1112) / 2) < 0.2)
  }

  /// Marks outside of the panel stand for differences that its axis does not show, and a sentence says so.
  @Test func differencesBeyondTheAxisAreMarked() throws {
    func figure(_ greatest: Double, _ least: Double) throws -> (Scene, Drawing) {
      let columns = (0..<50).map { index in
        DifferenceColumn(
          frequency: 20 * pow(1000, Double(index) / 49), level: -40, referenceLevel: -50,
          difference: index == 10 ? greatest : index == 30 ? least : 1, tolerance: 2,
          isViolation: false)
      }
      let scene = DifferenceFigure(columns, text: words).scene()
      return (scene, try Drawing(SVG.document(scene)))
    }
    for (greatest, least, count) in [(77.0, -5.0, 1), (10000, -61, 2), (60, -60, 0), (52, 3, 0)] {
      let (scene, drawing) = try figure(greatest, least)
      let marks = drawing.lines("beyond")
      try #require(marks.count == count)
      #expect(
        drawing.texts.contains {
          $0.text == "Triangles at the edge stand for differences beyond 60 dB"
        } == (count > 0))
      guard count > 0 else { continue }
      let lower = scene.panels[1].frame
      let x = drawing.frequencyScale()
      #expect(abs(marks[0][1].x - x.place(log2(20 * pow(1000, 10.0 / 49)))) < 0.2)
      #expect(marks[0].allSatisfy { $0.y < lower.top } && marks[0][1].y < marks[0][0].y)
      guard count > 1 else { continue }
      #expect(marks[1].allSatisfy { $0.y > lower.bottom } && marks[1][1].y > marks[1][0].y)
    }
  }

  @Test func differencesAreDrawnWhereTheirAxesSay() throws {
    let columns = (0..<50).map { (index: Int) -> DifferenceColumn in
      let difference = Double(index % 9) - 3
      return DifferenceColumn(
        frequency: 20 * pow(1000, Double(index) / 49), level: Double(index % 7) - 40,
        referenceLevel: Double(index % 5) - 60, difference: difference, tolerance: 2,
        isViolation: abs(difference) > 2)
    }
    let scene = DifferenceFigure(columns, text: words).scene()
    let drawing = try Drawing(SVG.document(scene))
    let x = drawing.frequencyScale()
    let heights = scene.panels.map { $0.frame.top...$0.frame.bottom }
    #expect(heights[0].upperBound < heights[1].lowerBound)
    let (upper, lower) = (drawing.levelScale(heights[0]), drawing.levelScale(heights[1]))
    #expect(upper.values.count >= 3 && lower.values.count >= 3)
    for scale in [upper, lower] {
      #expect(scale.values == scale.values.sorted() && scale.places == scale.places.sorted(by: >))
      #expect(scale.isEven(within: 0.1))
    }
    func expectCurve(
      _ line: [Drawing.Point], _ scale: Drawing.Scale, _ value: (DifferenceColumn) -> Double
    ) {
      #expect(line.count == columns.count)
      for (point, column) in zip(line, columns) {
        #expect(abs(point.x - x.place(log2(column.frequency))) < 0.2)
        #expect(abs(point.y - scale.place(value(column))) < 0.2)
      }
    }
    // The short lines are those of the legend.
    let curves = drawing.lines("curve").filter { $0.count > 2 }
    try #require(curves.count == 2)
    expectCurve(curves[0], upper) { $0.level }
    expectCurve(curves[1], lower) { $0.difference }
    let reference = drawing.lines("reference").filter { $0.count > 2 }
    expectCurve(try #require(reference.first), upper) { $0.referenceLevel }
    let band = try #require(drawing.lines("tolerance").first)
    expectCurve(Array(band.prefix(50)), lower) { $0.tolerance }
    expectCurve(band.suffix(50).reversed(), lower) { -$0.tolerance }
    let violations = columns.filter { $0.isViolation }
    let marks = drawing.lines("violation")
    try #require(marks.count == violations.count)
    for (mark, column) in zip(marks, violations) {
      #expect(abs(mark[0].x - x.place(log2(column.frequency))) < 0.2)
      #expect(abs(mark[0].y - lower.place(0)) < 0.2)
      #expect(abs(mark[1].y - lower.place(column.difference)) < 0.2)
    }
    // The legend names the curve beside it.
    for (style, name) in [("curve", "this"), ("reference", "reference")] {
      let sample = try #require(drawing.lines(style).first { $0.count == 2 })
      #expect(drawing.texts.contains { $0.text == name && $0.y - 5 == sample[0].y })
    }
  }
}
