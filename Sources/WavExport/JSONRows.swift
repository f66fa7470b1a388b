// SPDX-License-Identifier: GPL-2.0-or-later

/// A spectrum with every bin as a JSON document: its rows come first, a line each, because what else
/// there is to say of it is known only when it is computed.
public enum JSONRows {
  /// The beginning of the document.
  public static let header = "{\n  \"spectrum\" : [\n"

  /// Rows at most.
  ///
  /// Programs read a JSON document as a whole and make objects of it: for so many rows, in 330 MB, Python's
  /// `json` takes 1.6 GB of memory.
  public static let most = 1 << 22

  /// The end of the document: closes the rows, and goes on with the members of another document.
  public static func footer(_ document: String) -> String { "\n  ]," + document.dropFirst() }

  /// Appends one bin in single precision; its numbers have no more digits than that.
  public static func append(
    _ frequency: Double, _ magnitude: Float, _ level: Float, decimals: Int, isFirst: Bool,
    to buffer: inout TextBuffer
  ) {
    begin(frequency, decimals, isFirst, &buffer)
    buffer.append(magnitude)
    buffer.append(",\"level_dbfs\":")
    if level.isFinite { buffer.append(Double(level), decimals: 5) } else { buffer.append("null") }
    buffer.append("}")
  }

  /// Appends one bin in double precision.
  public static func append(
    _ frequency: Double, _ magnitude: Double, _ level: Double, decimals: Int, isFirst: Bool,
    to buffer: inout TextBuffer
  ) {
    begin(frequency, decimals, isFirst, &buffer)
    buffer.append("\(magnitude),\"level_dbfs\":\(level.isFinite ? level.description : "null")}")
  }

  private static func begin(
    _ frequency: Double, _ decimals: Int, _ isFirst: Bool, _ buffer: inout TextBuffer
  ) {
    buffer.append(isFirst ? "{\"frequency_hz\":" : ",\n{\"frequency_hz\":")
    buffer.append(frequency, decimals: decimals)
    buffer.append(",\"magnitude\":")
  }
}
