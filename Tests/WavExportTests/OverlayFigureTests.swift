// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import FoundationXML
import Testing
import WavSpectrum

@testable import WavExport

@Suite struct OverlayFigureTests {
  private let text = FigureText(title: "Spectra", subtitle: "", description: "About them")

  private func rows(_ count: Int, level: (Int) -> Double) -> [LevelRow] {
    (0..<count).map { index in
      let low = 20 * pow(1000, Double(index) / Double(count))
      let high = 20 * pow(1000, Double(index + 1) / Double(count))
      return LevelRow(frequency: (low * high).squareRoot(), level: level(index), edges: low...high)
    }
  }

  private func scene(_ curves: [OverlaidCurve], _ text: FigureText? = nil) -> Scene {
    OverlayFigure(curves, over: 20...20000, text: text ?? self.text).scene()
  }

  private func lines(_ scene: Scene, _ role: Scene.LineRole) -> [Scene.Line] {
    scene.layers.joined().flatMap { element -> [Scene.Line] in
      if case .lines(role, let lines) = element { lines } else { [] }
    }
  }

  private func points(_ lines: [Scene.Line]) -> [Point] {
    lines.flatMap { line in
      switch line {
      case .through(let points): points
      case .vertical(let x, let start, _): [Point(x, start)]
      }
    }
  }

  private func legend(_ scene: Scene) -> [(role: Scene.LineRole, name: String, at: Point)] {
    scene.overlay.joined().compactMap { element in
      if case .legend(let role, let name, let at) = element { (role, name, at) } else { nil }
    }
  }

  /// Each of up to eight curves has a role of its own, the same in the legend.
  @Test(arguments: 1...8)
  func everyCurveHasItsLineAndItsName(count: Int) throws {
    let curves = (0..<count).map { number in
      OverlaidCurve(name: "file \(number)", rows: rows(500) { _ in -10 * Double(number + 1) })
    }
    let scene = scene(curves)
    let legend = legend(scene)
    #expect(legend.map(\.name) == curves.map(\.name))
    #expect(legend.map(\.role) == Array(Scene.LineRole.series.prefix(count)))
    // The stronger curve is above the weaker one, and all are below the legend.
    let heights = legend.map { points(lines(scene, $0.role))[0].y }
    #expect(zip(heights, heights.dropFirst()).allSatisfy { $0 < $1 })
    let lowest = try #require(legend.map(\.at.y).max())
    #expect(heights.allSatisfy { $0 > lowest })
  }

  /// All curves share the axes: the same level at the same frequency is the same point.
  @Test func curvesShareTheAxes() {
    let fine = OverlaidCurve(name: "fine", rows: rows(4096) { $0 == 2048 ? -3 : -70 })
    let coarse = OverlaidCurve(name: "coarse", rows: rows(64) { $0 == 32 ? -3 : -70 })
    let scene = scene([fine, coarse])
    let tops = [Scene.LineRole.series1, .series2].map { role in
      points(lines(scene, role)).min { $0.y < $1.y }
    }
    #expect(tops[0]?.y == tops[1]?.y)
    #expect(abs((tops[0]?.x ?? 0) - (tops[1]?.x ?? 100)) < 17)
  }

  /// The strongest of the rows in a column is drawn.
  @Test(arguments: [0, 1, 777, 40000, 65535])
  func aLineIsNotLostAmongManyRows(place: Int) {
    let curve = OverlaidCurve(name: "a", rows: rows(65536) { $0 == place ? -20 : -90 })
    let points = points(lines(scene([curve]), .series1))
    #expect(points.count < 2400)
    let top = points.min { $0.y < $1.y }
    #expect(points.filter { $0.y == top?.y }.count == 1)
    #expect(abs((top?.x ?? 0) - (84 + 1092 * (Double(place) + 0.5) / 65536)) <= 1.01)
  }

