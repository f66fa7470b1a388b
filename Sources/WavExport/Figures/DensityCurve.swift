// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

/// The density of a figure's columns, on the axis of levels: both axes differ by a constant, the bandwidth of a bin.
struct DensityCurve {
  /// For each column the level in dBFS of a bin with the mean density; minus infinity for silence.
  let levels: [Double]
  /// For each column the interval around the mean density that has the true one with 95 % probability, in dB.
  let intervals: [ClosedRange<Double>]
  /// Level minus density in dB.
  private let shift: Double

  /// The density of some rows.
  init(_ density: PowerDensity, _ rows: [BandRow], _ band: FrequencyBand) {
    let bandwidth = density.scaling.noiseBandwidth(sampleRate: density.grid.sampleRate)
    // A sine of amplitude 1 has the power 1/2 and 0 dBFS.
    let shift = 10 * log10(2 * bandwidth)
    self.shift = shift
    levels = rows.map { PowerDensity.decibels(density.density(of: $0, in: band)) + shift }
    var known: [Int: ClosedRange<Double>] = [:]
    intervals = rows.map { row in
      // The mean of several bins is surer; a window makes neighbours alike.
      let bins = density.binCount(of: row, in: band)
      if let interval = known[bins] { return interval }
      let independent = max(1, Double(bins) * density.grid.spacing / bandwidth)
      let interval = density.statistics.interval(ofMeans: independent)
      known[bins] = interval
      return interval
    }
  }

  /// Ticks of the density at the right of an axis of levels.
  func ticks(beside axis: LevelAxis) -> [Scene.Tick] {
    evenTicks(axis.low - shift, axis.high - shift, most: 10).map { density in
      Scene.Tick(
        position: axis.position(density + shift), label: fixed(density, 0).replacingMinus())
    }
  }
}
