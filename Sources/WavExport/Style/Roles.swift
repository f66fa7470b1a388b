// SPDX-License-Identifier: GPL-2.0-or-later

/// What a line of a figure is.
enum StrokeRole: Hashable {
  /// A line of the grid.
  case rule
  /// An axis, with its marks.
  case axis
  /// The edge of a mark at a peak, on the line of a role.
  case peak(on: Scene.LineRole)
  /// A line among the elements of a scene.
  case line(Scene.LineRole)

  /// The class in SVG.
  var name: String {
    switch self {
    case .rule: "rule"
    case .axis: "axis"
    case .peak(on: .curve): "peak"
    case .peak(let role): "peak-\(role.rawValue)"
    case .line(let role): role.rawValue
    }
  }
}

/// What a text of a figure is.
enum TextRole: Hashable {
  /// The headline of the figure.
  case headline
  /// The line below the headline.
  case subtitle
  /// The value of a tick, or a name in the legend.
  case plain
  /// The note of a tick.
  case note
  /// A label of the scene.
  case label(Scene.Label.Role)

  /// The class in SVG; empty for plain text.
  var name: String {
    switch self {
    case .headline: "headline"
    case .subtitle: "subtitle"
    case .plain: ""
    case .note: Scene.Label.Role.caption.rawValue
    case .label(let role): role.rawValue
    }
  }
}
