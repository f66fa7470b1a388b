// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavRendering
import WavSpectrum

/// A place where two spectra differ.
public struct DifferencePlace: Sendable {
  /// In Hz.
  public let frequency: Double
  /// Level of the spectrum and of the reference there, in dB.
  public let level: Double
  /// See ``level``.
  public let referenceLevel: Double
  /// Their difference in dB, levels below the floor counted as the floor.
  public let decibels: Double
}

extension Comparison {
  /// The worst places, worst first, at least half a semitone apart; empty if the two are equal.
  public var worstPlaces: [DifferencePlace] {
    let byWeight = columns.filter { $0.difference != 0 || $0.isViolation }.sorted {
      $0.isViolation != $1.isViolation
        ? $0.isViolation
        : (abs($0.difference), $1.differenceRow) > (abs($1.difference), $0.differenceRow)
    }
    var places: [DifferencePlace] = []
    for column in byWeight {
      if places.count == 10 { break }
      let frequency = column.differenceFrequency
      let isApart = places.allSatisfy {
        frequency <= 0 || $0.frequency <= 0
          ? frequency != $0.frequency
          : abs(log2($0.frequency / frequency)) >= 1.0 / 24
      }
      guard isApart else { continue }
      places.append(
        DifferencePlace(
          frequency: frequency, level: column.differenceLevel,
          referenceLevel: column.differenceReferenceLevel, decibels: column.difference))
    }
    return places
  }

  /// What has changed, in sentences; empty if the two are the same.
  public var explanation: [String] {
    guard !isSame else { return notes }
    if isGain, let offset {
      return notes + [
        "it is \(fixed(abs(offset), 2)) dB \(offset > 0 ? "louder" : "softer") throughout; "
          + "--level-offset ignores a constant gain"
      ]
    }
    let moved = movedPeaks
    var sentences = notes + moved
    // What moves a peak changes the levels around it.
    if moved.isEmpty { sentences += changedTones }
    if let mainGain { sentences.append(mainGain) }
    if let extent { sentences.append(extent) }
    return sentences
  }

  /// Peaks that are elsewhere.
  private var movedPeaks: [String] {
    peaks.compactMap { pair in
      guard let found = pair.found, abs(pair.cents) >= 0.2, abs(pair.decibels) < 6 else {
        return nil
      }
      return "the peak at \(inHertz(pair.reference.frequency)) has moved to "
        + "\(significant(found.frequency, 7)) Hz, \(signed(pair.cents)) cents"
    }
  }

  /// Tones that are new, gone, or have another level: where the difference is confined to a place.
  private var changedTones: [String] {
    let beyond = columns.filter(\.isViolation).count
    guard beyond * 4 <= columns.count else { return [] }
    return worstPlaces.prefix(3).compactMap { place in
      guard abs(place.decibels) > (tolerances.decibels ?? 0) else { return nil }
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
      return "the component at \(name) has changed by \(change)"
    }
  }

  /// A level in words; what is below the floor counts as the floor.
  private func inWords(_ level: Double) -> String {
    level < tolerances.floor
      ? "below \(significant(tolerances.floor, 6))" : fixed(level, 1)
  }

  /// A gain under which the strong components agree, though not the weak ones: those of noise and dither.
  ///
  /// What a gain leaves of the magnitudes follows from their sums: with a the spectrum, b the reference,
  /// 1 - (sum a b)^2 / (sum a^2 sum b^2) of the squares.
  private var mainGain: String? {
    guard let offset, abs(offset) > 2 * (tolerances.decibels ?? 0.05), !tolerances.ignoresOffset
    else { return nil }
    let (products, reference) = (totals.products, totals.referenceSquares)
    // From sum (a - b)^2 = sum a^2 - 2 sum a b + sum b^2.
    let own = totals.differenceSquares + 2 * products - reference
    guard own > 0, reference > 0, 1 - products * products / (own * reference) < 1e-4 else {
      return nil
    }
    return
      "its strong components are \(fixed(abs(offset), 2)) dB \(offset > 0 ? "louder" : "softer") "
      + "alike, which looks like a gain; the weak ones are not"
  }

  /// How much of the frequency axis is concerned, and where.
  private var extent: String? {
    let beyond = columns.filter(\.isViolation)
    guard let first = beyond.first, let last = beyond.last, beyond.count > 3 else { return nil }
    let share = Double(beyond.count) / Double(columns.count)
    let mean = beyond.reduce(0) { $0 + $1.difference } / Double(beyond.count)
    let range =
      "from \(significant(first.differenceFrequency, 4)) to \(significant(last.differenceFrequency, 4)) Hz"
    let how =
      share > 0.5
      ? "they differ nearly everywhere" : "they differ in \(percent(share)) of the frequency axis"
    return "\(how), \(range), by \(signed(mean)) dB on the average of these places"
  }
}
