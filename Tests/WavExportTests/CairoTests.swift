// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

@testable import WavExport

/// Figures drawn by cairo have their marks where the scene has them, in the styles of the theme.
@Suite struct CairoTests {
  private let frame = Rectangle(left: 100, right: 700, top: 100, bottom: 500)

  private func scene(_ elements: [Scene.Element], _ theme: FigureTheme = .auto) -> Scene {
    var scene = Scene(
      title: "", subtitle: "", description: "", width: 720, height: 520,
      panels: [.init(frame: frame, vertical: [.init(position: 300, label: "")])],
      horizontal: [.init(position: 650, label: "")], axisTitles: [], layers: [elements],
      overlay: [])
    scene.theme = theme
    return scene
  }

  private func image(_ scene: Scene) throws -> PNGFile {
    try PNGFile(FigureRenderer.png.bytes(of: scene))
  }

  /// The rectangle of the pixels that are not white within one, in units.
  private func ink(_ image: PNGFile, in room: Rectangle) -> Rectangle? {
    var found: Rectangle?
    for y in Int(2 * room.top)..<Int(2 * room.bottom) {
      for x in Int(2 * room.left)..<Int(2 * room.right) where image.colour(x, y) != 0xffffff {
        let (left, top) = (Double(x) / 2, Double(y) / 2)
        let old = found ?? Rectangle(left: left, right: left, top: top, bottom: top)
        found = Rectangle(
          left: min(old.left, left), right: max(old.right, left + 0.5), top: min(old.top, top),
          bottom: max(old.bottom, top + 0.5))
      }
    }
    return found
  }

  @Test(arguments: FigureTheme.allCases)
  func linesAreAtTheirPlacesInTheirColours(choice: FigureTheme) throws {
    let theme = choice == .auto ? Theme.light : Theme.themes(choice).first
    let image = try image(
      scene(
        [.lines(.curve, [.through([Point(200, 200), Point(600, 200), Point(600, 400)])])], choice)
    )
    #expect(image.width == 1440 && image.height == 1040)
    #expect(Colour(hex: image.colour(0, 0)) == theme.page)
    #expect(Colour(hex: image.colour(1439, 1039)) == theme.page)
    // A line of two pixels around 200 and 600.
    for (x, y) in [(500, 399), (900, 400), (1199, 500), (1200, 799)] {
      #expect(Colour(hex: image.colour(x, y)) == theme.line)
    }
    for (x, y) in [(500, 397), (500, 402), (1197, 500), (1202, 500), (1200, 802)] {
      #expect(Colour(hex: image.colour(x, y)) == theme.page)
    }
    // The grid at the ticks, and the axes.
    #expect(Colour(hex: image.colour(1300, 300)) == theme.rule)
    #expect(Colour(hex: image.colour(1390, 600)) == theme.rule)
    #expect(Colour(hex: image.colour(200, 400)) == theme.soft)
    #expect(Colour(hex: image.colour(1000, 1000)) == theme.soft)
  }

  @Test func linesHaveDashesAndOpacity() throws {
    let image = try image(
      scene([
        .lines(.limit, [.vertical(x: 300, from: 120, to: 290)]),
        .lines(.reference, [.vertical(x: 400, from: 120, to: 290)]),
        .areas(
          .tolerance, [[Point(500, 120), Point(600, 120), Point(600, 280), Point(500, 280)]]),
      ]))
    // Dashes of 6 units and gaps of 4.
    for unit in 0..<170 {
      let isDash = unit % 10 < 6
      #expect((image.colour(600, 240 + 2 * unit) == 0xb3261e) == isDash, "\(unit)")
    }
    // 70 % of 57606a and 12 % of 1b1f24 on white.
    for (x, blend) in [(800, [0x89, 0x90, 0x97]), (1100, [0xe4, 0xe4, 0xe5])] {
      let colour = Colour(hex: image.colour(x, 400))
      for (shown, wanted) in zip([colour.red, colour.green, colour.blue], blend) {
        #expect(abs(Int(shown) - wanted) <= 1)
      }
    }
  }

  @Test func peaksAreRingsWithThePageInside() throws {
    let image = try image(scene([.peak(Point(300, 200))]))
    let room = Rectangle(center: Point(300, 200), width: 20, height: 20)
    let ring = try #require(ink(image, in: room))
    // A radius of 3 and half a line of 1.5.
    #expect(abs(ring.left - 296.25) <= 0.5 && abs(ring.right - 303.75) <= 0.5)
    #expect(abs(ring.top - 196.25) <= 0.5 && abs(ring.bottom - 203.75) <= 0.5)
    #expect(image.colour(600, 400) == 0xffffff && image.colour(606, 400) == 0x0b62c4)
  }

