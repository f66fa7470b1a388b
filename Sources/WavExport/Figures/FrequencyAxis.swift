// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// A frequency axis from left to right, with round ticks and a row of notes.
struct FrequencyAxis {
  let low: Double
  let high: Double
  /// Left and right end in the figure's units.
  let span: ClosedRange<Double>
  var spacing = FrequencySpacing.logarithmic
  /// Frequency of the note A4 in Hz.
  var a4 = 440.0

  /// Least distance of two labels.
  static let leastDistance = 52.0
  /// Least distance of two notes.
  private static let leastNoteDistance = 30.0

  /// The position of a frequency in Hz; frequencies off the axis are at its ends.
  func position(_ frequency: Double) -> Double {
    let frequency = min(max(frequency, low), high)
    let share =
      switch spacing {
      case .logarithmic: log(frequency / low) / log(high / low)
      case .linear: (frequency - low) / (high - low)
      }
    return span.lowerBound + share * (span.upperBound - span.lowerBound)
  }

  /// Round frequencies, and below them the notes that there is room for.
  var ticks: [Scene.Tick] {
    let frequencies = FrequencyTicks(
      low, high, spacing, length: span.upperBound - span.lowerBound,
      leastDistance: Self.leastDistance)
    return frequencies.labelled.map {
      Scene.Tick(position: position($0), label: significant($0, 8))
    }
      + frequencies.marked.map { Scene.Tick(position: position($0), label: "", kind: .minor) }
      + notes
  }

  /// All semitones, the white keys, or the notes A: the most that have room between the highest two in range.
  private var notes: [Scene.Tick] {
    // From A-4 to far above what can be heard.
    let all = (-9 * 12 + MusicalNote.a4Number...MusicalNote.a4Number + 12 * 12).map { number in
      (number, a4 * exp2(Double(number - MusicalNote.a4Number) / 12))
    }.filter { $0.1 > low && $0.1 < high }
    let choices: [Set<Int>] = [Set(0..<12), [0, 2, 4, 5, 7, 9, 11], [9]]
    for choice in choices {
      let chosen = all.filter { choice.contains(($0.0 % 12 + 12) % 12) }
      let ticks = chosen.map { _, frequency in
        Scene.Tick(
          position: position(frequency), label: MusicalNote(frequency: frequency, a4: a4).name,
          kind: .note)
      }
      let gaps = zip(ticks, ticks.dropFirst()).map { $1.position - $0.position }
      if gaps.allSatisfy({ $0 >= Self.leastNoteDistance }) { return ticks }
      // On a linear axis low notes are closer than high ones: those with room from the right on.
      if spacing == .linear, choice.count == 1 {
        return thinned(ticks, leastDistance: Self.leastNoteDistance, place: \.position)
      }
    }
    return []
  }
}
