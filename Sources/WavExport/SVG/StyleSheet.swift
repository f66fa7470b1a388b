// SPDX-License-Identifier: GPL-2.0-or-later

/// The style sheet of a document: the rules of the roles in it, made from the values of its theme.
///
/// Colours are plain rules, because many SVG renderers do not know custom properties.
func styleSheet(of marks: [Mark], _ choice: FigureTheme) -> String {
  let themes = Theme.themes(choice)
  let rules = styleRules(of: marks, themes.first)
  var lines = rules.compactMap(\.text)
  if let dark = themes.dark {
    // Only what differs is said again.
    let differences = zip(styleRules(of: marks, dark), rules).compactMap { $0.without($1).text }
    lines += ["@media (prefers-color-scheme: dark) {"] + differences + ["}"]
  }
  return (["<style>"] + lines + ["</style>"]).joined(separator: "\n")
}

/// A rule of CSS.
private struct StyleRule {
  let selector: String
  var declarations: [(property: String, value: String)]

  /// The rule as a line; nil if it says nothing.
  var text: String? {
    guard !declarations.isEmpty else { return nil }
    let words = declarations.map { "\($0.property): \($0.value);" }
    return "\(selector) { \(words.joined(separator: " ")) }"
  }

  /// The declarations that another rule does not have.
  func without(_ other: StyleRule) -> StyleRule {
    StyleRule(
      selector: selector,
      declarations: declarations.filter { own in !other.declarations.contains { $0 == own } })
  }
}

/// The rules that all documents have, and one for each role that occurs, in the order of their marks.
private func styleRules(of marks: [Mark], _ theme: Theme) -> [StyleRule] {
  let plain = textRule("text", theme.text(.plain))
  var rules = [
    StyleRule(
      selector: "text", declarations: [("font-family", fontFamilies)] + plain.declarations),
    StyleRule(selector: ".middle", declarations: [("text-anchor", "middle")]),
    StyleRule(selector: ".end", declarations: [("text-anchor", "end")]),
    StyleRule(selector: ".page", declarations: [("fill", theme.page.css)]),
  ]
  var names: Set<String> = []
  var hasSmallText = false
  for mark in marks {
    let rule: StyleRule
    switch mark {
    case .stroke(let role, _): rule = strokeRule(role.name, theme.stroke(role))
    case .fill(let role, _): rule = fillRule(role.rawValue, theme.fill(role))
    case .peak(_, let line):
      let role = StrokeRole.peak(on: line)
      var peak = strokeRule(role.name, theme.stroke(role))
      peak.declarations[0] = ("fill", theme.peakFill.colour.css)
      rule = peak
    case .text(let text) where text.role != .plain:
      rule = textRule(".\(text.role.name)", theme.text(text.role)).without(plain)
      hasSmallText = hasSmallText || text.isSmall
    case .text, .image: continue
    }
    if names.insert(rule.selector).inserted { rules.append(rule) }
  }
  // After the roles, because it takes precedence.
  if hasSmallText {
    let size = theme.text(.plain, isSmall: true).size
    rules.append(StyleRule(selector: ".small", declarations: [("font-size", "\(css(size))px")]))
  }
  return rules
}

private let fontFamilies = TextStyle.families.map { $0.contains(" ") ? "\"\($0)\"" : $0 }
  .joined(separator: ", ")

private func strokeRule(_ name: String, _ style: StrokeStyle) -> StyleRule {
  var declarations = [
    ("fill", "none"), ("stroke", style.colour.css), ("stroke-width", css(style.width)),
    ("stroke-linejoin", "round"),
  ]
  if style.opacity < 1 { declarations.append(("stroke-opacity", css(style.opacity))) }
  if !style.dashes.isEmpty {
    declarations.append(("stroke-dasharray", style.dashes.map(css).joined(separator: " ")))
  }
  return StyleRule(selector: ".\(name)", declarations: declarations)
}

private func fillRule(_ name: String, _ style: FillStyle) -> StyleRule {
  var declarations = [("fill", style.colour.css)]
  if style.opacity < 1 { declarations.append(("fill-opacity", css(style.opacity))) }
  return StyleRule(selector: ".\(name)", declarations: declarations)
}

private func textRule(_ selector: String, _ style: TextStyle) -> StyleRule {
  var declarations = [("font-size", "\(css(style.size))px")]
  if style.isBold { declarations.append(("font-weight", "\(TextStyle.boldWeight)")) }
  declarations.append(("fill", style.colour.css))
  if let halo = style.halo {
    declarations += [
      ("paint-order", "stroke"), ("stroke", halo.css),
      ("stroke-width", "\(css(TextStyle.haloWidth))px"), ("stroke-linejoin", "round"),
    ]
  }
  return StyleRule(selector: selector, declarations: declarations)
}

/// A number without needless zeros.
private func css(_ number: Double) -> String { significant(number, 6) }

extension Colour {
  /// The colour as `#rrggbb`.
  fileprivate var css: String {
    let digits = Array("0123456789abcdef")
    return "#"
      + String([red, green, blue].flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
