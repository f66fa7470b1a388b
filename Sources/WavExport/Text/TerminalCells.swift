// SPDX-License-Identifier: GPL-2.0-or-later

/// The number of cells that a text takes in a row of a terminal.
///
/// East Asian wide characters and emoji take two, combining and invisible ones none, all others one.
public func cellCount(_ text: String) -> Int {
  // Most texts are ASCII, where characters are bytes.
  if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
  return text.unicodeScalars.reduce(0) { $0 + cellCount($1) }
}

private func cellCount(_ scalar: Unicode.Scalar) -> Int {
  switch scalar.properties.generalCategory {
  // Marks on the character before, and characters that only act on their neighbours.
  case .nonspacingMark, .enclosingMark: return 0
  // The soft hyphen is shown.
  case .format: return scalar.value == 0xad ? 1 : 0
  default: break
  }
  // Vowels and final consonants of Hangul join the syllable before.
  if (0x1160...0x11ff).contains(scalar.value) { return 0 }
  return isWide(scalar) ? 2 : 1
}

/// Whether a character is wide or full-width by Unicode's annex 11.
private func isWide(_ scalar: Unicode.Scalar) -> Bool {
  guard scalar.value >= 0x1100 else { return false }
  // Two regional indicators are one flag of two cells.
  if (0x1f1e6...0x1f1ff).contains(scalar.value) { return false }
  return scalar.properties.isEmojiPresentation
    || wideRanges.contains { $0.contains(scalar.value) }
}

/// The wide characters that are not emoji: scripts of East Asia and their full-width forms.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115f, 0x2329...0x232a, 0x2e80...0x303e, 0x3040...0x3247, 0x3250...0x4dbf,
  0x4e00...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe10...0xfe19,
  0xfe30...0xfe6f, 0xff01...0xff60, 0xffe0...0xffe6, 0x16fe0...0x18dff, 0x1aff0...0x1b2ff,
  0x1f200...0x1f265, 0x20000...0x3fffd,
]
