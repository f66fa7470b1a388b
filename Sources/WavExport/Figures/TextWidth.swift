// SPDX-License-Identifier: GPL-2.0-or-later

/// How wide a text is in a figure, estimated upwards.
///
/// A reader's font is not known. These are the widths of DejaVu Sans, which is wider than other sans-serif
/// fonts.
///
/// - Parameters:
///   - text: The text.
///   - size: The size of the font in units.
///   - isBold: Whether the font is bold.
/// - Returns: The width in units.
func estimatedWidth(_ text: String, size: Double, isBold: Bool = false) -> Double {
  let ems = text.unicodeScalars.reduce(0) { $0 + emWidth($1) }
  return ems * size * (isBold ? 1.12 : 1)
}

/// Width of a character in ems.
private func emWidth(_ scalar: Unicode.Scalar) -> Double {
  switch scalar {
  case "i", "j", "l", "I", "'", "|", ".", ",", ":", ";", " ": 0.34
  case "!", "(", ")", "[", "]", "/", "-", "t", "f", "r": 0.42
  case "c", "s", "z", "k", "v", "x", "y": 0.6
  case "m", "w", "M", "W", "%", "@", "\u{2026}", "\u{2013}": 0.98
  case "A"..."Z", "#", "+", "&", "\u{2212}": 0.84
  case "\u{0}"..."\u{2fff}": 0.64
  default: 1.1
  }
}

/// A text of at most a given width: what does not fit is left out in its middle, so that the end of a file's name
/// stays.
func shortened(_ text: String, to width: Double, size: Double, isBold: Bool = false) -> String {
  func fits(_ text: String) -> Bool { estimatedWidth(text, size: size, isBold: isBold) <= width }
  guard !fits(text) else { return text }
  let characters = Array(text)
  // The most characters that fit, one third of them from the end.
  var (least, most) = (0, characters.count - 1)
  func shortened(to count: Int) -> String {
    let end = count / 3
    return String(characters.prefix(count - end)) + "\u{2026}" + String(characters.suffix(end))
  }
  while least < most {
    let middle = (least + most + 1) / 2
    if fits(shortened(to: middle)) { least = middle } else { most = middle - 1 }
  }
  return shortened(to: least)
}

/// A text in lines of at most a given width, broken between words.
func wrapped(_ text: String, to width: Double, size: Double) -> [String] {
  text.split(separator: " ").reduce(into: [String]()) { lines, word in
    let longer = (lines.last ?? "") + " " + word
    if lines.last != nil, estimatedWidth(longer, size: size) <= width {
      lines[lines.count - 1] = longer
    } else {
      lines.append(String(word))
    }
  }
}
