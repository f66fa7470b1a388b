// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation

/// Reproducible pseudo-random numbers (SplitMix64).
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// The power of a bin of noise whose mean is 1.
  mutating func exponential() -> Double { -log(1 - Double.random(in: 0..<1, using: &self)) }
}

/// Rows as wavfft makes them, from bins with given powers: log-spaced bands from 20 Hz to 20 kHz.
struct Bands {
  let edges: [ClosedRange<Double>]
  let powers: [Double]
  let levels: [Double]

  /// Bins `spacing` Hz apart; `power` gives the power of a bin at a frequency in Hz, in FS^2.
  init(spacing: Double, count: Int = 4096, power: (Double) -> Double) {
    var edges: [ClosedRange<Double>] = []
    var powers: [Double] = []
    var levels: [Double] = []
    var bin = Int((20 / spacing).rounded(.up))
    for band in 0..<count {
      let low = 20 * pow(1000, Double(band) / Double(count))
      let high = 20 * pow(1000, Double(band + 1) / Double(count))
      var (sum, greatest) = (0.0, 0.0)
      let first = bin
      while Double(bin) * spacing < high {
        let value = power(Double(bin) * spacing)
        sum += value
        greatest = max(greatest, value)
        bin += 1
      }
      guard bin > first else { continue }
      edges.append(low...high)
      powers.append(sum)
      levels.append(10 * log10(2 * greatest))
    }
    (self.edges, self.powers, self.levels) = (edges, powers, levels)
  }
}
