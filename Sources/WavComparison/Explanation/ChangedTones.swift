// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum

extension Comparison {
  /// Tones that are new, gone, or have another level, as sentences; only where the difference is
  /// confined.
  var changedTones: [String] {
    let beyond = columns.filter(\.isViolation).count
    let isConfined = beyond * 4 <= columns.count
    let curves = columns.curves
    let (own, other) = (Prominence(curves.spectrum), Prominence(curves.reference))
    let found: [String] = places.lazy.filter { place in
      guard abs(place.decibels) > (tolerances.decibels ?? 0) else { return false }
      guard place.isViolation || !allowsChanceInRows else { return false }
      // Noise has no components; lines stand out from it.
      let (prominence, level) =
        place.decibels > 0 ? (own, place.level) : (other, place.referenceLevel)
      let curve = place.decibels > 0 ? curves.spectrum : curves.reference
      guard !isSkirt(place.frequency, level, curve) else { return false }
      let above = prominence.prominence(of: level, at: place.frequency)
      guard above >= PeakPair.leastProminence || isConfined && above >= 10 else { return false }
      // A broad maximum may not be one component, so it is not called new or gone.
      return abs(place.decibels) <= 6 || isLine(place) ?? true
    }.prefix(3).map { place in
      let name = inHertz(place.frequency)
      let change = "\(signed(place.decibels)) dB"
      if place.decibels > 6 {
        return
          "there is a new component at \(name), \(inWords(place.level)) dBFS where the reference "
          + "has \(inWords(place.referenceLevel)) (\(change))"
      }
      if place.decibels < -6 {
        return "the component at \(name) is gone or weak, \(inWords(place.level)) dBFS where the "
          + "reference has \(inWords(place.referenceLevel)) (\(change))"
      }
      return
        "the \(isLine(place) ?? false ? "component" : "level") at \(name) has changed by \(change)"
    }
    return found.isEmpty ? changedLines : found
  }

  /// Lines of averages whose level has changed although their strongest rows are not among the worst places, as
  /// sentences: rows beside a line differ as much as it does, and a little more by chance.
  private var changedLines: [String] {
    guard allowsChanceInRows else { return [] }
    return peaks.filter { pair in
      guard let found = pair.found, pair.isCertain,
        abs(found.frequency - pair.reference.frequency) < 0.5 * spacing,
        abs(pair.decibels) > (tolerances.decibels ?? 0)
      else { return false }
      // A row of the line itself, on its slope or at its top, differs by more than chance.
      return columns.contains {
        $0.isViolation && abs($0.differenceFrequency - pair.reference.frequency) < 2.5 * spacing
          && abs($0.difference - pair.decibels) < 0.5 * abs(pair.decibels)
      }
    }.prefix(3).map { pair in
      "the component at \(inHertz(pair.reference.frequency)) has changed by \(signed(pair.decibels)) dB"
    }
  }

  /// Whether the side with the higher level has a steady line there; nil if unknown.
  private func isLine(_ place: DifferencePlace) -> Bool? {
    place.decibels > 0
      ? concentration.spectrum?.isLine(place.level + removedOffset, at: place.frequency)
      : concentration.reference?.isLine(place.referenceLevel, at: place.frequency)
  }

  /// Whether there is a stronger point within half a semitone.
  private func isSkirt(_ frequency: Double, _ level: Double, _ curve: SpectrumCurve) -> Bool {
    curve.contains {
      $0.level > level + 0.5 && PeakDistance.note.isNearer($0.frequency, frequency)
    }
  }

  /// A level in words; lower levels count as the floor.
  private func inWords(_ level: Double) -> String {
    level < tolerances.floor
      ? "below \(significant(tolerances.floor, 6))" : fixed(level, 1)
  }
}
