// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// A frequency and its level: a peak, or a point of a curve.
public struct SpectrumPoint: Sendable, Equatable, Codable {
  /// Frequency in Hz.
  public let frequency: Double
  /// Level in dB.
  public let level: Double

  private enum CodingKeys: String, CodingKey {
    case frequency = "frequencyHz"
    case level = "levelDbfs"
  }
}

/// The strongest row of each column of a spectrum, from low to high frequencies.
typealias SpectrumCurve = [SpectrumPoint]

extension [ColumnTotals] {
  /// The strongest row of each column, for both sides.
  var curves: (spectrum: SpectrumCurve, reference: SpectrumCurve) {
    (
      map { SpectrumPoint(frequency: $0.frequency, level: $0.level) },
      map { SpectrumPoint(frequency: $0.referenceFrequency, level: $0.referenceLevel) }
    )
  }

  /// The least distance of strongest bins in Hz: that of two bins, where bands are narrow.
  var leastGap: Double {
    zip(self, dropFirst()).map { $1.referenceFrequency - $0.referenceFrequency }
      .filter { $0 > 0 }.min() ?? 0
  }
}

/// If a spectrum lists no peaks, such as a text table, the maxima of its columns replace them. They
/// are only the strongest rows nearby; `PeakSearch` measures peaks.
extension SpectrumCurve {
  /// The local maxima, from low to high frequencies.
  var maxima: [SpectrumPoint] {
    indices.filter { index in
      let level = self[index].level
      return level.isFinite && self[index].frequency > 0
        && (index == 0 || self[index - 1].level <= level)
        && (index == count - 1 || self[index + 1].level < level)
    }.map { self[$0] }
  }

  /// The strongest local maxima in descending order, one for each note.
  func strongestMaxima(_ most: Int) -> [SpectrumPoint] {
    var found: [SpectrumPoint] = []
    for point in maxima.sorted(by: { $0.level > $1.level }) {
      if found.count == most { break }
      if !found.contains(where: { PeakDistance.note.isNearer($0.frequency, point.frequency) }) {
        found.append(point)
      }
    }
    return found
  }

  /// The strongest peaks that stand out from their surroundings: the listed ones if there are
  /// enough, otherwise local maxima.
  func lines(listed: [SpectrumPoint]?) -> [SpectrumPoint] {
    let prominence = Prominence(self)
    func lines(_ peaks: [SpectrumPoint]) -> [SpectrumPoint] {
      peaks.filter {
        $0.frequency > 0
          && prominence.prominence(of: $0.level, at: $0.frequency) >= PeakPair.leastProminence - 5
      }
    }
    let known = lines(listed ?? [])
    return known.count >= 3 ? known : lines(strongestMaxima(60))
  }
}
