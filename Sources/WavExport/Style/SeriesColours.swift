// SPDX-License-Identifier: GPL-2.0-or-later

/// The colours of up to eight recordings in one plot, and their dashes.
///
/// The colours were searched for: each has a contrast of at least 3:1 to its page, and any two differ by at
/// least 15 (CIEDE2000) for readers with normal vision and for those without one kind of cones (G. M. Machado, M. M.
/// Oliveira, L. A. F. Fernandes, 2009, doi 10.1109/TVCG.2009.113).
enum SeriesColours {
  /// Blue, orange, green, black, mauve, olive, plum, navy.
  static let onWhite = [
    "0b62c4", "da5e04", "26a377", "000000", "b57fa6", "4a4401", "894d6a", "071496",
  ]
  /// Blue, yellow, pink, mint, rust, violet, olive, sage.
  static let onDark = [
    "6cb6ff", "ffd436", "da77ae", "28ffb6", "b84319", "665fc1", "aaa027", "548a6e",
  ]
  /// For printers without colours.
  static let greys = [
    "000000", "808080", "404040", "8c8c8c", "000000", "808080", "404040", "8c8c8c",
  ]

  /// Lengths of dashes and gaps.
  static let dashes: [[Double]] = [
    [], [8, 3], [2, 3], [8, 3, 2, 3], [14, 4], [5, 5], [8, 3, 2, 3, 2, 3], [3, 2, 3, 6],
  ]
}
