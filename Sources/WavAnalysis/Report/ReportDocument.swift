// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavExport
import WavSpectrum

/// The report as data: everything that is needed to interpret and to repeat the analysis.
///
/// Keys are in snake case and include units. Infinite levels, those of silence, are null.
public struct ReportDocument: Codable, Sendable {
  /// The file and the selected part.
  public struct Input: Codable, Sendable {
    package var path: String
    package var container: String
    package var encoding: String
    package var sampleRateHz: Int
    package var channels: Int
    package var frames: Int
    package var channel: String
    package var startFrame: Int
    package var selectedFrames: Int
    package var source: String
    package var isTruncated: Bool?
    package var missingFrames: Int?
  }

  /// Levels of the selected samples; docs/numbers.md defines all of them.
  public struct Signal: Codable, Sendable {
    package var rmsDbfs: Double?
    package var samplePeakDbfs: Double?
    package var crestFactorDb: Double?
    package var dcOffsetFs: Double?
    package var clippedSamples: Int?
    package var clippedRuns: Int?
    package var samplesAboveFullScale: Int?
    package var energyShareBelowBand: Double?
    package var lineBelowBandHz: Double?
    package var energyShareAboveBand: Double?
    package var lineAboveBandHz: Double?
    package var mixLossDb: Double?
    package var channelsCancel: Bool?

    init(_ levels: RecordingLevels, _ surroundings: Surroundings?) {
      func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
      rmsDbfs = finite(levels.rms)
      samplePeakDbfs = finite(levels.peak)
      crestFactorDb = finite(levels.crestFactor)
      dcOffsetFs = levels.offset
      clippedSamples = levels.clipping?.samples
      clippedRuns = levels.clipping?.runs
      samplesAboveFullScale = levels.samplesAboveFullScale
      energyShareBelowBand = surroundings?.below.share
      lineBelowBandHz = surroundings?.below.line
      energyShareAboveBand = surroundings?.above.share
      lineAboveBandHz = surroundings?.above.line
      mixLossDb = finite(levels.mixLoss)
      channelsCancel = levels.mixLoss.map { _ in levels.channelsCancel }
    }

