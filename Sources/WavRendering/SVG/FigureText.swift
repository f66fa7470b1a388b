// SPDX-License-Identifier: GPL-2.0-or-later

/// The words in and around a figure.
public struct FigureText: Sendable {
  /// Headline: the name of the recording.
  public var title: String
  /// One line of method and resolution under the headline.
  public var subtitle: String
  /// A few sentences for those who cannot see the figure.
  public var description: String

  /// Collects the words.
  public init(title: String, subtitle: String, description: String) {
    self.title = title
    self.subtitle = subtitle
    self.description = description
  }

  /// A figure of width 1200 with these words, as an SVG document: headline and subtitle begin at `left`.
  func document(height: Int, left: Double, _ parts: [String]) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 \(height)" width="1200" \
    height="\(height)" role="img" aria-labelledby="title desc">
    <title id="title">\(escaped(title))</title>
    <desc id="desc">\(escaped(description))</desc>
    \(figureStyle)
    <rect class="page" width="1200" height="\(height)"/>
    <text class="headline" x="\(left)" y="40">\(escaped(title))</text>
    <text class="subtitle" x="\(left)" y="64">\(escaped(subtitle))</text>
    \(parts.joined(separator: "\n"))
    </svg>

    """
  }
}
