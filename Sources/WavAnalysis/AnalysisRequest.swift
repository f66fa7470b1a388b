// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavAudio
import WavExport
import WavSamples
import WavSpectrum
import WavTransforms

/// What to compute of which file, with every choice made.
public struct AnalysisRequest: Sendable {
  /// Path of the audio file, or what it is called.
  public var path: String
  /// The audio file if it is open already, such as what came through standard input; it has no path then.
  public var descriptor: FileDescriptor?
  /// Whether what a truncated recording still has is analysed.
  public var salvages = false
  /// How the spectrum is computed.
  public var method: MethodDescription
  /// Which samples of a frame make the signal.
  public var channel = ChannelSelection.mix
  /// Where to begin, in seconds; nil for the beginning.
  public var start: Double?
  /// How long, in seconds; nil for all that follows.
  public var duration: Double?
  /// The frequencies kept.
  public var band = FrequencyBand.audible
  /// Rows of the result.
  public var points = Points.bands(4096)
  /// Number of worker processes; 0 computes in the calling process, where nothing protects it from a
  /// crash of libsndfile: for a process that is itself a worker.
  public var workers: Int
  /// Seconds after which a worker that makes no progress is replaced.
  public var stallTimeout = 60.0
  /// Seconds that the workers may take; nil without any limit.
  public var timeLimit: Double?
  /// Number of peaks to list.
  public var peaks = 10
  /// The least distance of two listed peaks; nil lists resolved lines however close they are, and one
  /// maximum of each note.
  public var peakDistance: PeakDistance?
  /// Frequency of the note A4 in Hz, which names and cents of notes refer to.
  public var a4 = 440.0

  /// A request with default choices for everything else.
  public init(path: String, method: MethodDescription, workers: Int) {
    self.path = path
    self.method = method
    self.workers = workers
  }
}

/// How finely the result is divided.
public enum Points: Sendable, Equatable, CustomStringConvertible {
  /// Log-spaced bands, this many.
  case bands(Int)
  /// Every bin.
  case all

  /// As on the command line: `4096`, or `all`.
  public var description: String {
    switch self {
    case .bands(let count): String(count)
    case .all: "all"
    }
  }
}
