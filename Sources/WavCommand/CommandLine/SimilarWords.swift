// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSystem

/// The word that somebody who wrote another one probably meant; nil if none is similar.
///
/// Words that begin with the whole of the other are the most similar ones (`hanning`, `hann`), then those with the
/// fewest characters to change.
///
/// - Complexity: O(sum of the products of lengths).
func similarWord(to word: String, among words: [String]) -> String? {
  let written = word.lowercased()
  let most = written.count <= 4 ? 1 : max(2, written.count / 3)
  guard written.count <= longest else { return nil }
  let distances = words.map { candidate in
    let candidate = candidate.lowercased()
    let edits = editDistance(written, candidate)
    return (isBeginning(written, candidate) ? min(1, edits) : edits, edits)
  }
  // The first of equally near ones.
  guard let (nearest, found) = zip(words, distances).min(by: { $0.1 < $1.1 }), found.0 <= most,
    // Of a short word too little would be left.
    found.0 < max(written.count, 1)
  else { return nil }
  return nearest
}

/// Characters of the longest word for which another one is looked for.
private let longest = 64

/// A question before a list of the words that are possible: `Did you mean hann? `; empty if none is similar.
func question(_ word: String, among words: [String]) -> String {
  similarWord(to: word, among: words).map { "Did you mean \($0)? " } ?? ""
}

/// What to add to the sentence about an unknown extension: ` (did you mean .svg?)`; empty if none is similar.
func nearestExtension(_ path: String, _ extensions: [String]) -> String {
  let words = extensions.map { $0.hasPrefix(".") ? $0 : "." + $0 }
  let written = "." + fileExtension(of: path)
  return similarWord(to: written, among: words).map { " (did you mean \($0)?)" } ?? ""
}

/// Whether one of two words, of at least three characters, is the beginning of the other.
private func isBeginning(_ first: String, _ second: String) -> Bool {
  min(first.count, second.count) >= 3 && (first.hasPrefix(second) || second.hasPrefix(first))
}

/// How many characters are to be inserted, removed, replaced, or exchanged with their neighbour, to make a text
/// of another one: the distance of optimal string alignment.
///
/// - Complexity: O(product of the lengths).
func editDistance(_ first: String, _ second: String) -> Int {
  let (a, b) = (Array(first), Array(second))
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var least = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        least = min(least, beforeLast[j - 1] + 1)
      }
      row.append(least)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
