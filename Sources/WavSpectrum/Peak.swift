// SPDX-License-Identifier: GPL-2.0-or-later

/// A spectral peak.
public struct Peak: Sendable, Equatable {
  /// Frequency in Hz, interpolated between bins where that is possible.
  public let frequency: Double
  /// Level in dBFS of the sine that makes the peak.
  public let level: Double
  /// Frequency in Hz of the strongest bin of the peak.
  public let binFrequency: Double
  /// Level in dBFS of that bin; below that of the sine, if the sine is between two bins.
  public let binLevel: Double

  /// Describes a peak that was interpolated around a bin.
  public init(frequency: Double, level: Double, binFrequency: Double, binLevel: Double) {
    self.frequency = frequency
    self.level = level
    self.binFrequency = binFrequency
    self.binLevel = binLevel
  }

  /// Describes a peak that is the strongest bin of a band itself.
  public init(_ row: BandRow) {
    self.init(
      frequency: row.frequency, level: row.level, binFrequency: row.frequency,
      binLevel: row.level)
  }

  /// The nearest note; nil for a peak at DC.
  public var note: MusicalNote? { frequency > 0 ? MusicalNote(frequency: frequency) : nil }
}

/// Smallest distance of two listed peaks: half a semitone, the ratio 2^(1/24).
private let peakDistance = 1.029302236643492

extension Spectrum {
  /// The strongest peaks, strongest first: bands that are stronger than their neighbours and at
  /// least half a semitone away from every stronger peak.
  ///
  /// A partial of real music is a bundle of bins; the distance keeps one of them from filling the
  /// list.
  public func strongestRows(_ count: Int) -> [BandRow] {
    let candidates = rows.indices.filter { index in
      let magnitude = rows[index].magnitude
      return magnitude > 0
        && (index == 0 || rows[index - 1].magnitude <= magnitude)
        && (index == rows.count - 1 || rows[index + 1].magnitude < magnitude)
    }
    let byStrength = candidates.map { rows[$0] }
      .sorted { ($0.level, $1.frequency) > ($1.level, $0.frequency) }
    var peaks: [BandRow] = []
    for row in byStrength {
      if peaks.count == count { break }
      let isApart = peaks.allSatisfy {
        max($0.frequency, row.frequency) >= min($0.frequency, row.frequency) * peakDistance
      }
      if isApart { peaks.append(row) }
    }
    return peaks
  }
}
