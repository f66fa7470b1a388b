// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// A frequency weighting of IEC 61672-1:2013.
///
/// The analytic expressions are those of its Annex E. They are products of first-order high passes
/// and low passes, divided by their gain at 1 kHz.
public enum FrequencyWeighting: String, Sendable, CaseIterable, CustomStringConvertible {
  /// About how loud soft sounds of one frequency are.
  case a = "A"
  /// Nearly flat from 50 Hz to 5 kHz.
  case c = "C"
  /// None.
  case z = "Z"

  /// The letter.
  public var description: String { rawValue }

  /// Corner frequencies f1, f2, f3, f4 in Hz, as the equations of Annex E give them; the standard
  /// rounds them to 20.60, 107.7, 737.9 and 12194.
  private static let corners = (
    f1: 20.598_997_06, f2: 107.652_648_6, f3: 737.862_230_7, f4: 12_194.217_15
  )

  /// Corner frequencies in Hz of the high passes.
  private var highPasses: [Double] {
    let corners = Self.corners
    return switch self {
    case .a: [corners.f1, corners.f1, corners.f2, corners.f3]
    case .c: [corners.f1, corners.f1]
    case .z: []
    }
  }

  /// Corner frequencies in Hz of the low passes.
  private var lowPasses: [Double] {
    self == .z ? [] : [Self.corners.f4, Self.corners.f4]
  }

  /// Factor of the power at a frequency in Hz: 1 at 1 kHz, 0 at 0 Hz under A and C.
  public func powerFactor(at frequency: Double) -> Double {
    response(frequency) / response(1000)
  }

  /// Gain in dB at a frequency in Hz: 0 at 1 kHz, minus infinity at 0 Hz under A and C.
  public func gain(at frequency: Double) -> Double { 10 * log10(powerFactor(at: frequency)) }

  /// Slope of the gain at a frequency in Hz, in dB per octave (a factor of 2).
  ///
  /// It falls, or stays the same, with rising frequency: from 24 at 0 Hz to -12 under A, from 12 to
  /// -12 under C.
  func slope(at frequency: Double) -> Double {
    let square = frequency * frequency
    let rise = highPasses.reduce(0) { $0 + $1 * $1 / (square + $1 * $1) }
    let fall = lowPasses.reduce(0) { $0 + square / (square + $1 * $1) }
    return 20 * log10(2) * (rise - fall)
  }

  private func response(_ frequency: Double) -> Double {
    let square = frequency * frequency
    let rise = highPasses.reduce(1) { $0 * square / (square + $1 * $1) }
    return lowPasses.reduce(rise) { $0 * $1 * $1 / (square + $1 * $1) }
  }
}
