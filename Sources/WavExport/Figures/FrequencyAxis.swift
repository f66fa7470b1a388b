// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// A logarithmic frequency axis, with ticks at the notes A if enough of them are in range.
struct FrequencyAxis {
  let low: Double
  let high: Double
  /// Left and right end in the figure's units.
  let span: ClosedRange<Double>
  /// Frequency of the note A4 in Hz.
  var a4 = 440.0

  /// The position of a frequency in Hz.
  func position(_ frequency: Double) -> Double {
    let share = log(max(frequency, low) / low) / log(high / low)
    return span.lowerBound + min(share, 1) * (span.upperBound - span.lowerBound)
  }

  /// Ticks at the notes A, or at round numbers if too few of these notes are in range.
  var ticks: [Scene.Tick] {
    let notes = (-6...12).map { a4 * exp2(Double($0)) }.filter { $0 > low && $0 < high }
    if notes.count >= 3 {
      return notes.map {
        Scene.Tick(
          position: position($0), label: significant($0, 6),
          note: MusicalNote(frequency: $0, a4: a4).name)
      }
    }
    return evenTicks(low, high, most: 10).filter { $0 > low && $0 < high }
      .map { Scene.Tick(position: position($0), label: significant($0, 8)) }
  }
}

/// Round numbers, 1, 2 or 5 times a power of ten apart, that divide a range into at most `most`
/// steps.
func evenTicks(_ low: Double, _ high: Double, most: Int) -> [Double] {
  let rough = (high - low) / Double(most)
  let power = pow(10, log10(rough).rounded(.down))
  let step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power
  let first = (low / step).rounded(.up)
  let last = (high / step).rounded(.down)
  guard last >= first else { return [] }
  return (0...Int(last - first)).map { (first + Double($0)) * step }
}
