// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

@testable import WavExport

/// Colours and dashes, and the style sheet that is made from them.
@Suite struct ThemeTests {
  private let series = Scene.LineRole.series
  private let lines: [Scene.LineRole] = [
    .curve, .noise, .reference, .violation, .hatch, .limit, .edge, .leader, .folded, .series1,
    .series2, .series3,
    .series4, .series5, .series6, .series7, .series8,
  ]

  /// Pairs of the data of Sharma, Wu and Dalal.
  @Test func differencesOfColoursAreThoseOfThePaper() {
    let pairs = [
      (Lab(l: 50, a: 2.6772, b: -79.7751), Lab(l: 50, a: 0, b: -82.7485), 2.0425),
      (Lab(l: 50, a: -1, b: 2), Lab(l: 50, a: 0, b: 0), 2.3669),
      (Lab(l: 50, a: 2.5, b: 0), Lab(l: 73, a: 25, b: -18), 27.1492),
      (Lab(l: 60.2574, a: -34.0099, b: 36.2677), Lab(l: 60.4626, a: -34.1751, b: 39.4387), 1.2644),
      (Lab(l: 22.7233, a: 20.0904, b: -46.6940), Lab(l: 23.0331, a: 14.9730, b: -42.5619), 2.0373),
    ]
    for (one, other, difference) in pairs {
      #expect(abs(one.difference(from: other) - difference) < 1e-4)
      #expect(abs(other.difference(from: one) - difference) < 1e-4)
    }
  }

  @Test(arguments: [Theme.light, .dark], ColourVision.allCases)
  func anyTwoSeriesDiffer(theme: Theme, vision: ColourVision) {
    let colours = series.map { vision.lab(theme.stroke(.line($0)).colour) }
    for (index, colour) in colours.enumerated() {
      for other in colours[..<index] { #expect(colour.difference(from: other) >= 15) }
    }
  }

  @Test(arguments: [Theme.light, .dark, .print])
  func linesAndTextsStandOut(theme: Theme) {
    for role in lines {
      #expect(theme.stroke(.line(role)).colour.contrast(to: theme.page) >= 3, "\(role)")
    }
    let texts: [TextRole] =
      [.plain, .headline, .subtitle, .note]
      + [
        .unit, .subtitle, .peakName, .peakFact, .lostName, .lostFact, .edgeFact, .remark,
        .emptiness, .caption,
      ].map {
        .label($0)
      }
    for role in texts { #expect(theme.text(role).colour.contrast(to: theme.page) >= 4.5) }
  }

  @Test func seriesHaveDifferentDashes() {
    for theme in [Theme.light, .dark, .print] {
      let dashes = series.map { theme.stroke(.line($0)).dashes }
      #expect(Set(dashes).count == 8 && dashes[0].isEmpty)
      #expect(dashes.allSatisfy { $0.count % 2 == 0 && $0.allSatisfy { $0 > 0 } })
    }
  }

  @Test func printsHaveNoColours() {
    let theme = Theme.print
    for colour in [theme.page, theme.ink, theme.rule]
      + lines.map({ theme.stroke(.line($0)).colour })
    {
      #expect(colour.red == colour.green && colour.green == colour.blue)
    }
    // What a figure shows together.
    let together: [[Scene.LineRole]] = [
      [.curve, .noise, .hatch, .limit, .edge, .leader, .folded], [.curve, .reference, .violation],
    ]
    for roles in together {
      let styles = roles.map { theme.stroke(.line($0)) }
      for (index, style) in styles.enumerated() { #expect(!styles[..<index].contains(style)) }
    }
  }

  private func scene(_ theme: FigureTheme) -> Scene {
    let frame = Rectangle(left: 84, right: 1176, top: 92, bottom: 556)
    var scene = Scene(
      title: "T", subtitle: "S", description: "D", height: 640,
      panels: [.init(frame: frame, vertical: [.init(position: 300, label: "−3")])],
      horizontal: [.init(position: 500, label: "440")], axisTitles: [],
      layers: [
        lines.map { .lines($0, [.vertical(x: 100, from: 100, to: 200)]) },
        [.areas(.area, [[Point(1, 1), Point(2, 2), Point(1, 3)]]), .peak(Point(200, 200))],
        Scene.LineRole.series.map { .peak(Point(200, 200), on: $0) },
      ], overlay: [])
    scene.theme = theme
    return scene
  }

  /// The declarations of each selector, in a part of a style sheet.
  private func rules(_ sheet: Substring) -> [String: String] {
    var rules: [String: String] = [:]
    for match in sheet.matches(of: /(?m)^([.a-z][-a-z0-9]*) \{ (.*) \}$/) {
      rules[String(match.1)] = String(match.2)
    }
    return rules
  }

  @Test(arguments: FigureTheme.allCases)
  func styleSheetsHaveTheValuesOfTheTheme(choice: FigureTheme) throws {
    let svg = try SVG.document(scene(choice))
    let parts = svg.split(separator: "@media (prefers-color-scheme: dark) {")
    #expect(parts.count == (choice == .auto ? 2 : 1))
    let (theme, dark) = Theme.themes(choice)
    let rules = rules(parts[0])
    for role in lines {
      let style = theme.stroke(.line(role))
      let rule = try #require(rules[".\(role.rawValue)"])
      #expect(rule.contains("stroke: \(css(style.colour));"))
      #expect(rule.contains("stroke-width: \(significant(style.width, 6));"))
      #expect(rule.contains("stroke-dasharray") == !style.dashes.isEmpty)
      #expect(rule.contains("stroke-opacity") == (style.opacity < 1))
      if let dark {
        let colour = css(dark.stroke(.line(role)).colour)
        #expect(self.rules(parts[1])[".\(role.rawValue)"]?.contains("stroke: \(colour);") == true)
      }
    }
    // A ring has the colour of its curve, and the page inside.
    for role in [.curve] + Scene.LineRole.series {
      let selector = role == .curve ? ".peak" : ".peak-\(role.rawValue)"
      func ring(_ theme: Theme) -> [String] {
        let colour = css(theme.stroke(.line(role)).colour)
        return ["fill: \(css(theme.page));", "stroke: \(colour);"]
      }
      let rule = try #require(rules[selector])
      #expect(ring(theme).allSatisfy(rule.contains) && !rule.contains("dash"), "\(rule)")
      if let dark {
        let rule = try #require(self.rules(parts[1])[selector])
        #expect(ring(dark).allSatisfy(rule.contains), "\(rule)")
      }
    }
    #expect(rules[".page"] == "fill: \(css(theme.page));")
    #expect(rules[".headline"] == "font-size: 22px; font-weight: 600;")
    #expect(rules["text"]?.hasSuffix("font-size: 14px; fill: \(css(theme.ink));") == true)
    #expect(rules[".area"]?.hasPrefix("fill: \(css(theme.line));") == true)
    #expect(rules[".noise"] != nil && rules[".certainty"] == nil && rules[".small"] == nil)
  }

  private func css(_ colour: Colour) -> String {
    "#" + [colour.red, colour.green, colour.blue].map { String(format: "%02x", $0) }.joined()
  }
}
