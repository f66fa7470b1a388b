// SPDX-License-Identifier: GPL-2.0-or-later

/// A label, and a text that begins at a column, or after one space if the label is too long.
public func labelled(_ label: String, _ text: String, at column: Int) -> String {
  label + String(repeating: " ", count: max(1, column - label.count)) + text
}

/// Texts that end at the right edges of columns of these widths, with at least one space before each.
public func rightAligned(_ texts: [String], _ widths: [Int]) -> String {
  zip(texts, widths).map { labelled("", $0, at: $1 - $0.count) }.joined()
}
