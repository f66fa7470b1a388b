// SPDX-License-Identifier: GPL-2.0-or-later

/// A finished figure.
public struct FigureDocument: Sendable {
  /// Its headline.
  public let title: String
  /// The SVG document, with a width and height in pixels.
  public let svg: String

  /// A figure of width 1200 with a headline and subtitle that begin at `left`.
  init(_ text: FigureText, height: Int, left: Double, _ parts: [String]) {
    title = text.title
    svg = """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 \(height)" width="1200" \
      height="\(height)" role="img" aria-labelledby="title desc">
      <title id="title">\(escaped(text.title))</title>
      <desc id="desc">\(escaped(text.description))</desc>
      \(figureStyle)
      <rect class="page" width="1200" height="\(height)"/>
      <text class="headline" x="\(left)" y="40">\(escaped(text.title))</text>
      <text class="subtitle" x="\(left)" y="64">\(escaped(text.subtitle))</text>
      \(parts.joined(separator: "\n"))
      </svg>

      """
  }
}
