// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavExport
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
  /// Samples used and transform length, of one part or segment.
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
  /// The powers of proportional bands, if they were asked for.
  public let bandLevels: BandLevels?
  /// Every bin in the band, if they were asked for.
  public let everyBin: KeptBins?
  /// What kind of result the method has.
  public let kind: ResultKind
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
  /// What would be in its page, if that was asked for.
  public internal(set) var pageContents: PageContents?

  /// How its tables were made, if they say it.
  var tableFacts: TableFacts?

  /// What the recording lacks at its end; nil if the analysed part is complete.
  public var truncation: Truncation? {
    guard request.salvages, selection.start + selection.count == file.frames else { return nil }
    return file.truncation
  }

  /// The tuning of the peaks; nil if they do not agree on one.
  public var tuning: Tuning? { Tuning(peaks, a4: request.a4) }

  /// Number of samples at the end that are in no part or segment, because all of these have the same length.
  public var unusedSamples: Int { selection.count - usedSamples }

  /// Number of samples that are in a part or a segment.
  public var usedSamples: Int {
    density?.segments.usedCount ?? length.samples * request.method.parts
  }

  /// What decimation removed; nil for all other methods.
  public var loss: NyquistLoss? {
    if case .lines(let loss) = kind { return loss }
    return nil
  }

  /// The average over segments; nil for methods without.
  public var density: PowerDensity? { kind.density }

  /// The levels over time; nil for methods without.
  public var levelGrid: LevelGrid? {
    if case .levels(let grid, _) = kind { return grid }
    return nil
  }

  /// The most segments in a column of a spectrogram; the last column may have fewer.
  var segmentsPerColumn: Int {
    guard case .levels(let grid, let density) = kind else { return 1 }
    return (density.segments.count + grid.columnCount - 1) / grid.columnCount
  }
}

/// The kinds of results.
///
/// All of them have magnitudes over frequency.
public enum ResultKind: Sendable {
  /// Lines over frequency, from one transform of all samples, and what decimation removed, if it did.
  case lines(loss: NyquistLoss?)
  /// Power density over frequency, averaged over segments.
  case density(PowerDensity)
  /// Levels over time and frequency, and the same segments averaged.
  case levels(LevelGrid, PowerDensity)

  /// The average over segments; nil for lines.
  var density: PowerDensity? {
    switch self {
    case .lines: nil
    case .density(let density), .levels(_, let density): density
    }
  }
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