  /// Among several curves a ring has the colour of its own.
  @Test(arguments: [FigureTheme.light, .dark, .print])
  func ringsHaveTheColoursOfTheirCurves(choice: FigureTheme) throws {
    let theme = Theme.themes(choice).first
    let rings = Scene.LineRole.series.enumerated().map { index, role in
      Scene.Element.peak(Point(150 + 60 * Double(index), 200), on: role)
    }
    let image = try image(scene(rings, choice))
    for (index, role) in Scene.LineRole.series.enumerated() {
      let centre = 2 * (150 + 60 * index)
      #expect(Colour(hex: image.colour(centre, 400)) == theme.page)
      #expect(
        Colour(hex: image.colour(centre + 6, 400)) == theme.stroke(.line(role)).colour, "\(role)")
    }
  }

  @Test func textsAreOnTheirBaseLineByTheirAnchor() throws {
    let anchors: [Scene.Label.Anchor] = [.start, .middle, .end]
    let image = try image(
      scene(
        anchors.enumerated().map { index, anchor in
          .label(
            .init(
              text: "HAMMOCH", position: Point(400, 130 + 40 * Double(index)), role: .emptiness,
              anchor: anchor))
        } + [
          .label(
            .init(
              text: "HIH", position: Point(250, 260), role: .unit, anchor: .end, isRotated: true))
        ]))
    for (index, shift) in [1.0, 0.5, 0].enumerated() {
      let base = 130 + 40 * Double(index)
      let words = try #require(
        ink(image, in: Rectangle(left: 290, right: 510, top: base - 20, bottom: base + 10)))
      #expect(abs(words.bottom - base) <= 1)
      #expect((12...15).contains(words.height))
      // An H has its stems about a tenth of the size from its ends.
      #expect(abs(words.right - (400 + shift * words.width)) <= 3, "\(words)")
      #expect(abs(words.left - (400 + (shift - 1) * words.width)) <= 3)
    }
    // Upwards, and its end is below: it begins where it is farthest down.
    let upright = try #require(
      ink(image, in: Rectangle(left: 230, right: 270, top: 230, bottom: 296)))
    #expect(abs(upright.right - 250) <= 1 && upright.height > upright.width)
    #expect(abs(upright.top - 260) <= 3)
  }

  @Test func lettersStandOutOfLines() throws {
    let lines = (0..<40).map { Scene.Line.vertical(x: 300 + 3 * Double($0), from: 120, to: 290) }
    func shares(_ role: Scene.Label.Role) throws -> Int {
      let image = try image(
        scene([
          .lines(.curve, lines),
          .label(.init(text: "IIIII", position: Point(350, 200), role: role, anchor: .middle)),
        ]))
      let room = (700 - 12..<700 + 12).flatMap { x in (376..<404).map { image.colour(x, $0) } }
      return room.count { $0 == 0x0b62c4 }
    }
    let (bare, around) = (try shares(.unit), try shares(.remark))
    #expect(bare > 100 && around < 20, "\(bare) and \(around) pixels of lines")
  }

  @Test func largePixelsOfImagesAreSharp() throws {
    let raster = Raster(
      width: 2, height: 2,
      palette: [0xff0000, 0x00ff00, 0x0000ff, 0xffff00].map(Colour.init(hex:)),
      indices: [0, 1, 2, 3])
    let room = Rectangle(left: 200, right: 300, top: 150, bottom: 250)
    let image = try image(scene([.image(raster, room)]))
    for (x, y, colour) in [
      (400, 300, 0xff0000), (499, 399, 0xff0000), (500, 399, 0x00ff00), (599, 300, 0x00ff00),
      (400, 400, 0x0000ff), (499, 499, 0x0000ff), (500, 400, 0xffff00), (599, 499, 0xffff00),
    ] {
      #expect(image.colour(x, y) == UInt32(colour), "\(x) \(y)")
    }
    #expect(image.colour(399, 300) == 0xffffff && image.colour(600, 499) == 0xffffff)
  }

  @Test func fineImagesAreBlended() throws {
    // Black and white columns, eight in a unit, have the same grey everywhere.
    let raster = Raster(
      width: 800, height: 1, palette: [Colour(hex: 0), Colour(hex: 0xffffff)],
      indices: (0..<800).map { UInt8($0 % 2) })
    let image = try image(
      scene([.image(raster, Rectangle(left: 200, right: 300, top: 150, bottom: 250))]))
    for x in stride(from: 410, to: 590, by: 7) {
      #expect((0x60...0xa0).contains(image.colour(x, 400) & 0xff))
    }
  }

  @Test func scriptsThatNeedALayoutAreDrawn() throws {
    for text in ["été", "e\u{301}te\u{301}", "שלום", "日本"] {
      let image = try image(
        scene([.label(.init(text: text, position: Point(300, 200), role: .emptiness))]))
      let words = try #require(
        ink(image, in: Rectangle(left: 280, right: 480, top: 170, bottom: 210)))
      #expect(abs(words.left - 300) <= 3 && words.right > 310, "\(text): \(words)")
    }
  }

  /// WAVFFT_FIGURES=FOLDER draws the themes to look at.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["WAVFFT_FIGURES"] != nil))
  func themesToLookAt() throws {
    let folder = URL(
      filePath: try #require(ProcessInfo.processInfo.environment["WAVFFT_FIGURES"]))
    let roles: [Scene.LineRole] = [
      .curve, .noise, .reference, .violation, .limit, .edge, .series1, .series2, .series3, .series4,
      .series5, .series6, .series7, .series8,
    ]
    let elements = roles.enumerated().flatMap { row, role -> [Scene.Element] in
      let y = 120 + 25 * Double(row)
      let wave = (0..<100).map { Point(300 + 4 * Double($0), y + 10 * sin(0.3 * Double($0))) }
      return [.lines(role, [.through(wave)]), .legend(role, role.rawValue, at: Point(130, y))]
    }
    for theme in FigureTheme.allCases {
      for renderer in FigureRenderer.all {
        try Data(renderer.bytes(of: scene(elements + [.peak(Point(200, 110))], theme))).write(
          to: folder.appending(path: "\(theme.rawValue).\(renderer.name)"))
      }
    }
  }

  @Test func pagesHaveTextsInTheirFonts() throws {
    let scene = scene([.label(.init(text: "Größe", position: Point(300, 200), role: .peakName))])
    let page = try FigureRenderer.pdf.bytes(of: scene)
    #expect(try FigureRenderer.pdf.bytes(of: scene) == page)
    let text = String(decoding: page, as: Unicode.ASCII.self)
    #expect(text.contains("/FontDescriptor") && text.contains("/MediaBox [ 0 0 540 390 ]"))
    #expect(!text.contains("CreationDate"))
  }
}
