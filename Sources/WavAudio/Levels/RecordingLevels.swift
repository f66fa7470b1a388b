// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// What the samples of a recording say by themselves, before any transform; full scale is 1.
///
/// Sums are kept for each segment and added in their order, so that they are the same numbers whoever
/// measured which segment.
public struct RecordingLevels: Sendable, Equatable {
  /// Samples of one run of equal values at full scale, and the number of such runs.
  public struct Clipping: Sendable, Equatable {
    /// Samples in all the runs.
    public let samples: Int
    /// Number of runs.
    public let runs: Int
  }

  /// The signal that is analysed: the chosen channel, or the mix.
  public let signal: SampleLevels
  /// Number of channels that the signal is made of.
  public let channelCount: Int
  /// Mean square of the samples of all these channels together, in FS^2.
  public let channelMeanSquare: Double
  /// Runs at full scale as clipping leaves them, of these channels; nil where the format has no full
  /// scale, as that of lossy codings.
  public let clipping: Clipping?
  /// Samples of these channels beyond full scale; nil where the format cannot hold any.
  public let samplesAboveFullScale: Int?
  /// Standard error of the mean of the signal, in FS; nil for less than eight segments.
  public let meanError: Double?

  /// The offset of the signal from 0 in FS, if it matters; else nil.
  ///
  /// It does if it is more than five times its standard error, which is taken from the means of segments (the
  /// method of batch means: G. S. Fishman, "Principles of discrete event simulation", 1978), so
  /// that slow sounds do not pass for an offset, and at least a hundredth of the RMS.
  public var offset: Double? {
    guard let meanError, abs(signal.mean) > 5 * meanError,
      abs(signal.mean) >= 0.01 * signal.meanSquare.squareRoot()
    else { return nil }
    return signal.mean
  }

  /// RMS in dBFS by AES17, where a sine of amplitude 1 has 0 dBFS.
  ///
  /// 10 log10(2 mean square); minus infinity for silence.
  public var rms: Double { 10 * log10(2 * signal.meanSquare) }

  /// The greatest distance of a sample from 0 in dB of full scale, 20 log10 |x|max; minus infinity for
  /// silence.
  public var peak: Double { 20 * log10(signal.peak) }

  /// Crest factor in dB: the peak divided by the true RMS (not that of AES17), so that a sine has 3.01
  /// dB; nil for silence.
  public var crestFactor: Double? {
    signal.squareSum > 0 ? 10 * log10(signal.peak * signal.peak / signal.meanSquare) : nil
  }

  /// By how many dB the mix is below the mean power of its channels.
  ///
  /// 0 if they are the same, 10 log10 n for n unrelated channels, infinite if they cancel each other
  /// entirely. Nil for a single channel and for silence.
  public var mixLoss: Double? {
    guard channelCount > 1, channelMeanSquare > 0 else { return nil }
    return 10 * log10(channelMeanSquare / signal.meanSquare)
  }

  /// Whether the channels cancel each other in the mix: it is 17 dB weaker than unrelated channels
  /// would make it, and so, of two channels, 20 dB below them.
  public var channelsCancel: Bool {
    guard let mixLoss else { return false }
    return mixLoss > 10 * log10(50 * Double(channelCount))
  }

  /// Whether every sample of the signal is 0.
  public var isSilent: Bool { signal.least == 0 && signal.greatest == 0 }

  /// The value of all samples, if it is only one, and not 0.
  public var constant: Double? {
    signal.least == signal.greatest && !isSilent ? signal.least : nil
  }
}
