// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Tells whether a peak is a steady line: whether the power around it is that of a single sine.
///
/// The note of an instrument is spread over many bins, and any of them may be the strongest; its
/// position does not tell the pitch.
struct Concentration {
  private let edges: [ClosedRange<Double>]
  private let powers: [Double]
  /// Noise bandwidth of the window in bins: the bins of a line add up to its power times this.
  private let noiseBandwidth: Double

  /// A line has at least this share of the power around it.
  ///
  /// With the rectangular window, a line between two bins that is not interpolated reads up to 3.9
  /// dB low.
  private static let leastShare = 0.4

  /// Takes the powers of bands.
  init(_ powers: [Double], edges: [ClosedRange<Double>], noiseBandwidth: Double) {
    self.powers = powers
    self.edges = edges
    self.noiseBandwidth = noiseBandwidth
  }

  /// Whether a sine with this level, in dBFS, has enough of the power of the bands around a
  /// frequency.
  func isLine(_ level: Double, at frequency: Double) -> Bool {
    guard let row = edges.firstIndex(where: { $0.upperBound > frequency }) else { return false }
    // Six cents are three bands wide; a change of pitch within them is inaudible.
    let around = edges.indices.filter {
      abs($0 - row) <= 1
        || edges[$0].upperBound > frequency / 1.0035 && edges[$0].lowerBound < frequency * 1.0035
    }
    let power = around.reduce(0) { $0 + powers[$1] }
    return pow(10, level / 10) / 2 >= Self.leastShare * power / noiseBandwidth
  }
}
