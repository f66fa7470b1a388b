// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSpectrum
import WavSystem
import WavTransforms

/// The result of analysing a file.
public struct Analysis {
  /// What was asked for.
  public let request: AnalysisRequest
  /// The file.
  public let file: SoundFile
  /// The samples that were selected.
  public let selection: SampleSelection
  /// Samples used and transform length, of one part.
  public let length: TransformLength
  /// Arithmetic used.
  public let precision: Precision
  /// What the selected samples say by themselves.
  public let levels: RecordingLevels
  /// The spectrum in fine bands: at least as many as asked for, of which rows are made.
  public let spectrum: Spectrum
  /// The energy outside of the band; nil for silence and for decimated spectra.
  public let surroundings: Surroundings?
  /// The rows asked for; bands if every bin was asked for.
  public let rows: [BandRow]
  /// What decimation took; nil for the exact method.
  public let loss: NyquistLoss?
  /// The strongest peaks, strongest first.
  public let peaks: [Peak]
  /// How the transform was computed.
  public let algorithm: String
  /// Where the samples were read from.
  public let sampleSource: SampleSource
  /// Memory that the coordinator and the workers shared.
  public let memory: SharedMemoryUse
  /// Seconds spent, in order.
  public internal(set) var timings: [Timing]

  /// What the recording lacks at its end, if that is why less was analysed than was asked for.
  public var truncation: Truncation? {
    guard request.salvages, selection.start + selection.count == file.frames else { return nil }
    return file.truncation
  }

  /// The tuning that the peaks agree on, if they do.
  public var tuning: Tuning? { Tuning(peaks, a4: request.a4) }

  /// Samples at the end that are in no part, since the parts are of equal length.
  public var unusedSamples: Int { selection.count - length.samples * request.method.parts }
}

/// Where samples were read from.
public enum SampleSource: String, Sendable {
  /// The mapped file itself.
  case mapped = "mapped file"
  /// Shared memory that the workers decoded the file into.
  case decoded = "decoded into shared memory"
}

/// Seconds that one phase took.
public struct Timing: Sendable, Equatable {
  /// What was done: "columns".
  public let phase: String
  /// How long it took, in seconds.
  public let seconds: Double
}
