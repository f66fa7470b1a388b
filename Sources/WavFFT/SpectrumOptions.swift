// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavSamples
import WavSpectrum

/// What to compute from a recording.
public struct SpectrumOptions: Sendable {
  /// The method with its window, length, precision and segments: `.exact`, `.decimated(parts:)` or `.welch`.
  public var method = MethodDescription.exact
  /// A channel, the mean of all channels, or a difference.
  public var channel = ChannelSelection.mix
  /// Beginning of the part in seconds, at least 0; nil for the beginning of the recording.
  public var start: Double?
  /// Length of the part in seconds, above 0; nil for the rest of the recording.
  public var duration: Double?
  /// The frequencies kept, in Hz.
  public var band = FrequencyBand.audible
  /// Rows of the result: 1 to 65,536 bands, or every bin.
  public var rows = Points.bands(4096)
  /// The bands whose powers are the result, as ``RecordingSpectrum/bandLevels`` and in files: octaves, their fractions
  /// by IEC 61260-1, or semitones; nil for none.
  ///
  /// Files then have a row for each of these bands instead of ``rows``. Neither the decimated method nor spectrograms
  /// have them.
  public var bands: BandScheme?
  /// The frequency weighting of ``bands`` by IEC 61672-1; levels with and without it are in the result.
  public var weighting = FrequencyWeighting.z
  /// What files with a row for every bin hold, and what is kept of every bin: magnitudes, or X[k] itself,
  /// for the exact method.
  public var values = BinValues.magnitude
  /// Whether every bin in the band is kept, as ``RecordingSpectrum/everyBin`` or
  /// ``RecordingSpectrum/complexBins``.
  ///
  /// That takes 8 bytes for each magnitude, and while it is computed 4 or 8 more; complex bins take twice as
  /// much.
  public var keepsEveryBin = false
  /// Number of peaks to find, 0 to 1000.
  public var peaks = 10
  /// Frequency of the note A4 in Hz, 220 to 880.
  public var a4 = 440.0
  /// Number of worker processes, 0 to 256.
  ///
  /// With 0 everything is computed by the calling thread, in private memory: nothing is forked, and signal
  /// handlers, umask and descriptors stay as they are. PNG and PDF are drawn in the same process, too, by
  /// libraries that may start threads of their own. Workers are forked, share memory, and need a process with
  /// a single thread; images are then drawn in a process of their own.
  public var workers = 0

  /// The exact spectrum of the whole recording.
  public init() {}

  func request(path: String) -> AnalysisRequest {
    var request = AnalysisRequest(path: path, method: method, workers: workers)
    request.channel = channel
    request.start = start
    request.duration = duration
    request.band = band
    request.points = rows
    request.bandScheme = bands
    request.weighting = weighting == .z ? nil : weighting
    request.values = values
    request.keepsEveryBin = keepsEveryBin
    request.memory = workers == 0 ? .process : .workers
    request.peaks = peaks
    request.a4 = a4
    return request
  }
}
