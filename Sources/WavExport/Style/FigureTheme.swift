// SPDX-License-Identifier: GPL-2.0-or-later

/// The colours of a figure.
public enum FigureTheme: String, Sendable, CaseIterable {
  /// In SVG light or dark by the reader's preference; in images light.
  case auto
  /// Dark ink on white.
  case light
  /// Light ink on a dark page.
  case dark
  /// Black and greys on white: lines differ by dashes, widths and greys.
  case print
}
