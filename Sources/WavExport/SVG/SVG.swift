// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials

/// Renders scenes as SVG documents: a pure function from values to text.
///
/// Documents have a title and a description for screen readers. Coordinates are rounded to a tenth of a
/// unit.
enum SVG {
  /// The document of a scene, with a width and height in pixels.
  ///
  /// - Throws: ``ImageError`` when an image of the scene cannot be encoded.
  static func document(_ scene: Scene) throws(ImageError) -> String {
    let marks = scene.marks
    let elements = try marks.map(element)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(scene.width) \(scene.height)" \
      width="\(scene.width)" height="\(scene.height)" role="img" aria-labelledby="title desc">
      <title id="title">\(xmlEscaped(scene.title))</title>
      <desc id="desc">\(xmlEscaped(scene.description))</desc>
      \(styleSheet(of: marks, scene.theme))
      <rect class="page" width="\(scene.width)" height="\(scene.height)"/>
      \(elements.joined(separator: "\n"))
      </svg>

      """
  }

  private static func element(_ mark: Mark) throws(ImageError) -> String {
    switch mark {
    case .stroke(let role, let paths): path(role.name, paths)
    case .fill(let role, let paths): path(role.rawValue, paths)
    case .image(let raster, let frame): try image(raster, in: frame)
    case .peak(let center, let role):
      """
      <circle class="\(StrokeRole.peak(on: role).name)" cx="\(place(center.x))" cy="\(place(center.y))" \
      r="\(place(Theme.peakRadius))"/>
      """
    case .text(let mark): text(mark)
    }
  }

  /// Pixels for each unit of an image with large ones, which readers show with sharp edges; few do not, and blur
  /// them by three units.
  private static let imageScale = 1.0 / 3

  /// An image as a PNG file within the document.
  private static func image(_ raster: Raster, in frame: Rectangle) throws(ImageError) -> String {
    let (sharp, hasLargePixels) = raster.withFewerShades()
      .sharpened(for: frame, scale: imageScale)
    let rendering = hasLargePixels ? " image-rendering=\"pixelated\"" : ""
    return """
      <image x="\(place(frame.left))" y="\(place(frame.top))" width="\(place(frame.width))" \
      height="\(place(frame.height))" preserveAspectRatio="none"\(rendering) \
      href="data:image/png;base64,\(Data(try PNGEncoder.file(sharp)).base64EncodedString())"/>
      """
  }

  private static func path(_ style: String, _ paths: [Path]) -> String {
    "<path class=\"\(style)\" d=\"\(paths.map(data).joined())\"/>"
  }

  private static func data(_ path: Path) -> String {
    let points = path.points
    let steps: String
    if points.count == 2, points[0].x == points[1].x {
      steps = "M\(place(points[0]))V\(place(points[1].y))"
    } else {
      steps = "M" + points.map(place).joined(separator: "L")
    }
    return path.isClosed ? steps + "Z" : steps
  }

  private static func text(_ mark: TextMark) -> String {
    let position = mark.position
    let place =
      mark.isRotated
      ? "transform=\"translate(\(place(position))) rotate(-90)\""
      : "x=\"\(place(position.x))\" y=\"\(place(position.y))\""
    let names = [
      mark.anchor == .start ? "" : mark.anchor.rawValue, mark.role.name,
      mark.isSmall ? "small" : "",
    ].filter { !$0.isEmpty }
    let style = names.isEmpty ? "" : "class=\"\(names.joined(separator: " "))\" "
    return "<text \(style)\(place)>\(xmlEscaped(mark.text))</text>"
  }

  private static func place(_ point: Point) -> String { "\(place(point.x)) \(place(point.y))" }

  /// A coordinate, rounded to a tenth of a unit.
  static func place(_ coordinate: Double) -> String {
    let text = fixed(coordinate, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
