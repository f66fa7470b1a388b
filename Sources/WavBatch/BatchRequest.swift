// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport

/// Which channels of each file of a batch are analysed.
public enum BatchChannels: Sendable, Equatable {
  /// The one that the request names.
  case one
  /// Each of them, with outputs of its own.
  case each
}

/// What a batch is to do, with every choice made.
public struct BatchRequest: Sendable {
  /// All inputs, sorted; a shard takes some of them.
  public var inputs: [BatchInput]
  /// The folder of the outputs.
  public var outputFolder: String
  /// What to compute of each file; its path is replaced, `workers` is the number for all files together.
  public var analysis: AnalysisRequest
  /// Which channels.
  public var channels = BatchChannels.one
  /// What to write of each file.
  public var formats: [Exporter] = [.svg, .csv]
  /// How the summary is written.
  public var summaryFormat = SummaryFormat.csv
  /// Bands whose levels the summary has columns for.
  public var summaryBands: [SummaryBand] = []
  /// The part of the inputs to do; nil for all of them.
  public var shard: Shard?
  /// Whether files that are done already, with the same options, are left alone.
  public var isResuming = false
  /// Whether outputs and the summary replace files that the program did not write.
  public var isForcing = false
  /// Whether the first failure ends the batch.
  public var stopsAtFailure = false
  /// How many times a file is tried again that crashed its worker or took too long.
  public var retries = 1
  /// Bytes of memory that all workers may take together; nil for half of what is available.
  public var memoryLimit: Int?
  /// Whether the summary tells how long each file took.
  public var recordsSeconds = true

  /// A batch with default choices for everything else.
  public init(inputs: [BatchInput], outputFolder: String, analysis: AnalysisRequest) {
    self.inputs = inputs
    self.outputFolder = outputFolder
    self.analysis = analysis
  }

  /// The options that decide what outputs look like.
  var options: OptionsInWords {
    OptionsInWords(
      analysis, channel: channels == .each ? "each" : analysis.channel.description,
      formats: formats, bands: summaryBands)
  }
}

/// How a batch ended.
public struct BatchResult: Sendable {
  /// Files of the batch, or of its shard.
  public var files = 0
  /// Files whose outputs are there, those of an earlier run included.
  public var done = 0
  /// Of these, files that an earlier run had done.
  public var skipped = 0
  /// Files that failed.
  public var failed = 0
  /// Bytes of the inputs that were read in this run.
  public var byteCount = 0
  /// Seconds that this run took.
  public var seconds = 0.0
  /// Where the summary is.
  public var summaryPath: String
  /// The signal that ended it early, if one did.
  public var signal: Int32?
}

/// How far a batch is.
public struct BatchProgress: Sendable {
  /// Files of this run.
  public var files: Int
  /// Files done, failed ones included.
  public var finished: Int
  /// Files failed.
  public var failed: Int
  /// Bytes of the inputs of this run.
  public var byteCount: Int
  /// Bytes of the inputs done.
  public var finishedBytes: Int
  /// Seconds since the beginning.
  public var seconds: Double
  /// The file that has been in work longest, and since when in seconds.
  public var slowest: (path: String, seconds: Double)?
}
