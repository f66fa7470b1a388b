// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The minimum distance between two listed peaks.
public enum PeakDistance: Sendable, Equatable, CustomStringConvertible {
  /// In Hz.
  case hertz(Double)
  /// In cents, hundredths of a semitone.
  case cents(Double)

  /// As on the command line: `2.0Hz`, or `50.0cents`.
  public var description: String {
    switch self {
    case .hertz(let distance): "\(distance)Hz"
    case .cents(let distance): "\(distance)cents"
    }
  }

  /// Whether two frequencies in Hz are nearer than this.
  ///
  /// A frequency that is not positive has no pitch: in cents it is near to itself only.
  public func isNearer(_ first: Double, _ second: Double) -> Bool {
    switch self {
    case .hertz(let distance): abs(first - second) < distance
    case .cents(let distance):
      first <= 0 || second <= 0
        ? first == second : abs(1200 * log2(first / second)) < distance
    }
  }

  /// Half a semitone: peaks nearer than this belong to one note.
  ///
  /// The next note of equal temperament is twice as far away; the several maxima of a wavering note
  /// are nearer.
  public static let note = PeakDistance.cents(50)
}
