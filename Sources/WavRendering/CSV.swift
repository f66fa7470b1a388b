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

  /// Appends one bin in single precision; its numbers have no more digits than that.
  public static func append(
    _ frequency: Double, _ magnitude: Float, _ level: Float, to bytes: inout [UInt8]
  ) { append(frequency.description, magnitude.description, level.description, &bytes) }

  /// Appends one bin in double precision.
  public static func append(
    _ frequency: Double, _ magnitude: Double, _ level: Double, to bytes: inout [UInt8]
  ) { append(frequency.description, magnitude.description, level.description, &bytes) }

  private static func append(
    _ first: String, _ second: String, _ third: String, _ bytes: inout [UInt8]
  ) {
    bytes.append(contentsOf: first.utf8)
    bytes.append(UInt8(ascii: ","))
    bytes.append(contentsOf: second.utf8)
    bytes.append(UInt8(ascii: ","))
    bytes.append(contentsOf: third.utf8)
    bytes.append(UInt8(ascii: "\n"))
  }

  private static func number(_ value: Double, _ isSingle: Bool) -> String {
    isSingle ? Float(value).description : value.description
  }
}
