// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum

extension Comparison {
  /// A frequency in words, with its note: `440 Hz (A4)`.
  func inHertz(_ frequency: Double) -> String {
    significant(frequency, 7) + " Hz" + (note(of: frequency).map { " (\($0))" } ?? "")
  }

  /// The name of the note nearest to a frequency; nil for DC.
  func note(of frequency: Double) -> String? {
    frequency > 0 ? MusicalNote(frequency: frequency, a4: a4).name : nil
  }
}

/// A difference of levels with its sign: `+0.20`, or more digits if it is smaller.
func signed(_ decibels: Double) -> String {
  guard decibels.isFinite else { return decibels.isNaN ? "nan" : decibels < 0 ? "-inf" : "+inf" }
  if abs(decibels) < 0.0005 { return "0.00" }
  let text = abs(decibels) >= 0.1 ? fixed(decibels, 2) : significant(decibels, 2)
  return decibels > 0 ? "+" + text : text
}
