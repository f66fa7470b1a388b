// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// The third-octave bands of IEC 61260-1, base ten: centres 1000 Hz * 10^(k / 10), and edges half a
/// step away.
///
/// The lowest band begins at 0 Hz, the highest has no upper edge.
enum ThirdOctaves {
  /// k of the lowest band, at 1 Hz.
  private static let lowest = -30
  /// Number of bands, up to 100 kHz.
  static let count = 51
  /// Upper edges in Hz of all bands but the last.
  static let upperEdges: [Double] = (0..<count - 1).map { centre($0) * pow(10, 0.05) }

  /// Centre of a band in Hz.
  static func centre(_ index: Int) -> Double { 1000 * pow(10, Double(index + lowest) / 10) }

  /// The band that a frequency in Hz belongs to.
  static func index(of frequency: Double) -> Int {
    guard frequency > 0 else { return 0 }
    return upperEdges.firstIndex { frequency < $0 } ?? count - 1
  }
}
