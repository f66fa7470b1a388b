// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A frequency at which two spectra differ.
public struct DifferencePlace: Sendable {
  /// Frequency in Hz.
  public let frequency: Double
  /// Level of the spectrum at this frequency, in dB.
  public let level: Double
  /// Level of the reference at this frequency, in dB.
  public let referenceLevel: Double
  /// Difference of the levels in dB; lower levels count as the floor.
  public let decibels: Double
  /// Whether a row there is beyond the tolerance.
  let isViolation: Bool
}

extension Comparison {
  /// The frequencies with the greatest differences, greatest first, at least half a semitone apart;
  /// empty if the two are equal.
  ///
  /// Of averages only those that are beyond the tolerance, if there are any: noise differs by chance everywhere.
  public var worstPlaces: [DifferencePlace] {
    let beyond = allowsChanceInRows ? places.filter(\.isViolation) : []
    return Array((beyond.isEmpty ? places : beyond).prefix(10))
  }

  /// All such frequencies, greatest difference first.
  var places: [DifferencePlace] {
    let byWeight = columns.filter { $0.difference != 0 || $0.isViolation }.sorted {
      $0.isViolation != $1.isViolation
        ? $0.isViolation
        : (abs($0.difference), $1.differenceRow) > (abs($1.difference), $0.differenceRow)
    }
    var places: [DifferencePlace] = []
    for column in byWeight {
      if places.count == 50 { break }
      let frequency = column.differenceFrequency
      let isNear = places.contains { PeakDistance.note.isNearer($0.frequency, frequency) }
      if isNear { continue }
      places.append(
        DifferencePlace(
          frequency: frequency, level: column.differenceLevel,
          referenceLevel: column.differenceReferenceLevel, decibels: column.difference,
          isViolation: column.isViolation))
    }
    return places
  }
}
