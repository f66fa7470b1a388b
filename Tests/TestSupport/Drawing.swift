// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import FoundationXML

/// The contents of a figure, read back from its SVG.
package final class Drawing: NSObject, XMLParserDelegate {
  /// A text and its position.
  package struct Text {
    package let style: String
    package let x: Double
    package let y: Double
    package let text: String
  }

  /// A position in the figure's units; y increases downwards.
  package struct Point: Equatable {
    package let x: Double
    package let y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// An image, and the rectangle that it fills.
  package struct Picture {
    package let x: Double
    package let y: Double
    package let width: Double
    package let height: Double
    package let isPixelated: Bool
    package let image: PNGFile
  }

  struct NotWellFormed: Error {}

  /// All texts, in document order.
  package private(set) var texts: [Text] = []
  private var paths: [(style: String, data: String)] = []
  /// The centres of all circles.
  package private(set) var circles: [Point] = []
  /// The styles of the circles.
  package private(set) var circleStyles: [String] = []
  /// All images, in document order.
  package private(set) var pictures: [Picture] = []
  private var open: (style: String, x: Double, y: Double)?
  private var characters = ""

  /// Reads a document.
  package init(_ svg: String) throws {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    guard parser.parse() else { throw NotWellFormed() }
  }

  package func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    func number(_ key: String) -> Double { attributes[key].flatMap { Double($0) } ?? .nan }
    switch name {
    case "path": paths.append((attributes["class"] ?? "", attributes["d"] ?? ""))
    case "circle":
      circles.append(Point(x: number("cx"), y: number("cy")))
      circleStyles.append(attributes["class"] ?? "")
    case "image":
      let prefix = "data:image/png;base64,"
      guard let address = attributes["href"], address.hasPrefix(prefix),
        let file = Data(base64Encoded: String(address.dropFirst(prefix.count))),
        let image = try? PNGFile(Array(file))
      else { return }
      pictures.append(
        Picture(
          x: number("x"), y: number("y"), width: number("width"), height: number("height"),
          isPixelated: attributes["image-rendering"] == "pixelated", image: image))
    case "text":
      open = (attributes["class"] ?? "", number("x"), number("y"))
      characters = ""
    default: break
    }
  }

  package func parser(_ parser: XMLParser, foundCharacters string: String) { characters += string }

  package func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    guard name == "text", let open else { return }
    texts.append(Text(style: open.style, x: open.x, y: open.y, text: characters))
    self.open = nil
  }

  /// The polylines of all paths with a style; the commands are M, L, H, V (absolute), h and v; Z
  /// closes one.
  package func lines(_ style: String) -> [[Point]] {
    paths.filter { $0.style == style }.flatMap { path in
      var lines: [[Point]] = []
      var (x, y) = (0.0, 0.0)
      for match in path.data.matches(of: /([MLHVhvZ])([^MLHVhvZ]*)/) {
        let numbers = match.2.split(separator: " ").map { Double($0) ?? .nan }
        switch match.1 {
        case "M", "L": (x, y) = (numbers[0], numbers[1])
        case "H": x = numbers[0]
        case "h": x += numbers[0]
        case "V": y = numbers[0]
        case "v": y += numbers[0]
        default: continue
        }
        if match.1 == "M" { lines.append([]) }
        lines[lines.count - 1].append(Point(x: x, y: y))
      }
      return lines
    }
  }

  /// A scale, derived from the first and the last of its labels.
  package struct Scale {
    package let values: [Double]
    package let places: [Double]

    /// The position of a value.
    package func place(_ value: Double) -> Double {
      let (first, last) = (values[0], values[values.count - 1])
      let share = (value - first) / (last - first)
      return places[0] + share * (places[places.count - 1] - places[0])
    }

    /// The value at a position.
    package func value(_ place: Double) -> Double {
      let (first, last) = (places[0], places[places.count - 1])
      return values[0] + (place - first) / (last - first) * (values[values.count - 1] - values[0])
    }

    /// Whether all labels in between agree.
    package func isEven(within tolerance: Double) -> Bool {
      zip(values, places).allSatisfy { abs(place($0) - $1) <= tolerance }
    }
  }

  /// The level scale at the left, within a range of heights; the text is 5 units below its line.
  package func levelScale(_ heights: ClosedRange<Double> = 0...1000) -> Scale {
    let labels = texts.filter { $0.style == "end" && $0.x == 76 && heights.contains($0.y - 5) }
    return Scale(
      values: labels.map { Double($0.text.replacing("\u{2212}", with: "-")) ?? .nan },
      places: labels.map { $0.y - 5 })
  }

  /// The frequency scale along the bottom, in logarithms.
  package func frequencyScale() -> Scale {
    let labels = texts.filter { $0.style == "middle" && Double($0.text) != nil }
    return Scale(
      values: labels.map { log2(Double($0.text) ?? .nan) }, places: labels.map(\.x))
  }
}
