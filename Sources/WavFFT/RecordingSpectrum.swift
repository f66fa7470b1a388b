// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavSpectrum

/// The spectrum of a recording: values alone, which other threads may use.
public struct RecordingSpectrum: Sendable {
  /// The rows: bands on a logarithmic axis, each with its strongest bin and its power.
  public let rows: [BandRow]
  /// The powers in octaves, their fractions or semitones, weighted and not; nil unless ``SpectrumOptions/bands`` asked
  /// for them.
  public let bandLevels: BandLevels?
  /// Every bin of the band; nil unless ``SpectrumOptions/keepsEveryBin`` asked for their magnitudes.
  public let everyBin: EveryBin?
  /// X[k] of the band; nil unless ``SpectrumOptions/keepsEveryBin`` asked for complex
  /// ``SpectrumOptions/values``.
  public let complexBins: ComplexBins?
  /// The strongest peaks, in descending order.
  public let peaks: [Peak]
  /// The tuning of the peaks; nil if they do not agree on one.
  public let tuning: Tuning?
  /// The frequencies of all bins: their spacing, their number, and their upper limit.
  public let grid: BinGrid
  /// Converts magnitudes to levels.
  public let scaling: Scaling
  /// What decimation removed; nil for other methods.
  public let loss: NyquistLoss?
  /// How powers read as a density in FS^2/Hz, and how certain they are; nil unless ``SpectrumOptions/method`` is
  /// `.welch`.
  ///
  /// ``density(of:)`` is the density of a row, `density(magnitude:bin:)` that of a bin of ``everyBin``.
  public let density: PowerDensity?
  /// The text report of the command `wavfft`, a few lines.
  public let report: String

  private let band: FrequencyBand

  init(_ analysis: Analysis) {
    let spectrum = analysis.spectrum
    rows = analysis.rows
    bandLevels = analysis.bandLevels
    switch analysis.everyBin {
    case .magnitudes(let magnitudes):
      everyBin = EveryBin(
        bins: spectrum.bins, magnitudes: magnitudes, grid: spectrum.grid, scaling: spectrum.scaling)
      complexBins = nil
    case .numbers(let numbers):
      everyBin = nil
      complexBins = ComplexBins(bins: spectrum.bins, numbers: numbers, grid: spectrum.grid)
    case nil: (everyBin, complexBins) = (nil, nil)
    }
    peaks = analysis.peaks
    tuning = analysis.tuning
    grid = spectrum.grid
    scaling = spectrum.scaling
    loss = analysis.loss
    density = analysis.density
    band = spectrum.band
    report = textReport(analysis, withTimings: false)
  }

  /// Mean power spectral density of a row's bins in FS^2/Hz, one-sided; nil unless powers were averaged over segments.
  ///
  /// - Complexity: O(1).
  public func density(of row: BandRow) -> Double? { density?.density(of: row, in: band) }
}
