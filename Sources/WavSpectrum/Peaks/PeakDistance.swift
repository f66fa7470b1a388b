// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The least distance of two listed peaks.
public enum PeakDistance: Sendable, Equatable, CustomStringConvertible {
  /// In Hz.
  case hertz(Double)
  /// In hundredths of a semitone.
  case cents(Double)

  /// As on the command line: `2.0Hz`, or `50.0cents`.
  public var description: String {
    switch self {
    case .hertz(let distance): "\(distance)Hz"
    case .cents(let distance): "\(distance)cents"
    }
  }

  /// Whether two frequencies in Hz are nearer than this; one that is not positive has no pitch, and in cents is
  /// near to itself alone.
  public func isNearer(_ first: Double, _ second: Double) -> Bool {
    switch self {
    case .hertz(let distance): abs(first - second) < distance
    case .cents(let distance):
      first <= 0 || second <= 0
        ? first == second : abs(1200 * log2(first / second)) < distance
    }
  }

  /// Half a semitone: what is nearer belongs to one note.
  ///
  /// The next note of equal temperament is twice as far away, and the ragged maxima of a note that wavers lie
  /// within.
  public static let note = PeakDistance.cents(50)
}
