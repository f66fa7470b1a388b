// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Whether a peak is a steady line: whether the power around it is that of one sine.
///
/// The note of an instrument is spread over many bins, of which now this one and now that one is the strongest;
/// where it is within them says nothing of its pitch.
struct Concentration {
  private let edges: [ClosedRange<Double>]
  private let powers: [Double]
  /// Noise bandwidth of the window in bins: the bins of a line hold so much more than its own power.
  private let noiseBandwidth: Double

  /// A line keeps at least this share of the power around it.
  ///
  /// One that lies between two bins and is not interpolated reads up to 3.9 dB low with the rectangular
  /// window.
  private static let leastShare = 0.4

  /// Looks at the powers of bands.
  init(_ powers: [Double], edges: [ClosedRange<Double>], noiseBandwidth: Double) {
    self.powers = powers
    self.edges = edges
    self.noiseBandwidth = noiseBandwidth
  }

  /// Whether a sine of the level, in dBFS, would make up the power of the bands around the frequency.
  func isLine(_ level: Double, at frequency: Double) -> Bool {
    guard let row = edges.firstIndex(where: { $0.upperBound > frequency }) else { return false }
    // Six cents are the width of three bands: a change of pitch within them is none that can be heard.
    let around = edges.indices.filter {
      abs($0 - row) <= 1
        || edges[$0].upperBound > frequency / 1.0035 && edges[$0].lowerBound < frequency * 1.0035
    }
    let power = around.reduce(0) { $0 + powers[$1] }
    return pow(10, level / 10) / 2 >= Self.leastShare * power / noiseBandwidth
  }
}
