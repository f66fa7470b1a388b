// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Lines over frequency, and what is known of them, as exporters see them.
public protocol LineResult {
  /// The rows asked for: bands from low to high frequencies, those without a bin left out.
  var rows: [BandRow] { get }
  /// Whether the numbers were computed in single precision.
  var isSingle: Bool { get }
  /// The figure of the rows.
  func figure() -> Scene
  /// The report as a JSON document that begins with `{` and a line feed, with the rows as its member
  /// `spectrum` or without it.
  func report(withRows: Bool) throws -> String
}
