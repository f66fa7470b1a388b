// SPDX-License-Identifier: GPL-2.0-or-later

import FoundationEssentials

/// Renders scenes as SVG documents: a pure function from values to text.
///
/// Documents are light or dark by the reader's preference, and have a title and a description for
/// screen readers. Coordinates are rounded to a tenth of a unit.
enum SVG {
  /// The document of a scene, with a width and height in pixels.
  ///
  /// - Throws: ``ImageError`` when an image of the scene cannot be encoded.
  static func document(_ scene: Scene) throws(ImageError) -> String {
    let left = scene.panels[0].frame.left
    let parts =
      [grid(scene)] + (try scene.layers.map(layer)) + [try axes(scene)]
      + (try scene.overlay.map(layer))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(scene.width) \(scene.height)" \
      width="\(scene.width)" height="\(scene.height)" role="img" aria-labelledby="title desc">
      <title id="title">\(xmlEscaped(scene.title))</title>
      <desc id="desc">\(xmlEscaped(scene.description))</desc>
      \(styleSheets(scene))
      <rect class="page" width="\(scene.width)" height="\(scene.height)"/>
      <text class="headline" x="\(left)" y="40">\(xmlEscaped(scene.headline ?? scene.title))</text>
      <text class="subtitle" x="\(left)" y="64">\(xmlEscaped(scene.subtitle))</text>
      \(parts.joined(separator: "\n"))
      </svg>

      """
  }

  private static func styleSheets(_ scene: Scene) -> String {
    ([styleSheet] + (scene.hasDensity ? [densityStyleSheet] : [])
      + (scene.hasSeries ? [seriesStyleSheet] : [])).joined(separator: "\n")
  }

  private static func layer(_ elements: [Scene.Element]) throws(ImageError) -> String {
    try elements.map(element).joined(separator: "\n")
  }

  private static func element(_ element: Scene.Element) throws(ImageError) -> String {
    switch element {
    case .lines(let role, let lines): path(role.rawValue, lines.map(line).joined())
    case .areas(let role, let areas):
      path(role.rawValue, areas.map { through($0) + "Z" }.joined())
    case .image(let raster, let frame): try image(raster, in: frame)
    case .peak(let center):
      "<circle class=\"peak\" cx=\"\(place(center.x))\" cy=\"\(place(center.y))\" r=\"3\"/>"
    case .label(let label): text(label)
    case .legend(let role, let name, let at):
      path(role.rawValue, "M\(place(at))h28") + text(name, at: Point(at.x + 34, at.y + 5))
    }
  }

  /// The grid lines at the ticks, behind everything else.
  private static func grid(_ scene: Scene) -> String {
    let panels = scene.panels.filter(\.hasRules)
    let frames = panels.map(\.frame)
    let vertical = scene.horizontal.filter { $0.kind == .major }.flatMap { tick in
      frames.map { "M\(place(tick.position)) \(place($0.top))V\(place($0.bottom))" }
    }
    let horizontal = panels.flatMap { panel in
      panel.vertical.filter { $0.kind == .major }.map {
        "M\(place(panel.frame.left)) \(place($0.position))H\(place(panel.frame.right))"
      }
    }
    return path("rule", (vertical + horizontal).joined())
  }

  private static func axes(_ scene: Scene) throws(ImageError) -> String {
    var lines = scene.panels.map { panel in
      let frame = panel.frame
      guard panel.hasRules else { return path("axis", outline(frame) + marks(scene, panel)) }
      return path(
        "axis",
        "M\(place(frame.left)) \(place(frame.top))V\(place(frame.bottom))H\(place(frame.right))"
          + (panel.opposite.isEmpty ? "" : "V\(place(frame.top))") + marks(scene, panel))
    }
    let last = scene.panels[scene.panels.count - 1]
    let below = last.frame.bottom + (last.hasRules ? 22 : 24)
    for tick in scene.horizontal where !tick.label.isEmpty {
      let isNote = tick.kind == .note
      lines.append(
        text(
          tick.label, at: Point(tick.position, isNote ? below + 18 : below),
          style: isNote ? "middle note" : "middle"))
    }
    for panel in scene.panels {
      let beside = panel.frame.left - (panel.hasRules ? 8 : 10)
      lines += panel.vertical.filter { !$0.label.isEmpty }.map {
        text($0.label, at: Point(beside, $0.position + 5), style: "end")
      }
    }
    for panel in scene.panels {
      lines += panel.opposite.filter { !$0.label.isEmpty }.map {
        text($0.label, at: Point(panel.frame.right + 10, $0.position + 5))
      }
    }
    if let bar = scene.colourBar { lines += try colourBar(bar) }
    return (lines + scene.axisTitles.map(text)).joined(separator: "\n")
  }

  /// The marks of the ticks outside of a panel: all of them if it has no rules, else those between rules.
  private static func marks(_ scene: Scene, _ panel: Scene.Panel) -> String {
    let frame = panel.frame
    func marked(_ ticks: [Scene.Tick]) -> [Scene.Tick] {
      ticks.filter { $0.kind == .minor || $0.kind == .major && !panel.hasRules }
    }
    let below = marked(scene.horizontal).map {
      "M\(place($0.position)) \(place(frame.bottom))v\(markLength($0))"
    }
    let beside = marked(panel.vertical).map {
      "M\(place(frame.left)) \(place($0.position))h-\(markLength($0))"
    }
    let opposite = panel.opposite.map {
      "M\(place(frame.right)) \(place($0.position))h\(markLength($0))"
    }
    return (below + beside + opposite).joined()
  }

  private static func colourBar(_ bar: Scene.ColourBar) throws(ImageError) -> [String] {
    let frame = bar.frame
    let marks = bar.ticks.map {
      "M\(place(frame.right)) \(place($0.position))h\(markLength($0))"
    }
    return [
      try image(bar.colours, in: frame), path("axis", outline(frame) + marks.joined()),
    ]
      + bar.ticks.filter { !$0.label.isEmpty }.map {
        text($0.label, at: Point(frame.right + 10, $0.position + 5))
      }
  }

  private static func markLength(_ tick: Scene.Tick) -> Int { tick.kind == .minor ? 3 : 6 }

  private static func outline(_ frame: Rectangle) -> String {
    "M\(place(frame.left)) \(place(frame.top))V\(place(frame.bottom))"
      + "H\(place(frame.right))V\(place(frame.top))Z"
  }

  /// An image as a PNG file within the document.
  ///
  /// Pixels of at least a unit have sharp edges: they are repeated, because some renderers, as librsvg,
  /// only blend neighbours when they enlarge an image. Finer ones are blended where a reader shows fewer
  /// of them, instead of leaving some out.
  private static func image(_ raster: Raster, in frame: Rectangle) throws(ImageError) -> String {
    func factor(_ count: Int, _ length: Double) -> Int {
      Double(count) > length ? 1 : Int((finestScale * length / Double(count)).rounded(.up))
    }
    let (columns, rows) = (factor(raster.width, frame.width), factor(raster.height, frame.height))
    let file = try PNGEncoder.file(raster.enlarged(columns: columns, rows: rows))
    let rendering = columns > 1 && rows > 1 ? " image-rendering=\"pixelated\"" : ""
    return """
      <image x="\(place(frame.left))" y="\(place(frame.top))" width="\(place(frame.width))" \
      height="\(place(frame.height))" preserveAspectRatio="none"\(rendering) \
      href="data:image/png;base64,\(Data(file).base64EncodedString())"/>
      """
  }

  /// Pixels for each unit, where a figure is shown finely: those of images of figures.
  private static let finestScale = 2.0

  private static func line(_ line: Scene.Line) -> String {
    switch line {
    case .through(let points): through(points)
    case .vertical(let x, let start, let end): "M\(place(x)) \(place(start))V\(place(end))"
    }
  }

  private static func through(_ points: [Point]) -> String {
    "M" + points.map(place).joined(separator: "L")
  }

  private static func path(_ style: String, _ data: String) -> String {
    "<path class=\"\(style)\" d=\"\(data)\"/>"
  }

  private static func text(_ label: Scene.Label) -> String {
    let anchor = label.anchor == .start ? "" : label.anchor.rawValue + " "
    return text(
      label.text, at: label.position,
      style: anchor + label.role.rawValue + (label.isSmall ? " small" : ""),
      isRotated: label.isRotated)
  }

  private static func text(
    _ text: String, at position: Point, style: String = "", isRotated: Bool = false
  ) -> String {
    let place =
      isRotated
      ? "transform=\"translate(\(place(position))) rotate(-90)\""
      : "x=\"\(place(position.x))\" y=\"\(place(position.y))\""
    return "<text \(style.isEmpty ? "" : "class=\"\(style)\" ")\(place)>\(xmlEscaped(text))</text>"
  }

  private static func place(_ point: Point) -> String { "\(place(point.x)) \(place(point.y))" }

  /// A coordinate, rounded to a tenth of a unit.
  static func place(_ coordinate: Double) -> String {
    let text = fixed(coordinate, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
