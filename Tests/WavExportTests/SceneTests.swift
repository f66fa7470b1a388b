// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavSpectrum

@testable import WavExport

/// Figures as values, and their SVG.
@Suite struct SceneTests {
  /// A floor with lines.
  private func scene(
    _ peaks: [(Double, Double)] = [(440.0, -10.0), (450, -12), (3520, -40)],
    _ choice: FigureChoice = FigureChoice()
  ) -> Scene {
    func edge(_ index: Int) -> Double { 20 * pow(1000, Double(index) / 200) }
    let rows = (0..<200).map { index in
      let level = peaks.first { (edge(index)..<edge(index + 1)).contains($0.0) }?.1 ?? -80
      return BandRow(
        bin: index, frequency: edge(index), magnitude: 1, level: level, lowEdge: edge(index),
        highEdge: edge(index + 1), power: 1)
    }
    let spectrum = Spectrum(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000),
      scaling: Scaling(windowName: "hann", sampleCount: 1, windowSum: 1, windowSquareSum: 1),
      band: .audible, range: 20...20000, rows: rows)
    return SpectrumFigure(
      spectrum,
      peaks: peaks.map { Peak(frequency: $0, level: $1, aboveFloor: 40, shape: .line) }, loss: nil,
      text: FigureText(title: "T", subtitle: "S", description: "D", remarks: ["a < b"]),
      choice: choice
    ).scene()
  }

  private func labels(_ scene: Scene, _ role: Scene.Label.Role) -> [Scene.Label] {
    (scene.layers + scene.overlay).flatMap { $0 }.compactMap {
      if case .label(let label) = $0, label.role == role { label } else { nil }
    }
  }

  private func markers(_ scene: Scene) -> [Point] {
    scene.layers.flatMap { $0 }.compactMap {
      if case .peak(let place, on: .curve) = $0 { place } else { nil }
    }
  }

  /// Even peaks forty cents apart have their labels, at the end of lines to their markers.
  @Test func everyPeakHasItsName() throws {
    let scene = scene()
    let marks = markers(scene)
    #expect(marks.count == 3)
    #expect(
      labels(scene, .peakName).map(\.text)
        == ["A4 \u{b1}0\u{a2}", "A4 +39\u{a2}", "A7 \u{b1}0\u{a2}"])
    #expect(labels(scene, .peakFact).map(\.text) == ["440 Hz", "450 Hz", "3520 Hz"])
    let leaders = scene.layers.flatMap { $0 }.flatMap { element -> [[Point]] in
      guard case .lines(.leader, let lines) = element else { return [] }
      return lines.map { if case .through(let points) = $0 { points } else { [] } }
    }
    try #require(leaders.count == 3)
    for (leader, (label, mark)) in zip(leaders, zip(labels(scene, .peakFact), marks)) {
      #expect(leader[0].x == label.position.x && leader[0].y > label.position.y)
      #expect(leader[2].x == mark.x && abs(leader[2].y - mark.y) <= 3)
    }
  }

  /// Labels touch neither each other nor the plot, whatever the peaks.
  @Test(arguments: 1...48)
  func labelsNeverTouch(count: Int) throws {
    var state = UInt64(count)
    let peaks = (0..<count).map { index in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let place = Double(state >> 33) / Double(1 << 31)
      return (20 * pow(1000, place), -10 - Double(index))
    }
    for size in [FigureSize(width: 600, height: 700), nil] {
      var choice = FigureChoice()
      choice.size = size
      let scene = scene(peaks, choice)
      let frame = scene.panels[0].frame
      let listed = labels(scene, .peakFact).filter { $0.position.y > frame.bottom }
      let above =
        labels(scene, .peakName)
        + labels(scene, .peakFact).filter { $0.position.y < frame.top }
      let rooms = above.map { label in
        Rectangle(
          center: Point(label.position.x, label.position.y - 5),
          width: estimatedWidth(label.text, size: 12, isBold: label.role == .peakName), height: 11)
      }
      for (index, room) in rooms.enumerated() {
        #expect(room.bottom < frame.top && room.left > 0)
        #expect(room.right < Double(scene.width))
        #expect(!rooms[..<index].contains { room.touches($0) })
      }
      // Every peak has a marker, and a label or a number into the list; or the figure says that it has not.
      let marked = markers(scene).count
      #expect(marked == labels(scene, .peakName).count)
      #expect(listed.isEmpty || listed.count == marked)
      let remarks = labels(scene, .remark).map(\.text).joined(separator: " ")
      #expect(marked == count || remarks.contains("\(count - marked) listed peak"))
    }
  }

  @Test func longTitlesAreShortened() {
    var choice = FigureChoice()
    choice.title = String(repeating: "Invention in D minor ", count: 10) + "(end)"
    let scene = scene([], choice)
    #expect(scene.title == choice.title)
    let headline = scene.headline ?? ""
    #expect(headline.hasPrefix("Invention") && headline.hasSuffix("(end)"))
    #expect(headline.contains("\u{2026}"))
    #expect(estimatedWidth(headline, size: 22, isBold: true) <= 1092)
  }

  @Test func curvesStayInTheirPanel() throws {
    let scene = scene()
    let frame = try #require(scene.panels.first).frame
    let lines = scene.layers.flatMap { $0 }.flatMap { element -> [Scene.Line] in
      if case .lines(.curve, let lines) = element { lines } else { [] }
    }
    try #require(!lines.isEmpty)
    for case .through(let points) in lines {
      #expect(points.count >= 200)
      #expect(
        points.allSatisfy {
          frame.contains(Rectangle(center: $0, width: 0, height: 0))
        })
    }
    #expect(scene.panels[0].vertical.allSatisfy { frame.top <= $0.position })
    #expect(scene.horizontal.allSatisfy { (frame.left...frame.right).contains($0.position) })
  }

  @Test func theSVGHasEverythingThatTheSceneHas() throws {
    var scene = scene()
    scene.layers.append([
      .legend(.reference, "\"old\" & new", at: Point(100, 200)),
      .lines(.violation, [.vertical(x: 10.26, from: 20, to: 30.04)]),
      .areas(.tolerance, [[Point(1, 2), Point(3, 4), Point(5, 2)]]),
    ])
    let svg = try SVG.document(scene)
    let drawing = try Drawing(svg)
    #expect(drawing.circles.count == 3)
    let words = drawing.texts.map(\.text)
    for text in ["T", "S", "440 Hz", "3520 Hz", "a < b", "\"old\" & new", "Frequency in Hz"] {
      #expect(words.contains(text), "\(text)")
    }
    for tick in scene.horizontal + scene.panels[0].vertical where tick.kind != .minor {
      #expect(words.contains(tick.label))
    }
    #expect(svg.contains("<path class=\"violation\" d=\"M10.3 20V30\"/>"))
    #expect(svg.contains("<path class=\"tolerance\" d=\"M1 2L3 4L5 2Z\"/>"))
    #expect(svg.contains("<path class=\"reference\" d=\"M100 200L128 200\"/>"))
  }

  @Test func imagesAreInTheirRectangles() throws {
    var scene = scene()
    let raster = Raster(
      width: 2, height: 1, palette: [Colour(hex: 0xff0000), Colour(hex: 0x0000fe)],
      indices: [1, 0])
    #expect(!scene.hasImage)
    scene.layers.append([
      .image(raster, Rectangle(left: 100, right: 101, top: 200, bottom: 203.5))
    ])
    #expect(scene.hasImage)
    let picture = try #require(Drawing(SVG.document(scene)).pictures.first)
    #expect([picture.x, picture.y, picture.width, picture.height] == [100, 200, 1, 3.5])
    // Two pixels in a unit are as they are; one in 3.5 units is repeated.
    #expect(picture.image.width == 2 && picture.image.height == 7 && !picture.isPixelated)
    #expect(picture.image.pixels == (0..<7).flatMap { _ in [0x0000fe, 0xff0000] as [UInt32] })
  }
}
