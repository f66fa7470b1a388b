// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The note nearest to a frequency, in equal temperament.
public struct MusicalNote: Sendable, Equatable {
  /// Letter, sharp and octave in scientific pitch notation: `A4`, `F#3`.
  public let name: String
  /// How far the frequency is above the note, in cents, -50 to 50.
  public let cents: Double

  private static let letters = [
    "C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B",
  ]

  /// The number of A4 in a scale of semitones, as in MIDI.
  public static let a4Number = 69

  /// The note nearest to a frequency > 0 Hz, where A4 has `a4` Hz: 440 by ISO 16.
  public init(frequency: Double, a4: Double = 440) {
    // C-1 is note 0.
    let position = Double(Self.a4Number) + 12 * log2(frequency / a4)
    let number = Int(position.rounded())
    let octave = Int((Double(number) / 12).rounded(.down)) - 1
    name = Self.letters[number - 12 * (octave + 1)] + String(octave)
    cents = 100 * (position - Double(number))
  }
}
