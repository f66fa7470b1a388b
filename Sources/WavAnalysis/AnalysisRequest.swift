// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavAudio
import WavExport
import WavSamples
import WavSpectrum
import WavSystem
import WavTransforms

/// What to compute from which file, with all choices made.
public struct AnalysisRequest: Sendable {
  /// Path of the audio file, or its name in reports and messages.
  public var path: String
  /// The audio file if it is already open, such as a copy of standard input; it then has no path.
  public var descriptor: FileDescriptor?
  /// Whether to analyse what is left of a truncated recording.
  public var salvages = false
  /// How the spectrum is computed.
  public var method: MethodDescription
  /// The channel, or how channels are combined.
  public var channel = ChannelSelection.mix
  /// Beginning of the part in seconds; nil for the beginning of the recording.
  public var start: Double?
  /// Length of the part in seconds; nil for the rest of the recording.
  public var duration: Double?
  /// The frequencies kept.
  public var band = FrequencyBand.audible
  /// Rows of the result.
  public var points = Points.bands(AnalysisRequest.defaultBands)
  /// What rows of every bin hold, and what is kept of every bin; complex values are those of one part.
  public var values = BinValues.magnitude
  /// The bands whose powers are the rows instead; nil for ``points``.
  public var bandScheme: BandScheme?
  /// The frequency weighting of bands; nil for none.
  public var weighting: FrequencyWeighting?
  /// How a spectrogram is reduced; nil for the usual choice.
  public var spectrogram: SpectrogramChoice?
  /// How figures are drawn; the frequency axis is also that of a spectrogram's rows.
  public var figure = FigureChoice()
  /// Where tables say how they were made.
  public var header = TableHeader.plain
  /// What levels in figures are in; nil for dBFS.
  public var reference: LevelReference?
  /// Number of worker processes; 0 computes in the calling process, for a process that is itself a worker.
  ///
  /// A crash of libsndfile then ends the calling process.
  public var workers: Int
  /// Who sees the memory of the run; with `.process` no worker may be wanted.
  public var memory = MemoryScope.workers
  /// Seconds after which a worker that makes no progress is replaced.
  public var stallTimeout = 60.0
  /// Seconds after which the workers are stopped; nil for no limit.
  public var timeLimit: Double?
  /// Bytes of memory for all processes together; nil for a share of the available memory.
  public var memoryLimit: Int?
  /// Folder for what does not fit into memory, spelled; nil for the temporary folder.
  public var scratchFolder: String?
  /// Whether every bin in the band is kept in the result.
  public var keepsEveryBin = false
  /// The size of pages among the outputs, which are reduced from every bin; nil if there are none.
  public var page: PageSize?
  /// The number of results that share a page, for which the result keeps its part; nil for a page of its own.
  public var sharesPage: Int?
  /// Number of peaks to list.
  public var peaks = 10
  /// The minimum distance between two listed peaks.
  ///
  /// With nil, resolved lines are listed however close they are, but only one maximum of each note.
  public var peakDistance: PeakDistance?
  /// Frequency of the note A4 in Hz, the reference of note names and cents.
  public var a4 = 440.0
  /// The names of settings in reports and figures.
  public var names = SettingNames()

  /// Number of rows if none is chosen.
  public static let defaultBands = 4096

  /// A request with default values for everything else.
  public init(path: String, method: MethodDescription, workers: Int) {
    self.path = path
    self.method = method
    self.workers = workers
  }
}

extension AnalysisRequest {
  /// Number of results in the page.
  var pageCurves: Int { max(1, sharesPage ?? 1) }
}

/// The rows of the result.
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
