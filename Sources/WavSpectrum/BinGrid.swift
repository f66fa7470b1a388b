// SPDX-License-Identifier: GPL-2.0-or-later

/// The frequencies at which a transform samples the spectrum.
///
/// Bin k of a transform of N samples taken at fs / P Hz lies at k * fs / (P * N) Hz. P is 1 for the
/// exact spectrum and the number of parts for the decimated one.
public struct BinGrid: Sendable, Equatable {
  /// Frames per second of the recording, in Hz.
  public let sampleRate: Int
  /// Transform length N in samples, zeros included; for the decimated spectrum, of one part.
  public let transformLength: Int
  /// Number of interleaved parts P; every part holds each P-th sample.
  public let parts: Int

  /// Describes the bins of transforms of `transformLength` >= 1 samples.
  public init(sampleRate: Int, transformLength: Int, parts: Int = 1) {
    precondition(sampleRate > 0 && transformLength > 0 && parts > 0, "positive bin grid")
    self.sampleRate = sampleRate
    self.transformLength = transformLength
    self.parts = parts
  }

  /// Number of bins from DC up: floor(N / 2) + 1.
  public var count: Int { transformLength / 2 + 1 }

  /// Distance between neighbouring bins in Hz.
  public var spacing: Double { Double(sampleRate) / (Double(parts) * Double(transformLength)) }

  /// Half the rate at which a part is sampled, in Hz: the highest frequency that the parts can
  /// show.
  public var limit: Double { Double(sampleRate) / (2 * Double(parts)) }

  /// Half the sampling rate, in Hz: the highest frequency that the recording can show.
  public var recordingLimit: Double { Double(sampleRate) / 2 }

  /// Frequency of a bin in Hz, correctly rounded.
  public func frequency(of bin: Int) -> Double {
    Double(bin * sampleRate) / Double(parts * transformLength)
  }

  /// Whether a bin is its own mirror image (DC, and Nyquist of an even length), so that all of its
  /// amplitude is in the bin and not half of it in a negative frequency.
  public func isUnpaired(_ bin: Int) -> Bool { bin == 0 || 2 * bin == transformLength }

  /// First bin at or above a frequency in Hz; may be beyond the last bin.
  public func firstBin(atOrAbove frequency: Double) -> Int {
    guard frequency > 0 else { return 0 }
    var bin = Int(min((frequency / spacing).rounded(.up), Double(count)))
    while bin > 0, self.frequency(of: bin - 1) >= frequency { bin -= 1 }
    while bin < count, self.frequency(of: bin) < frequency { bin += 1 }
    return bin
  }

  /// The bins that a band keeps: those with low < f < high.
  ///
  /// In a decimated spectrum only bins below floor(N / 2) count as inside a band. This convention
  /// gives the textbook's 16,578,390 points for its recording in 8 parts.
  public func bins(in band: FrequencyBand) -> Range<Int> {
    guard case .between(let low, let high) = band else { return 0..<count }
    var first = firstBin(atOrAbove: low)
    if first < count, frequency(of: first) == low { first += 1 }
    let top = parts == 1 ? count : transformLength / 2
    let end = min(firstBin(atOrAbove: high), top)
    return first..<max(first, end)
  }
}

/// The frequencies that are kept.
public enum FrequencyBand: Sendable, Equatable, CustomStringConvertible {
  /// From 0 to half the sampling rate: every bin, DC and Nyquist included.
  case full
  /// Bins with low < f < high, in Hz; 0 <= low < high, and low is 0 or at least ``lowest``.
  case between(low: Double, high: Double)

  /// The least lower end of a band but 0, in Hz: ratios of frequencies are finite above.
  public static let lowest = 1e-12

  /// 20 Hz to 20 kHz, what people hear.
  public static let audible = FrequencyBand.between(low: 20, high: 20000)

  /// As on the command line: `full`, or `20.0:20000.0`.
  public var description: String {
    switch self {
    case .full: "full"
    case .between(let low, let high): "\(low):\(high)"
    }
  }
}
