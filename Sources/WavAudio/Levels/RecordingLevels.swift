// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Levels of a recording, from its samples alone; full scale is 1.
///
/// Sums are kept for each segment and added in order, so that they do not depend on the workers.
public struct RecordingLevels: Sendable, Equatable {
  /// Runs of equal samples at full scale.
  public struct Clipping: Sendable, Equatable {
    /// Samples in all runs together.
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
  /// Runs at full scale in these channels, as clipping leaves them; nil for formats without a full
  /// scale, such as lossy codings.
  public let clipping: Clipping?
  /// Samples of these channels beyond full scale; nil where the format cannot hold any.
  public let samplesAboveFullScale: Int?
  /// Standard error of the mean of the signal, in FS; nil for less than eight segments.
  public let meanError: Double?

  /// The offset of the signal from 0 in FS; nil if it is insignificant.
  ///
  /// It is significant if it is at least a hundredth of the RMS and more than five times its
  /// standard error. That error follows from the means of the segments (the method of batch means:
  /// G. S. Fishman, "Principles of discrete event simulation", 1978), so that slow sounds are not
  /// taken for an offset.
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

  /// The peak in dB of full scale, 20 log10 |x|max; minus infinity for silence.
  public var peak: Double { 20 * log10(signal.peak) }

  /// Crest factor in dB: the peak divided by the true RMS (not that of AES17), 3.01 dB for a sine;
  /// nil for silence.
  public var crestFactor: Double? {
    signal.squareSum > 0 ? 10 * log10(signal.peak * signal.peak / signal.meanSquare) : nil
  }

  /// How many dB the mix is below the mean power of its channels.
  ///
  /// 0 if the channels are the same, 10 log10 n for n unrelated channels, infinite if they cancel
  /// each other completely; nil for a single channel and for silence.
  public var mixLoss: Double? {
    guard channelCount > 1, channelMeanSquare > 0 else { return nil }
    return 10 * log10(channelMeanSquare / signal.meanSquare)
  }

  /// Whether the channels cancel each other in the mix: it is 17 dB weaker than a mix of unrelated
  /// channels, which for two channels is 20 dB below the channels.
  public var channelsCancel: Bool {
    guard let mixLoss else { return false }
    return mixLoss > 10 * log10(50 * Double(channelCount))
  }

  /// Whether every sample of the signal is 0.
  public var isSilent: Bool { signal.least == 0 && signal.greatest == 0 }

  /// The value of all samples, if they are all the same and not 0; otherwise nil.
  public var constant: Double? {
    signal.least == signal.greatest && !isSilent ? signal.least : nil
  }
}
