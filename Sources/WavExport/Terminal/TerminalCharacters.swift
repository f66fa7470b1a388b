// SPDX-License-Identifier: GPL-2.0-or-later

/// The characters that a terminal can show.
///
/// They divide a cell into dots, which are filled from below.
public enum TerminalCharacters: Sendable {
  /// Braille patterns: two columns of four dots.
  case braille
  /// Blocks of half a cell and shades, which the fonts of consoles have.
  case blocks
  /// ASCII alone.
  case ascii

  /// The characters of a terminal, by the variables of the environment that name its kind and its
  /// character set.
  public init(environment: (String) -> String?) {
    // The first of them that is set and not empty decides, as in POSIX.
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environment).first { !$0.isEmpty } ?? ""
    let name = locale.lowercased()
    guard name.contains("utf-8") || name.contains("utf8") else {
      self = .ascii
      return
    }
    // The console of Linux has 256 or 512 characters, and no Braille among them.
    self = environment("TERM") == "linux" ? .blocks : .braille
  }

  /// Dots beside each other in a cell.
  var across: Int { self == .braille ? 2 : 1 }
  /// Dots above each other in a cell.
  var down: Int { self == .braille ? 4 : 2 }

  /// A cell whose columns of dots are filled from below up to these heights, 0 to ``down``.
  func cell(_ heights: [Int]) -> Character {
    guard heights.contains(where: { $0 > 0 }) else { return " " }
    switch self {
    case .braille:
      // The dots of each column from the bottom up, as bits of Unicode's block.
      let dots: [[UInt32]] = [[0x40, 0x04, 0x02, 0x01], [0x80, 0x20, 0x10, 0x08]]
      let bits = zip(dots, heights).reduce(UInt32(0)) { bits, column in
        column.0.prefix(column.1).reduce(bits, |)
      }
      return Unicode.Scalar(0x2800 + bits).map(Character.init) ?? " "
    case .blocks: return heights[0] == 1 ? "▄" : "█"
    case .ascii: return heights[0] == 1 ? "." : ":"
    }
  }

  /// Shades from the faintest to the strongest; the first one is an empty cell.
  var shades: [Character] {
    self == .ascii ? [" ", ".", ":", "*", "#"] : [" ", "░", "▒", "▓", "█"]
  }

  /// The vertical axis, without and with a tick.
  var upright: (line: Character, tick: Character) { self == .ascii ? ("|", "+") : ("│", "┤") }

  /// The horizontal axis, without and with a tick, and its beginning.
  var level: (line: Character, tick: Character, corner: Character) {
    self == .ascii ? ("-", "+", "+") : ("─", "┬", "└")
  }
}
