// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSpectrum
import WavSystem
import WavTransforms

/// The result of analysing a file.
public struct Analysis {
  /// The request.
  public let request: AnalysisRequest
  /// The file.
  public let file: SoundFile
  /// The samples that were selected.
  public let selection: SampleSelection
  /// Samples used and transform length, of one part.
  public let length: TransformLength
  /// Arithmetic used.
  public let precision: Precision
  /// Levels of the selected samples.
  public let levels: RecordingLevels
  /// The spectrum in fine bands, at least as many as the rows, which are merged from them.
  public let spectrum: Spectrum
  /// The energy outside the band; nil for silence and for decimated spectra.
  public let surroundings: Surroundings?
  /// The requested rows; bands also if every bin was requested.
  public let rows: [BandRow]
  /// Every bin in the band, if they were asked for.
  public let everyBin: KeptBins?
  /// What decimation removed; nil for the exact method.
  public let loss: NyquistLoss?
  /// The strongest peaks, in descending order.
  public let peaks: [Peak]
  /// How the transform was computed.
  public let algorithm: String
  /// Where the samples were read from.
  public let sampleSource: SampleSource
  /// Memory of the samples, the transform and the result, which workers share.
  public let memory: MemoryUse
  /// The disk used by a transform that does not fit into memory; nil for one in memory.
  public let disk: DiskUse?
  /// Seconds of each phase, in order.
  public internal(set) var timings: [Timing]

  /// What the recording lacks at its end; nil if the analysed part is complete.
  public var truncation: Truncation? {
    guard request.salvages, selection.start + selection.count == file.frames else { return nil }
    return file.truncation
  }

  /// The tuning of the peaks; nil if they do not agree on one.
  public var tuning: Tuning? { Tuning(peaks, a4: request.a4) }

  /// Number of samples at the end that are in no part, because all parts have the same length.
  public var unusedSamples: Int { selection.count - length.samples * request.method.parts }
}

/// Where samples were read from.
public enum SampleSource: String, Sendable {
  /// The mapped file itself.
  case mapped = "mapped file"
  /// Shared memory into which the workers decoded the file.
  case decoded = "decoded into shared memory"
  /// The file itself, read in pieces.
  case read = "file, read in pieces"
  /// A scratch file to which the workers decoded the file.
  case decodedToDisk = "decoded to a scratch file"
}

/// Wall time of one phase.
public struct Timing: Sendable, Equatable {
  /// Name of the phase: "columns".
  public let phase: String
  /// Its duration in seconds.
  public let seconds: Double
}