  /// A peak is marked on its own curve, and in the colour of that.
  @Test func markersBelongToTheirCurves() {
    let curves = (0..<3).map { number in
      OverlaidCurve(name: "\(number)", rows: rows(500) { $0 == 100 * number + 50 ? -5 : -70 })
    }
    let peaks = curves.enumerated().map { index, curve in
      let row = curve.rows.max { $0.level < $1.level }!
      return OverlaidPeak(
        peak: Peak(frequency: row.frequency, level: row.level, aboveFloor: 65, shape: .line),
        curve: index, named: "ch. \(index + 1)")
    }
    let scene = OverlayFigure(curves, over: 20...20000, text: text, peaks: peaks.reversed()).scene()
    let markers = scene.layers.joined().compactMap { element in
      if case .peak(let place, let role) = element { (place, role) } else { nil }
    }
    #expect(Set(markers.map(\.1)) == [.series1, .series2, .series3])
    for (place, role) in markers {
      let top = points(lines(scene, role)).min { $0.y < $1.y }
      #expect(abs((top?.x ?? 0) - place.x) < 1 && top?.y == place.y, "\(role)")
    }
  }

  @Test func silenceInterruptsACurve() throws {
    let curves = [
      OverlaidCurve(name: "gap", rows: rows(300) { (100..<200).contains($0) ? -.infinity : -30 }),
      OverlaidCurve(name: "silence", rows: rows(300) { _ in -.infinity }),
    ]
    let scene = scene(curves)
    #expect(lines(scene, .series1).count == 2)
    #expect(lines(scene, .series2).isEmpty)
    #expect(legend(scene).count == 2)
    let svg = try SVG.document(scene)
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    #expect(XMLParser(data: Data(svg.utf8)).parse())
  }

  @Test func wideRowsAreSteps() {
    let points = points(
      lines(scene([OverlaidCurve(name: "a", rows: rows(10) { -Double($0) })]), .series1))
    #expect(points.count == 20)
    #expect(stride(from: 0, to: 20, by: 2).allSatisfy { points[$0].y == points[$0 + 1].y })
  }

  /// Names in the legend overlap neither each other nor the edge of the plot.
  @Test(arguments: [1, 8, 20, 32])
  func legendsHaveRoom(length: Int) {
    let curves = (0..<8).map { number in
      OverlaidCurve(
        name: String(repeating: "\(number)", count: length), rows: rows(50) { _ in -20 })
    }
    let entries = legend(scene(curves))
    let width = 34 + 8.0 * Double(length)
    for (index, entry) in entries.enumerated() {
      #expect(entry.at.x >= 84 && entry.at.x + width <= 1176)
      for other in entries[..<index] where other.at.y == entry.at.y {
        #expect(abs(other.at.x - entry.at.x) > width)
      }
    }
  }

  @Test func coloursAreDifferent() throws {
    let curves = (0..<8).map { OverlaidCurve(name: "\($0)", rows: rows(50) { _ in -20 }) }
    let svg = try SVG.document(scene(curves))
    let colours = Scene.LineRole.series.compactMap { role -> Substring? in
      svg.firstMatch(of: try! Regex("\\.\(role.rawValue) \\{[^}]*stroke: (#[0-9a-f]+)"))?[1]
        .substring
    }
    #expect(Set(colours).count == 8)
    #expect(!(try SVG.document(scene([]))).contains(".series-1"))
  }

  @Test func namesTellFilesApart() {
    #expect(distinctNames(["a/x.wav", "b/y.wav"]) == ["x.wav", "y.wav"])
    #expect(distinctNames(["a/x.wav", "b/x.wav", "y.wav"]) == ["a/x.wav", "b/x.wav", "y.wav"])
    #expect(distinctNames(["x.wav", "b/x.wav"]) == ["x.wav", "b/x.wav"])
    #expect(
      distinctNames(["/r/one/out/x.wav", "/r/two/out/x.wav"]) == ["one/…/x.wav", "two/…/x.wav"])
    #expect(distinctNames(["x.wav", "./x.wav"]) == ["x.wav (1)", "x.wav (2)"])
    let long = distinctNames((0..<3).map { String(repeating: "n", count: 50) + "\($0)" + ".wav" })
    #expect(Set(long).count == 3)
    #expect(long.allSatisfy { cellCount($0) <= 32 && $0.contains("…") && $0.hasSuffix(".wav") })
    let same = distinctNames(["a", "b"].map { n in "\(n)" + String(repeating: "m", count: 60) })
    #expect(Set(same).count == 2)
    #expect(cellCount(shortened(String(repeating: "音", count: 40), toCells: 11)) <= 11)
    #expect(shortened("short", toCells: 5) == "short")
  }
}
