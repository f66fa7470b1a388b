// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavSpectrum

/// The spectrum of a recording.
public struct RecordingSpectrum {
  /// The rows: bands on a logarithmic axis, each with its strongest bin and its power.
  public var rows: [BandRow] { analysis.rows }
  /// Every bin of the band; nil unless ``SpectrumOptions/keepsEveryBin`` asked for it.
  public var everyBin: EveryBin? {
    analysis.everyBin.map {
      EveryBin(bins: analysis.spectrum.bins, magnitudes: $0, grid: grid, scaling: scaling)
    }
  }
  /// The strongest peaks, in descending order.
  public var peaks: [Peak] { analysis.peaks }
  /// The tuning of the peaks; nil if they do not agree on one.
  public var tuning: Tuning? { analysis.tuning }
  /// The frequencies of all bins: their spacing, their number, and their upper limit.
  public var grid: BinGrid { analysis.spectrum.grid }
  /// Converts magnitudes to levels.
  public var scaling: Scaling { analysis.spectrum.scaling }
  /// What decimation removed; nil for the exact method.
  public var loss: NyquistLoss? { analysis.loss }
  /// The text report of the command `wavfft`, a few lines.
  public var report: String { textReport(analysis, withTimings: false) }

  private let analysis: Analysis

  init(_ analysis: Analysis) { self.analysis = analysis }
}
