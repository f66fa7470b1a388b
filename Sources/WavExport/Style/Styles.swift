// SPDX-License-Identifier: GPL-2.0-or-later

/// How a line is drawn: lengths are in the units of the figure, and joins are round.
struct StrokeStyle: Equatable {
  var colour: Colour
  var width = 1.0
  /// Lengths of dashes and gaps in turn; empty for a solid line.
  var dashes: [Double] = []
  var opacity = 1.0
}

/// How an area is filled.
struct FillStyle: Equatable {
  var colour: Colour
  var opacity = 1.0
}

/// How a text is set.
struct TextStyle: Equatable {
  /// The families in the order of preference: those of the reader's system, and ours.
  static let families = ["system-ui", "-apple-system", "Segoe UI", "DejaVu Sans", "sans-serif"]
  /// Width of the line around the letters that separates them from what is behind.
  static let haloWidth = 4.0
  /// The weight of bold letters, as CSS counts it.
  static let boldWeight = 600

  var size = 14.0
  var isBold = false
  var colour: Colour
  /// The colour around the letters; nil for none.
  var halo: Colour?
}
