// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavSpectrum

@testable import WavExport

/// Figures as values, and their SVG.
@Suite struct SceneTests {
  /// Two strong lines close to each other and a weak one far away, over a floor.
  private func scene() -> Scene {
    func edge(_ index: Int) -> Double { 20 * pow(1000, Double(index) / 200) }
    let rows = (0..<200).map { index in
      BandRow(
        bin: index, frequency: edge(index), magnitude: 1, level: -80, lowEdge: edge(index),
        highEdge: edge(index + 1), power: 1)
    }
    let spectrum = Spectrum(
      grid: BinGrid(sampleRate: 44100, transformLength: 1000),
      scaling: Scaling(windowName: "hann", sampleCount: 1, windowSum: 1, windowSquareSum: 1),
      band: .audible, range: 20...20000, rows: rows)
    let peaks = [(440.0, -10.0), (450, -12), (3520, -40)].map {
      Peak(frequency: $0, level: $1, aboveFloor: 40, shape: .line)
    }
    return SpectrumFigure(
      spectrum, peaks: peaks, loss: nil,
      text: FigureText(title: "T", subtitle: "S", description: "D", remarks: ["a < b"])
    ).scene()
  }

  @Test func peaksAreMarkedAndTheStrongestNamed() {
    let elements = scene().layers.flatMap { $0 }
    let marks = elements.compactMap { if case .peak(let place) = $0 { place } else { nil } }
    #expect(marks.count == 3)
    let labels = elements.compactMap { if case .label(let label) = $0 { label } else { nil } }
    #expect(labels.map(\.text) == ["A4", "A7"])
    #expect(labels.map(\.position) == [0, 2].map { Point(marks[$0].x, marks[$0].y - 8) })
    #expect(labels.allSatisfy { $0.role == .peakName && $0.anchor == .middle })
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
    for text in ["T", "S", "A4", "A7", "a < b", "\"old\" & new", "Frequency in Hz"] {
      #expect(words.contains(text), "\(text)")
    }
    for tick in scene.horizontal + scene.panels[0].vertical { #expect(words.contains(tick.label)) }
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
