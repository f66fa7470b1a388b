// SPDX-License-Identifier: GPL-2.0-or-later

/// Widths of columns are numbers of cells of a terminal (``cellCount(_:)``), in all of these functions.

/// A label, and a text that begins at a column, or after one space if the label is too long.
public func labelled(_ label: String, _ text: String, at column: Int) -> String {
  label + spaces(max(1, column - cellCount(label))) + text
}

/// Texts that end at the right edges of columns of these widths, with at least one space before each.
public func rightAligned(_ texts: [String], _ widths: [Int]) -> String {
  zip(texts, widths).map { labelled("", $0, at: $1 - cellCount($0)) }.joined()
}

/// A text with spaces behind it up to a width.
public func padded(_ text: String, to width: Int) -> String {
  text + spaces(width - cellCount(text))
}

/// Right-aligned columns below a header, as wide as their widest text; an empty header is left out.
///
/// - Parameters:
///   - header: The names of the columns.
///   - rows: The texts of each row; a row may be shorter than the others.
///   - namesFirst: Whether the first column is left-aligned.
/// - Returns: The lines, each with two spaces before it and without spaces behind it.
public func tableLines(
  _ header: [String], _ rows: [[String]], namesFirst: Bool = false
) -> [String] {
  let all = header.isEmpty ? rows : [header] + rows
  let columns = all.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in
    (column == 0 ? 2 : 3) + (all.map { column < $0.count ? cellCount($0[column]) : 0 }.max() ?? 0)
  }
  return all.map { row in
    guard namesFirst, let name = row.first else {
      return withoutSpacesBehind(rightAligned(row, widths))
    }
    let rest = rightAligned(Array(row.dropFirst()), Array(widths.dropFirst()))
    return withoutSpacesBehind(padded("  " + name, to: widths[0]) + rest)
  }
}

/// A text without the spaces at its end.
public func withoutSpacesBehind(_ text: String) -> String {
  String(text.reversed().drop { $0 == " " }.reversed())
}

private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
