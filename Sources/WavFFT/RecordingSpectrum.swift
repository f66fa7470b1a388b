// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavSpectrum

/// The spectrum of a recording.
public struct RecordingSpectrum {
  /// The rows: bands on a logarithmic axis, each with its strongest bin and its power.
  public var rows: [BandRow] { analysis.rows }
  /// The strongest peaks, strongest first.
  public var peaks: [Peak] { analysis.peaks }
  /// The tuning that the peaks agree on, if they do.
  public var tuning: Tuning? { analysis.tuning }
  /// The frequencies of all bins: their distance, their number, and the highest.
  public var grid: BinGrid { analysis.spectrum.grid }
  /// What turns magnitudes into levels.
  public var scaling: Scaling { analysis.spectrum.scaling }
  /// What decimation took; nil for the exact method.
  public var loss: NyquistLoss? { analysis.loss }
  /// The report of the command `wavfft`, a few lines for people.
  public var report: String { textReport(analysis, withTimings: false) }

  private let analysis: Analysis

  init(_ analysis: Analysis) { self.analysis = analysis }
}
