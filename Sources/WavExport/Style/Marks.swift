// SPDX-License-Identifier: GPL-2.0-or-later

/// What a renderer draws: shapes and texts at their places, each with a role that the theme knows.
enum Mark {
  case stroke(StrokeRole, [Path])
  case fill(Scene.AreaRole, [Path])
  case image(Raster, Rectangle)
  case peak(Point, on: Scene.LineRole)
  case text(TextMark)
}

/// A line from point to point.
struct Path {
  var points: [Point]
  /// Whether it ends where it begins.
  var isClosed = false
}

/// A text, the point that it belongs to, and how it is set.
struct TextMark {
  var text: String
  var position: Point
  var role = TextRole.plain
  var anchor = Scene.Label.Anchor.start
  var isSmall = false
  /// Whether it reads upwards.
  var isRotated = false
}

extension Scene {
  /// The marks, from back to front.
  var marks: [Mark] {
    let left = panels[0].frame.left
    return [
      .text(TextMark(text: headline ?? title, position: Point(left, 40), role: .headline)),
      .text(TextMark(text: subtitle, position: Point(left, 64), role: .subtitle)),
      .stroke(.rule, grid),
    ] + layers.joined().flatMap(marks) + axes + overlay.joined().flatMap(marks)
  }

  private func marks(_ element: Element) -> [Mark] {
    switch element {
    case .lines(let role, let lines): [.stroke(.line(role), lines.map(Path.init))]
    case .areas(let role, let areas): [.fill(role, areas.map { Path(points: $0, isClosed: true) })]
    case .image(let raster, let frame): [.image(raster, frame)]
    case .peak(let center, let role): [.peak(center, on: role)]
    case .label(let label): [.text(TextMark(label))]
    case .legend(let role, let name, let at):
      [
        .stroke(.line(role), [Path(points: [at, Point(at.x + 28, at.y)])]),
        .text(TextMark(text: name, position: Point(at.x + 34, at.y + 5))),
      ]
    }
  }

  /// The lines at the ticks, behind everything else.
  private var grid: [Path] {
    let panels = panels.filter(\.hasRules)
    let vertical = horizontal.filter { $0.kind == .major }.flatMap { tick in
      panels.map { Path.vertical(tick.position, $0.frame.top, $0.frame.bottom) }
    }
    let level = panels.flatMap { panel in
      panel.vertical.filter { $0.kind == .major }
        .map { Path.level($0.position, panel.frame.left, panel.frame.right) }
    }
    return vertical + level
  }

  private var axes: [Mark] {
    let lines = panels.map { panel in
      Mark.stroke(.axis, panel.hasRules ? openAxes(panel) : closedAxes(panel))
    }
    let last = panels[panels.count - 1]
    let below = last.frame.bottom + (last.hasRules ? 22 : 24)
    var words: [TextMark] = []
    for tick in horizontal where !tick.label.isEmpty {
      let isNote = tick.kind == .note
      words.append(
        TextMark(
          text: tick.label, position: Point(tick.position, isNote ? below + 18 : below),
          role: isNote ? .note : .plain, anchor: .middle))
    }
    for panel in panels {
      let beside = panel.frame.left - (panel.hasRules ? 8 : 10)
      for tick in panel.vertical where !tick.label.isEmpty {
        words.append(
          TextMark(text: tick.label, position: Point(beside, tick.position + 5), anchor: .end))
      }
    }
    for panel in panels { words += labels(panel.opposite, beside: panel.frame) }
    return lines + words.map(Mark.text) + (colourBar.map(marks) ?? [])
      + axisTitles.map { .text(TextMark($0)) }
  }

  /// Axes at the left and below, and at the right if there is an axis: major ticks are lines of the grid.
  private func openAxes(_ panel: Panel) -> [Path] {
    let frame = panel.frame
    var corners = [
      Point(frame.left, frame.top), Point(frame.left, frame.bottom),
      Point(frame.right, frame.bottom),
    ]
    if !panel.opposite.isEmpty { corners.append(Point(frame.right, frame.top)) }
    return [Path(points: corners)] + tickMarks(panel) { $0 == .minor }
  }

  /// A frame, with the marks of all ticks.
  private func closedAxes(_ panel: Panel) -> [Path] {
    [.outline(panel.frame)] + tickMarks(panel) { $0 != .note }
  }

  /// The marks of ticks outside of a panel.
  private func tickMarks(_ panel: Panel, of kinds: (Tick.Kind) -> Bool) -> [Path] {
    let frame = panel.frame
    return horizontal.filter { kinds($0.kind) }.map {
      .vertical($0.position, frame.bottom, frame.bottom + $0.markLength)
    }
      + panel.vertical.filter { kinds($0.kind) }.map {
        .level($0.position, frame.left, frame.left - $0.markLength)
      }
      + panel.opposite.map { .level($0.position, frame.right, frame.right + $0.markLength) }
  }

  private func marks(_ bar: ColourBar) -> [Mark] {
    let frame = bar.frame
    let ticks = bar.ticks.map {
      Path.level($0.position, frame.right, frame.right + $0.markLength)
    }
    return [.image(bar.colours, frame), .stroke(.axis, [.outline(frame)] + ticks)]
      + labels(bar.ticks, beside: frame).map(Mark.text)
  }

  /// The labels at the right of a frame.
  private func labels(_ ticks: [Tick], beside frame: Rectangle) -> [TextMark] {
    ticks.filter { !$0.label.isEmpty }.map {
      TextMark(text: $0.label, position: Point(frame.right + 10, $0.position + 5))
    }
  }
}

extension Scene.Tick {
  /// Length of its mark.
  fileprivate var markLength: Double { kind == .minor ? 3 : 6 }
}

extension Path {
  fileprivate init(_ line: Scene.Line) {
    switch line {
    case .through(let points): self.init(points: points)
    case .vertical(let x, let start, let end): self = .vertical(x, start, end)
    }
  }

  fileprivate static func vertical(_ x: Double, _ start: Double, _ end: Double) -> Path {
    Path(points: [Point(x, start), Point(x, end)])
  }

  fileprivate static func level(_ y: Double, _ start: Double, _ end: Double) -> Path {
    Path(points: [Point(start, y), Point(end, y)])
  }

  fileprivate static func outline(_ frame: Rectangle) -> Path {
    Path(
      points: [
        Point(frame.left, frame.top), Point(frame.left, frame.bottom),
        Point(frame.right, frame.bottom), Point(frame.right, frame.top),
      ], isClosed: true)
  }
}

extension TextMark {
  fileprivate init(_ label: Scene.Label) {
    self.init(
      text: label.text, position: label.position, role: .label(label.role), anchor: label.anchor,
      isSmall: label.isSmall, isRotated: label.isRotated)
  }
}
