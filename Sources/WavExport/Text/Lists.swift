// SPDX-License-Identifier: GPL-2.0-or-later

/// Alternatives as a phrase: `csv, json or npy`.
public func alternatives(_ words: [String]) -> String { list(words, "or") }

/// Things as a phrase: `method, window and channel`.
public func enumeration(_ words: [String]) -> String { list(words, "and") }

private func list(_ words: [String], _ conjunction: String) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " \(conjunction) " + last
}
