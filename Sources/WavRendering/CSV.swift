// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Comma-separated values: a header line, then one row for each band or bin, ends of line `\n`.
///
/// Numbers are the shortest that read back as the same value, with a point, whatever the locale;
/// silence has the level `-inf`.
public enum CSV {
  /// The header of a spectrum of bands.
  public static let bandHeader = "frequency_hz,magnitude,level_dbfs,low_hz,high_hz,power\n"
  /// The header of a spectrum with every bin.
  public static let binHeader = "frequency_hz,magnitude,level_dbfs\n"

  /// One band: its strongest bin, its edges in Hz and its mean-square power in FS^2.
  public static func row(_ row: BandRow, isSingle: Bool) -> String {
    """
    \(row.frequency),\(number(row.magnitude, isSingle)),\(number(row.level, isSingle)),\
    \(row.lowEdge),\(row.highEdge),\(number(row.power, isSingle))

    """
  }

  /// One bin; numbers computed in single precision (`isSingle`) have no more digits than that.
  public static func row(
    frequency: Double, magnitude: Double, level: Double, isSingle: Bool
  ) -> String {
    "\(frequency),\(number(magnitude, isSingle)),\(number(level, isSingle))\n"
  }

  private static func number(_ value: Double, _ isSingle: Bool) -> String {
    isSingle ? Float(value).description : value.description
  }
}
