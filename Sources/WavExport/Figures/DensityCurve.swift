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
  ///
  /// In the unit of a reference a density is the level of the noise in a band of 1 Hz: a sine with the power of
  /// 1 FS² has 3 dBFS.
  func ticks(beside axis: LevelAxis, _ reference: LevelReference?) -> [Scene.Tick] {
    let offset = reference.map { $0.offset + 10 * log10(2) } ?? 0
    return evenTicks(axis.low - shift + offset, axis.high - shift + offset, most: 10).map {
      density in
      Scene.Tick(
        position: axis.position(density - offset + shift),
        label: fixed(density, 0).replacingMinus())
    }
  }

  /// What densities are in, as the title of an axis.
  static func title(_ reference: LevelReference?) -> String {
    reference.map { "Noise in a band of 1 Hz in \($0.unit)" } ?? "Density in dB re 1 FS²/Hz"
  }
}
