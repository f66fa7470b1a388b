// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// The density of a figure's columns, on the axis of levels: both axes differ by a constant, the bandwidth of a bin.
struct DensityCurve {
  /// For each column the level in dBFS of a bin with the mean density; minus infinity for silence.
  let levels: [Double]
  /// The true density is within this interval around the mean one, in dB.
  let interval: ClosedRange<Double>
  /// Level minus density in dB.
  private let shift: Double
  /// Whether powers are medians.
  private let isMedian: Bool

  /// The density of some rows.
  init(_ density: PowerDensity, _ rows: [BandRow], _ band: FrequencyBand) {
    let bandwidth = density.scaling.noiseBandwidth(sampleRate: density.grid.sampleRate)
    // A sine of amplitude 1 has the power 1/2 and 0 dBFS.
    let shift = 10 * log10(2 * bandwidth)
    self.shift = shift
    levels = rows.map { PowerDensity.decibels(density.density(of: $0, in: band)) + shift }
    interval = density.statistics.interval()
    isMedian = density.segmentation.average == .median
  }

  /// Ticks of the density at the right of an axis of levels.
  func ticks(beside axis: LevelAxis) -> [Scene.Tick] {
    evenTicks(axis.low - shift, axis.high - shift, most: 10).map { density in
      Scene.Tick(
        position: axis.position(density + shift), label: fixed(density, 0).replacingMinus())
    }
  }

  /// The interval in words: `95 % from −0.4 to +0.5 dB`.
  var certainty: String {
    "95 % from \(fixed(interval.lowerBound, 1).replacingMinus()) to +\(fixed(interval.upperBound, 1)) dB"
  }
}
