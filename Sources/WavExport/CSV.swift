// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Comma-separated values: a header line, then one row for each band or bin, ends of line `\n`.
///
/// Numbers have a point, whatever the locale, and so many digits that magnitudes read back as the same
/// value; silence has the level `-inf`.
public enum CSV {
  /// The header of a spectrum of bands.
  public static let bandHeader = "frequency_hz,magnitude,level_dbfs,low_hz,high_hz,power\n"
  /// The header of a spectrum with every bin.
  public static let binHeader = "frequency_hz,magnitude,level_dbfs\n"

  /// No line of a band is longer: six numbers of at most 24 characters.
  public static let longestBandLine = 160

  /// Appends bands: of each its strongest bin, its edges in Hz and its mean-square power in FS^2.
  public static func append(_ rows: [BandRow], isSingle: Bool, to buffer: inout TextBuffer) {
    // Most bands begin where the last one ends.
    var edge = (frequency: Double.nan, text: "")
    for row in rows {
      let low = row.lowEdge == edge.frequency ? edge.text : row.lowEdge.description
      edge = (row.highEdge, row.highEdge.description)
      append(row, low, edge.text, isSingle: isSingle, to: &buffer)
    }
  }

  private static func append(
    _ row: BandRow, _ lowEdge: String, _ highEdge: String, isSingle: Bool,
    to buffer: inout TextBuffer
  ) {
    let separator = UInt8(ascii: ",")
    buffer.append(row.frequency.description)
    buffer.append(separator)
    append(row.magnitude, isSingle, to: &buffer)
    buffer.append(separator)
    append(row.level, isSingle, to: &buffer)
    buffer.append(separator)
    buffer.append(lowEdge)
    buffer.append(separator)
    buffer.append(highEdge)
    buffer.append(separator)
    append(row.power, isSingle, to: &buffer)
    buffer.append(UInt8(ascii: "\n"))
  }

  /// Decimals of frequencies: their error is below a millionth of the distance of bins, and in double
  /// precision below 10^-10 of it.
  public static func frequencyDecimals(spacing: Double, isSingle: Bool) -> Int {
    var decimals = isSingle ? 6 : 10
    var unit = 1.0
    while spacing < unit, decimals < 15 {
      unit /= 10
      decimals += 1
    }
    return decimals
  }

  /// Appends one bin in single precision; its numbers have no more digits than that.
  @inline(__always)
  public static func append(
    _ frequency: Double, _ magnitude: Float, _ level: Float, decimals: Int,
    to buffer: inout TextBuffer
  ) {
    buffer.append(frequency, decimals: decimals)
    buffer.append(UInt8(ascii: ","))
    buffer.append(magnitude)
    buffer.append(UInt8(ascii: ","))
    if level.isFinite {
      buffer.append(Double(level), decimals: 5)
    } else {
      buffer.append(level.description)
    }
    buffer.append(UInt8(ascii: "\n"))
  }

  /// Appends one bin in double precision.
  public static func append(
    _ frequency: Double, _ magnitude: Double, _ level: Double, decimals: Int,
    to buffer: inout TextBuffer
  ) {
    buffer.append(frequency, decimals: decimals)
    buffer.append(",\(magnitude),\(level)\n")
  }

  private static func append(_ value: Double, _ isSingle: Bool, to buffer: inout TextBuffer) {
    buffer.append(isSingle ? Float(value).description : value.description)
  }
}
