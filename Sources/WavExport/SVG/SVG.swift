// SPDX-License-Identifier: GPL-2.0-or-later

/// Renders scenes as SVG documents: a pure function from values to text.
///
/// Documents are light or dark by the reader's preference, and have a title and a description for
/// screen readers. Coordinates are rounded to a tenth of a unit.
enum SVG {
  /// The document of a scene, with a width and height in pixels.
  static func document(_ scene: Scene) -> String {
    let left = scene.panels[0].frame.left
    let parts =
      [grid(scene)] + scene.layers.map(layer) + [axes(scene)] + scene.overlay.map(layer)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(scene.width) \(scene.height)" \
      width="\(scene.width)" height="\(scene.height)" role="img" aria-labelledby="title desc">
      <title id="title">\(xmlEscaped(scene.title))</title>
      <desc id="desc">\(xmlEscaped(scene.description))</desc>
      \(styleSheet)
      <rect class="page" width="\(scene.width)" height="\(scene.height)"/>
      <text class="headline" x="\(left)" y="40">\(xmlEscaped(scene.title))</text>
      <text class="subtitle" x="\(left)" y="64">\(xmlEscaped(scene.subtitle))</text>
      \(parts.joined(separator: "\n"))
      </svg>

      """
  }

  private static func layer(_ elements: [Scene.Element]) -> String {
    elements.map(element).joined(separator: "\n")
  }

  private static func element(_ element: Scene.Element) -> String {
    switch element {
    case .lines(let role, let lines): path(role.rawValue, lines.map(line).joined())
    case .areas(let role, let areas):
      path(role.rawValue, areas.map { through($0) + "Z" }.joined())
    case .peak(let center):
      "<circle class=\"peak\" cx=\"\(place(center.x))\" cy=\"\(place(center.y))\" r=\"3\"/>"
    case .label(let label): text(label)
    case .legend(let role, let name, let at):
      path(role.rawValue, "M\(place(at))h28") + text(name, at: Point(at.x + 34, at.y + 5))
    }
  }

  /// The grid lines at the ticks, behind everything else.
  private static func grid(_ scene: Scene) -> String {
    let frames = scene.panels.map(\.frame)
    let vertical = scene.frequencies.flatMap { tick in
      frames.map { "M\(place(tick.position)) \(place($0.top))V\(place($0.bottom))" }
    }
    let horizontal = scene.panels.flatMap { panel in
      panel.levels.map {
        "M\(place(panel.frame.left)) \(place($0.position))H\(place(panel.frame.right))"
      }
    }
    return path("rule", (vertical + horizontal).joined())
  }

  private static func axes(_ scene: Scene) -> String {
    var lines = scene.panels.map(\.frame).map {
      path("axis", "M\(place($0.left)) \(place($0.top))V\(place($0.bottom))H\(place($0.right))")
    }
    let bottom = scene.panels[scene.panels.count - 1].frame.bottom
    for tick in scene.frequencies {
      lines.append(text(tick.label, at: Point(tick.position, bottom + 22), style: "middle"))
      if !tick.note.isEmpty {
        lines.append(text(tick.note, at: Point(tick.position, bottom + 40), style: "middle note"))
      }
    }
    for panel in scene.panels {
      lines += panel.levels.map {
        text($0.label, at: Point(panel.frame.left - 8, $0.position + 5), style: "end")
      }
    }
    return (lines + scene.axisTitles.map(text)).joined(separator: "\n")
  }

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
