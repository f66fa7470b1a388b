// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSystem

/// The comparison of a spectrum with a reference spectrum: all metrics, and the verdict.
public struct Comparison: Sendable {
  /// Path of the spectrum.
  public let path: String
  /// Path of the reference.
  public let referencePath: String
  /// The conditions.
  public let tolerances: Tolerances
  /// The names of settings in reports.
  let names: SettingNames
  /// The pitch of the note A4 in Hz, in words, figure and page.
  let a4: Double
  /// Sums and extremes over all rows.
  let totals: BlockTotals
  /// Frequency in Hz of the row with the greatest difference.
  public let greatestFrequency: Double
  /// The constant difference of levels in dB that was subtracted; 0 if none was requested.
  public let removedOffset: Double
  /// The best-fitting difference of levels in dB.
  ///
  /// By least squares over the magnitudes, 20 log10(sum a b / sum b^2), before any was subtracted;
  /// nil if one spectrum is silent.
  public let offset: Double?
  /// The powers of both in third-octave bands; empty if they are unknown or not limited.
  public let bands: [BandDifference]
  /// Noise that was added or is gone; nil if there is none, or if it cannot be decided.
  let noise: (added: AddedNoise?, gone: AddedNoise?)
  /// Bin spacing in Hz, as far as known.
  let spacing: Double
  /// Tells steady lines of both sides; nil if powers are unknown.
  let concentration: (spectrum: Concentration?, reference: Concentration?)
  /// The ratio by which all lines have moved; nil if they have not, or if they disagree.
  let commonRatio: CommonRatio?
  /// Whether the two are the same except for a constant gain, which counts as a difference.
  public let isGain: Bool
  /// Whether rows may in addition differ by chance, because they are averages over segments.
  let allowsChanceInRows: Bool
  /// Further facts on the difference, as sentences; callers may add their own.
  public var notes: [String] = []
  /// Columns of the figure that have rows, from low to high frequencies.
  let columns: [ColumnTotals]
  /// The strongest peaks of the reference with their counterparts.
  public let peaks: [PeakPair]
  /// The strongest peaks of the spectrum with their counterparts in the reference.
  let ownPeaks: [PeakPair]
  /// How the two were made, as far as known.
  let facts: (spectrum: SpectrumFacts, reference: SpectrumFacts)
  /// The comparisons of the channels and of their differences; empty for a single signal.
  public internal(set) var channels: [Comparison] = []
  /// What has happened to the channels, as a sentence; nil if nothing was found.
  public internal(set) var relation: String?
  /// A clause if the two have different numbers of channels; otherwise nil.
  var channelViolation: String?

  /// Compares two spectra.
  ///
  /// - Parameters:
  ///   - spectrum: The spectrum.
  ///   - reference: The reference.
  ///   - rules: The conditions, and how to make the two comparable.
  /// - Throws: ``ComparisonError`` when the two cannot be compared, `RunFailure`, `SystemError`, or
  ///   `Interruption`.
  @available(*, noasync)
  public init(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum, _ rules: ComparisonRules
  ) throws {
    var tolerances = rules.tolerances
    let workers = rules.workers
    let learned = tolerances.isEmpty ? reference.learned : nil
    let isDefault = tolerances.isEmpty && learned == nil
    tolerances = learned.map(tolerances.with) ?? tolerances.completed
    names = rules.names
    a4 = rules.a4
    path = spectrum.path
    referencePath = reference.path
    facts = (spectrum.facts, reference.facts)
    var alignment = try Alignment(
      spectrum, reference, isResampling: rules.isResampling,
      ignoresParameters: rules.ignoresParameters)
    if isDefault, alignment.isRowByRow {
      alignment.chance = try Alignment.chance(spectrum, reference)
    }
    allowsChanceInRows = alignment.chance != nil
    var results = try ComparisonResults.of(alignment, tolerances, offset: 0, workers: workers)
    offset = results.totals.offset
    removedOffset = tolerances.ignoresOffset ? offset ?? 0 : 0
    if removedOffset != 0 {
      results = try .of(alignment, tolerances, offset: removedOffset, workers: workers)
    }
    totals = results.totals
    columns = results.columns.filter { $0.rows > 0 }
    let row = totals.greatestRow
    greatestFrequency =
      try columns.first { $0.differenceRow == row }?.differenceFrequency
      ?? alignment.reference.frequency(of: row)
    try Self.requireSameFrequencies(totals, spectrum, reference)
    let powers = Self.powers(spectrum, reference, alignment, results)
    bands = powers?.differences(tolerances, offset: removedOffset) ?? []
    isGain = try Self.isGain(results, powers, alignment, tolerances, workers)
    let curves = columns.curves
    let removed = removedOffset
    let listed = spectrum.peaks?.map {
      SpectrumPoint(frequency: $0.frequency, level: $0.level - removed)
    }
    peaks = PeakPair.pairs(listed, reference.peaks, curves.spectrum, curves.reference)
    ownPeaks = PeakPair.pairs(reference.peaks, listed, curves.reference, curves.spectrum)
    spacing = reference.facts.spacing ?? spectrum.facts.spacing ?? columns.leastGap
    // The row of a band does not tell where in the band its strongest bin is.
    if isDefault, spectrum.kind == .bands, reference.kind == .bands, !rules.isResampling {
      // The maximum of a note that is not steady depends on where segments begin.
      let isInterpolated =
        spectrum.peaks != nil && reference.peaks != nil && !reference.facts.isSegmented
      tolerances.peakHertz = (isInterpolated ? 0.5 : 1.5) * spacing
      tolerances.limitsCertainPeaks = true
    }
    self.tolerances = tolerances
    noise = Self.noise(spectrum, reference, bands)
    concentration = (spectrum.concentration, reference.concentration)
    commonRatio = CommonRatio(
      curves.spectrum.lines(listed: listed), curves.reference.lines(listed: reference.peaks),
      spacing: spacing,
      range: columns[0]
        .referenceFrequency...max(
          columns[0].referenceFrequency, columns[columns.count - 1].referenceFrequency))
    notes += [alignment.rowsLeftOut, spectrum.lengthNote].compactMap { $0 }
    if !rules.isPart, let lengths = lengthsOfAverages { notes.append(lengths) }
    if rules.isPart { return }
    if let stored = storedOtherwise { notes.append(stored) }
    // If a channel is silent in both, nothing can be noticed.
    try requireMeaning()
  }

  private static func requireSameFrequencies(
    _ totals: BlockTotals, _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum
  ) throws(ComparisonError) {
    // In equal bands different bins may be the strongest.
    guard reference.kind != .bands, spectrum.kind != .bands else { return }
    guard totals.greatestShift > 1e-2 else { return }
    throw ComparisonError(
      .incomparable,
      "cannot compare \(spectrum.path) with \(reference.path): their frequencies differ by up to "
        + "\(significant(totals.greatestShift, 3)) of the distance of two rows; analyse both alike, or "
        + "use \(.resampling)")
  }
}
