// SPDX-License-Identifier: GPL-2.0-or-later

/// The style sheet of an SVG document: shapes once, colours for light and for dark.
///
/// Colours are plain rules, because many SVG renderers do not know custom properties.
let styleSheet = """
  <style>
  text { font-family: system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; \
  font-size: 14px; }
  .headline { font-size: 22px; font-weight: 600; }
  .middle { text-anchor: middle; }
  .end { text-anchor: end; }
  .note, .peak-name, .peak-fact, .small { font-size: 12px; }
  .rule, .axis, .curve, .reference, .violation { fill: none; stroke-width: 1; stroke-linejoin: round; }
  .area, .tolerance { fill-opacity: 0.12; }
  .reference { stroke-width: 2; stroke-opacity: 0.7; }
  .violation { stroke-width: 1.5; }
  .peak { stroke-width: 1.5; }
  .peak-name, .lost-name { font-weight: 600; }
  .emptiness { font-size: 18px; }
  .peak-name, .lost-name, .lost-fact, .edge-fact, .remark, .emptiness { paint-order: stroke; stroke-width: 4px; \
  stroke-linejoin: round; }
  .hatch { stroke-width: 0.75; stroke-opacity: 0.4; fill: none; }
  .edge { stroke-width: 1.5; stroke-dasharray: 2 4; fill: none; }
  .leader { stroke-width: 0.75; fill: none; }
  .folded { stroke-width: 5; fill: none; }
  .limit { stroke-width: 1.5; stroke-dasharray: 6 4; fill: none; }
  \(light)
  @media (prefers-color-scheme: dark) {
  \(dark)
  }
  </style>
  """

/// The rules of densities, for documents that have one.
let densityStyleSheet = """
  <style>
  .noise { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
  .certainty { fill-opacity: 0.25; }
  .noise { stroke: #a65300; }
  .certainty { fill: #a65300; }
  @media (prefers-color-scheme: dark) {
  .noise { stroke: #ffb366; }
  .certainty { fill: #ffb366; }
  }
  </style>
  """

/// The rules of several spectra in one figure, for documents that have them.
let seriesStyleSheet = """
  <style>
  \(series(["#0b62c4", "#c2410c", "#15803d", "#9333ea", "#a16207", "#0e7490", "#be185d", "#4b5563"]))
  @media (prefers-color-scheme: dark) {
  \(series(["#6cb6ff", "#ff9e64", "#6fdd8b", "#d2a8ff", "#e3c04d", "#5fd4e6", "#ff8ac2", "#b1bac4"]))
  }
  </style>
  """

private func series(_ colours: [String]) -> String {
  zip(Scene.LineRole.series, colours).map { role, colour in
    ".\(role.rawValue) { fill: none; stroke-width: 1.25; stroke-linejoin: round; stroke: \(colour); }"
  }.joined(separator: "\n")
}

private let light = colours(
  page: "#ffffff", ink: "#1b1f24", soft: "#57606a", rule: "#d8dee4", line: "#0b62c4",
  lost: "#b3261e")
private let dark = colours(
  page: "#10141a", ink: "#e6edf3", soft: "#9aa5b1", rule: "#2a313b", line: "#6cb6ff",
  lost: "#ff8a80")

private func colours(
  page: String, ink: String, soft: String, rule: String, line: String, lost: String
) -> String {
  """
  .page { fill: \(page); }
  text { fill: \(ink); }
  .subtitle, .unit, .note, .edge-fact, .peak-fact { fill: \(soft); }
  .rule { stroke: \(rule); }
  .axis, .edge, .leader { stroke: \(soft); }
  .curve { stroke: \(line); }
  .area { fill: \(line); }
  .reference { stroke: \(soft); }
  .tolerance { fill: \(ink); }
  .violation { stroke: \(lost); }
  .peak { fill: \(page); stroke: \(line); }
  .hatch, .limit, .folded { stroke: \(lost); }
  .lost-name, .lost-fact { fill: \(lost); }
  .peak-name, .lost-name, .lost-fact, .edge-fact, .remark, .emptiness { stroke: \(page); }
  """
}
