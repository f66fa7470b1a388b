// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Lines over frequency, with everything that exporters need to know of them.
public protocol LineResult {
  /// The requested rows: bands from low to high frequencies, without bands that have no bin.
  var rows: [BandRow] { get }
  /// Whether the numbers were computed in single precision.
  var isSingle: Bool { get }
  /// The figure of the rows.
  func figure() -> Scene
  /// The report as a JSON document that begins with `{` and a line feed; its member `spectrum` has
  /// the rows if they are wanted.
  func report(withRows: Bool) throws -> String
}