    /// Encodes values that do not apply as null.
    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(rmsDbfs, forKey: .rmsDbfs)
      try values.encode(samplePeakDbfs, forKey: .samplePeakDbfs)
      try values.encode(crestFactorDb, forKey: .crestFactorDb)
      try values.encode(dcOffsetFs, forKey: .dcOffsetFs)
      try values.encode(clippedSamples, forKey: .clippedSamples)
      try values.encode(clippedRuns, forKey: .clippedRuns)
      try values.encode(samplesAboveFullScale, forKey: .samplesAboveFullScale)
      try values.encode(energyShareBelowBand, forKey: .energyShareBelowBand)
      try values.encode(lineBelowBandHz, forKey: .lineBelowBandHz)
      try values.encode(energyShareAboveBand, forKey: .energyShareAboveBand)
      try values.encode(lineAboveBandHz, forKey: .lineAboveBandHz)
      try values.encode(mixLossDb, forKey: .mixLossDb)
      try values.encode(channelsCancel, forKey: .channelsCancel)
    }
  }

  /// How the spectrum was computed.
  public struct Transform: Codable, Sendable {
    package var method: String
    /// Every parameter of the method as text, by its name; nil in documents of earlier versions.
    package var parameters: [String: String]?
    package var parts: Int
    package var algorithm: String
    package var precision: String
    package var usedSamples: Int
    package var unusedSamples: Int
    package var length: Int
    package var zeros: Int
    package var binSpacingHz: Double
    package var limitHz: Double
    package var window: Window
    package var segments: Segments?
  }

  /// Memory shared by the workers.
  public struct Memory: Codable, Sendable {
    package var bytes: Int
    package var kind: String
  }

  /// The disk used by a transform that does not fit into memory.
  public struct Disk: Codable, Sendable {
    package var bytes: Int
    package var folder: String
    package var memoryLimitBytes: Int?
    package var workers: Int
  }

  /// The window and its sums.
  public struct Window: Codable, Sendable {
    package var name: String
    package var sum: Double
    package var squareSum: Double
    package var coherentGain: Double
    package var noiseBandwidthHz: Double
  }

  /// The frequencies kept.
  public struct Band: Codable, Sendable {
    package var lowHz: Double
    package var highHz: Double
    package var points: Int
    package var rows: Int
  }

  /// What decimation removed.
  public struct Loss: Codable, Sendable {
    package var limitHz: Double
    package var originalLimitHz: Double
    package var bandShare: Double
    package var octaves: Double
    package var bandOctaves: Double?
    package var energyShareAbove: Double?
    package var energyMethod: String

    /// Encodes unknown and infinite values as null.
    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(limitHz, forKey: .limitHz)
      try values.encode(originalLimitHz, forKey: .originalLimitHz)
      try values.encode(bandShare, forKey: .bandShare)
      try values.encode(octaves, forKey: .octaves)
      try values.encode(bandOctaves, forKey: .bandOctaves)
      try values.encode(energyShareAbove, forKey: .energyShareAbove)
      try values.encode(energyMethod, forKey: .energyMethod)
    }
  }

  /// A spectral peak.
  public struct PeakEntry: Codable, Sendable {
    package var frequencyHz: Double
    package var levelDbfs: Double
    package var aboveFloorDb: Double?
    /// `line` or `note`; nil in documents of earlier versions.
    package var shape: String?
    package var note: String?
    package var cents: Double?
  }

  /// The tuning of the peaks.
  public struct TuningEntry: Codable, Sendable {
    package var a4Hz: Double
    package var cents: Double
    package var deviationCents: Double
    package var peaks: Int
  }

  /// A row of the spectrum: a band, or a bin, which has no edges and no power.
  public struct Row: Codable, Sendable {
    package var frequencyHz: Double
    package var magnitude: Double
    package var levelDbfs: Double?
    package var lowHz: Double?
    package var highHz: Double?
    package var power: Double?
    /// Of averages over segments: the mean density of the bins.
    package var densityFs2PerHz: Double?
    package var densityDb: Double?

    /// The row of a band; `density` in FS^2/Hz is that of an average over segments.
    package init(_ row: BandRow, density: Double? = nil) {
      densityFs2PerHz = density
      densityDb = density.map(PowerDensity.decibels).flatMap { $0.isFinite ? $0 : nil }
      frequencyHz = row.frequency
      magnitude = row.magnitude
      levelDbfs = row.level.isFinite ? row.level : nil
      lowHz = row.lowEdge
      highHz = row.highEdge
      power = row.power
    }

    /// The row of a bin of an average over segments.
    init(frequency: Double, magnitude: Double, level: Double, density: Double) {
      frequencyHz = frequency
      self.magnitude = magnitude
      levelDbfs = level.isFinite ? level : nil
      densityFs2PerHz = density
      densityDb = density > 0 ? PowerDensity.decibels(density) : nil
    }

    /// Encodes the level of silence as null.
    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(frequencyHz, forKey: .frequencyHz)
      try values.encode(magnitude, forKey: .magnitude)
      try values.encode(levelDbfs, forKey: .levelDbfs)
      if densityFs2PerHz != nil {
        try values.encode(densityFs2PerHz, forKey: .densityFs2PerHz)
        try values.encode(densityDb, forKey: .densityDb)
        // Bins have no edges.
        guard lowHz != nil else { return }
      }
      try values.encode(lowHz, forKey: .lowHz)
      try values.encode(highHz, forKey: .highHz)
      try values.encode(power, forKey: .power)
    }
  }

  /// The segments of an average.
  public struct Segments: Codable, Sendable {
    package var count: Int
    package var length: Int
    package var hop: Int
    package var overlap: Double
    package var average: String
    package var detrend: String
    package var degreesOfFreedom: Double
    /// The true level is within this interval around the averaged one with 95 % probability, for Gaussian noise.
    package var intervalDb: [Double]

    init(_ density: PowerDensity) {
      let layout = density.segments
      (count, length, hop) = (layout.count, layout.length, layout.hop)
      overlap = density.segmentation.overlap
      average = density.segmentation.average.rawValue
      detrend = density.segmentation.detrend.rawValue
      degreesOfFreedom = density.statistics.degreesOfFreedom
      let interval = density.statistics.interval()
      intervalDb = [interval.lowerBound, interval.upperBound]
    }
  }

  /// The level of a full-scale sine in another unit.
  public struct Reference: Codable, Sendable {
    package var offsetDb: Double
    package var unit: String
  }

  /// What levels refer to.
  static let levelReference = "dBFS by AES17: a sine of amplitude 1 is 0 dBFS"
  /// What densities refer to.
  static let densityReference = "dB re 1 FS^2/Hz, one-sided"

  /// Nil in documents of earlier versions.
  package var schema: String? = DocumentSchema.spectrum
  package var program = "wavfft"
  package var version = programVersion
  package var input: Input
  package var signal: Signal?
  package var transform: Transform
  package var band: Band
  package var levelReference = Self.levelReference
  /// What 0 dBFS stands for, if that is known.
  package var reference: Reference?
  package var densityReference: String?
  package var proportionalBands: ProportionalBands?
  package var spectrogram: Spectrogram?
  package var loss: Loss?
  package var peaks: [PeakEntry]
  package var tuning: TuningEntry?
  package var sharedMemory: Memory?
  package var disk: Disk?
  package var timingsSeconds: [String: Double]?
  package var spectrum: [Row]?
  /// Options of the user's file of defaults that hold; reports on stdout have them.
  public var defaults: OptionDefaults?

  /// Creates the report of an analysis.
  ///
  /// - Parameters:
  ///   - analysis: The analysis.
  ///   - withTimings: Whether to include the durations of all phases.
  ///   - isOfFile: Whether the report is for a file of the spectrum, whose bytes must not depend on
  ///     the machine.
  public init(_ analysis: Analysis, withTimings: Bool, ofFile isOfFile: Bool = false) {
    let (file, selection, spectrum) = (analysis.file, analysis.selection, analysis.spectrum)
    let (grid, scaling) = (spectrum.grid, spectrum.scaling)
    input = Input(
      path: file.path, container: file.container, encoding: file.encoding,
      sampleRateHz: file.sampleRate, channels: file.channels, frames: file.frames,
      channel: selection.channel.description, startFrame: selection.start,
      selectedFrames: selection.count, source: analysis.sampleSource.rawValue)
    if let truncation = analysis.truncation {
      input.isTruncated = true
      if case .frames(let missing) = truncation { input.missingFrames = missing }
    }
    signal = Signal(analysis.levels, analysis.surroundings)
    transform = Transform(
      method: analysis.request.method.name.rawValue,
      parameters: analysis.request.method.texts, parts: grid.parts,
      algorithm: analysis.algorithm,
      precision: analysis.precision.rawValue,
      usedSamples: analysis.usedSamples, unusedSamples: analysis.unusedSamples,
      length: analysis.length.length, zeros: analysis.length.zeros, binSpacingHz: grid.spacing,
      limitHz: grid.limit,
      window: Window(
        name: scaling.windowName, sum: scaling.windowSum, squareSum: scaling.windowSquareSum,
        coherentGain: scaling.coherentGain,
        noiseBandwidthHz: scaling.noiseBandwidth(sampleRate: grid.sampleRate)),
      segments: analysis.density.map(Segments.init))
    reference = analysis.request.reference.map {
      Reference(offsetDb: $0.offset, unit: $0.unit)
    }
    if analysis.density != nil { densityReference = Self.densityReference }
    band = Band(
      lowHz: spectrum.range.lowerBound, highHz: spectrum.range.upperBound,
      points: spectrum.bins.count,
      rows: analysis.request.points == .all ? spectrum.bins.count : analysis.rows.count)
    proportionalBands = analysis.bandLevels.map(ProportionalBands.init)
    spectrogram = analysis.levelGrid.map { grid in
      Spectrogram(
        grid, segmentsPerColumn: analysis.segmentsPerColumn,
        (analysis.request.spectrogram ?? SpectrogramChoice()).spacing)
    }
    loss = analysis.loss.map {
      Loss(
        limitHz: $0.limit, originalLimitHz: $0.originalLimit, bandShare: $0.lostShare,
        octaves: $0.lostOctaves, bandOctaves: $0.bandOctaves,
        energyShareAbove: $0.energyShareAbove, energyMethod: $0.energyMethod.rawValue)
    }
    peaks = analysis.peaks.map {
      PeakEntry(
        frequencyHz: $0.frequency, levelDbfs: $0.level, aboveFloorDb: $0.aboveFloor,
        shape: $0.shape.rawValue, note: $0.note?.name,
        cents: $0.note?.cents)
    }
    tuning = analysis.tuning.map {
      TuningEntry(
        a4Hz: $0.a4, cents: $0.cents, deviationCents: $0.deviation, peaks: $0.peakCount)
    }
    if withTimings {
      timingsSeconds = Dictionary(
        (analysis.timings + (analysis.disk?.timings ?? [])).map { ($0.phase, $0.seconds) },
        uniquingKeysWith: +)
    }
    if !isOfFile {
      sharedMemory = Memory(bytes: analysis.memory.byteCount, kind: analysis.memoryInWords)
      disk = analysis.disk.map {
        Disk(
          bytes: $0.byteCount, folder: $0.folder, memoryLimitBytes: $0.memory, workers: $0.workers)
      }
    }
  }

  /// The report as JSON text, keys sorted, with a newline at the end.
  public func json() throws -> String { try jsonText(self) }
}
