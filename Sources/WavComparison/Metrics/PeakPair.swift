// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// A peak of the reference and its counterpart in the spectrum.
public struct PeakPair: Sendable {
  /// The peak of the reference.
  public let reference: SpectrumPoint
  /// The nearest peak of the spectrum within half a semitone; nil if it is gone.
  public let found: SpectrumPoint?
  /// Whether both peaks, or the only one, stand out from their surroundings.
  public let isCertain: Bool

  /// How far the peak has moved up, in cents; 0 if it is gone.
  public var cents: Double {
    found.map { 1200 * log2($0.frequency / reference.frequency) } ?? 0
  }

  /// How much its level has risen in dB.
  public var decibels: Double { (found?.level ?? -.infinity) - reference.level }

  /// Number of peaks that are compared.
  static let most = 10
  /// A peak that is weaker by more than this, in dB, is not a counterpart.
  private static let greatestLoss = 40.0
  /// A line is at least this far above its surroundings, in dB.
  static let leastProminence = 20.0

  /// The strongest peaks of the reference with their counterparts.
  ///
  /// - Parameters:
  ///   - spectrum: Measured peaks of the spectrum, more precise than its columns; nil if there are
  ///     none.
  ///   - reference: Measured peaks of the reference; nil if there are none.
  ///   - curve: The columns of the spectrum.
  ///   - referenceCurve: The columns of the reference.
  /// - Returns: A pair for each of up to ten peaks of the reference, strongest first.
  static func pairs(
    _ spectrum: [SpectrumPoint]?, _ reference: [SpectrumPoint]?, _ curve: SpectrumCurve,
    _ referenceCurve: SpectrumCurve
  ) -> [PeakPair] {
    // Interpolated peaks of one side cannot be paired with strongest bins of the other.
    if let spectrum, let reference, !reference.isEmpty {
      return pairs(spectrum, reference, curve, Prominence(referenceCurve))
    }
    return pairs(
      curve.strongestMaxima(10 * most), referenceCurve.strongestMaxima(most), curve,
      Prominence(referenceCurve))
  }

  /// Pairs each peak of the reference with the nearest measured peak of the spectrum, or otherwise
  /// with the strongest local maximum nearby.
  ///
  /// A much weaker one does not count: the peak is then gone.
  private static func pairs(
    _ spectrum: [SpectrumPoint], _ reference: [SpectrumPoint], _ curve: SpectrumCurve,
    _ referenceProminence: Prominence
  ) -> [PeakPair] {
    func isNear(_ frequency: Double, _ peak: SpectrumPoint) -> Bool {
      frequency > 0 && PeakDistance.note.isNearer(frequency, peak.frequency)
    }
    let maxima = curve.maxima
    let prominence = Prominence(curve)
    return reference.prefix(most).map { peak in
      func stands(_ frequency: Double, _ level: Double) -> Bool {
        isNear(frequency, peak) && level.isFinite && level >= peak.level - greatestLoss
      }
      let listed = spectrum.filter { stands($0.frequency, $0.level) }.min {
        abs($0.frequency - peak.frequency) < abs($1.frequency - peak.frequency)
      }
      let nearby = maxima.filter { stands($0.frequency, $0.level) }
        .max { $0.level < $1.level }
      let found = listed ?? nearby
      // In a wavering note another line may be the strongest now, although the peak has not moved.
      let isStillThere = maxima.contains {
        abs($0.level - peak.level) < 6
          && abs($0.frequency - peak.frequency) < abs((found?.frequency ?? 0) - peak.frequency) / 2
      }
      func isLine(_ peak: SpectrumPoint?, _ prominence: Prominence) -> Bool {
        guard let peak else { return true }
        return prominence.prominence(of: peak.level, at: peak.frequency) >= leastProminence
      }
      return PeakPair(
        reference: peak, found: found,
        isCertain: !isStillThere && isLine(peak, referenceProminence) && isLine(found, prominence))
    }
  }
}
