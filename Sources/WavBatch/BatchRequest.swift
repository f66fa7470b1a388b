// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport

/// The channels of each file that a batch analyses.
public enum BatchChannels: Sendable, Equatable {
  /// The channel, or mix, of the request.
  case one
  /// All channels, each with its own outputs.
  case each
}

/// What a batch does, with all choices made.
public struct BatchRequest: Sendable {
  /// All inputs, sorted; a shard takes some of them.
  public var inputs: [BatchInput]
  /// The folder of the outputs.
  public var outputFolder: String
  /// What to compute from each file.
  ///
  /// The batch replaces its path; `workers` is the number for all files together.
  public var analysis: AnalysisRequest
  /// Which channels.
  public var channels = BatchChannels.one
  /// The formats of the outputs of each file.
  public var formats = BatchRequest.usualFormats
  /// The format of the summary.
  public var summaryFormat = SummaryFormat.csv
  /// The bands whose levels are columns of the summary.
  public var summaryBands: [SummaryBand] = []
  /// The shard to run; nil for all inputs.
  public var shard: Shard?
  /// Whether to skip files that an earlier run has done with the same options.
  public var isResuming = false
  /// Whether outputs and summary may replace files that the program did not write.
  public var isForcing = false
  /// Whether the first failure ends the batch.
  public var stopsAtFailure = false
  /// Number of further attempts for a file that crashed its worker or took too long.
  public var retries = 1
  /// Bytes of memory for all workers together; nil for half of the available memory.
  public var memoryLimit: Int?
  /// Whether the summary has the seconds of each file.
  public var recordsSeconds = true

  /// The formats if none are chosen.
  public static let usualFormats: [Exporter] = [.svg, .csv]

  /// Whether a document beside a table of this format says how it was made.
  func hasSidecar(_ format: Exporter) -> Bool {
    analysis.header == .sidecar && format.isBareTable
  }

  /// The extensions of all outputs of a file: `svg`, `csv`, `csv.json`.
  var extensions: [String] {
    formats.flatMap { format in
      [format.fileExtension]
        + (hasSidecar(format) ? [format.fileExtension + TableSidecar.suffix] : [])
    }
  }

  /// A batch with default values for everything else.
  public init(inputs: [BatchInput], outputFolder: String, analysis: AnalysisRequest) {
    self.inputs = inputs
    self.outputFolder = outputFolder
    self.analysis = analysis
  }

  /// Whether it writes an index page: its recordings have pages that the index can link to.
  var writesIndex: Bool { formats.contains(where: \.isPage) }

  /// The options that decide the bytes of the outputs.
  var options: OptionsInWords {
    OptionsInWords(
      analysis, channel: channels == .each ? "each" : analysis.channel.description,
      formats: formats, bands: summaryBands)
  }
}

/// The result of a batch.
public struct BatchResult: Sendable {
  /// Number of files of the batch, or of its shard.
  public var files = 0
  /// Number of files whose outputs exist, including those of an earlier run.
  public var done = 0
  /// Number of these that an earlier run had done.
  public var skipped = 0
  /// Number of files that failed.
  public var failed = 0
  /// Bytes of the inputs of this run.
  public var byteCount = 0
  /// Wall time of this run in seconds.
  public var seconds = 0.0
  /// Path of the summary.
  public var summaryPath: String
  /// Path of the index page; nil if there is none.
  public var indexPath: String?
  /// The signal that ended the batch early; nil if none did.
  public var signal: Int32?
}

/// The progress of a batch.
public struct BatchProgress: Sendable {
  /// Number of files of this run.
  public var files: Int
  /// Number of files finished, including failed ones.
  public var finished: Int
  /// Number of files that failed.
  public var failed: Int
  /// Bytes of the inputs of this run.
  public var byteCount: Int
  /// Bytes of the inputs that are finished.
  public var finishedBytes: Int
  /// Seconds since the beginning.
  public var seconds: Double
  /// The file that has been in work longest, and for how many seconds.
  public var slowest: (path: String, seconds: Double)?
}
