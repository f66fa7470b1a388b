// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport

/// A spectrum held against a reference spectrum: all metrics, and the verdict.
public struct Comparison: Sendable {
  /// Path of the spectrum.
  public let path: String
  /// Path of the reference.
  public let referencePath: String
  /// The conditions.
  public let tolerances: Tolerances
  /// What settings are called in reports.
  let names: SettingNames
  /// Sums and extremes over all rows.
  let totals: BlockTotals
  /// Frequency in Hz of the row with the greatest difference.
  public let greatestFrequency: Double
  /// The constant difference of levels in dB that was taken out; 0 unless that was asked for.
  public let removedOffset: Double
  /// The difference of levels in dB that fits best, by least squares over the magnitudes: 20 log10(sum
  /// a b / sum b^2), before any was taken out; nil if one of the two is silent.
  public let offset: Double?
  /// The powers of the two in third-octave bands; empty if they are not known or not limited.
  public let bands: [BandDifference]
  /// Noise that has come or gone; nil if there is none, or it cannot be told.
  let noise: (added: AddedNoise?, gone: AddedNoise?)
  /// Distance of bins in Hz, as far as it is known.
  let spacing: Double
  /// Where the two have steady lines; nil where powers are not known.
  let concentration: (spectrum: Concentration?, reference: Concentration?)
  /// By how much all lines are higher; nil if they are not, or do not agree.
  let commonRatio: CommonRatio?
  /// Whether the two are the same but for a constant gain, which was not to be ignored.
  public let isGain: Bool
  /// What else is known of the difference, in sentences: for whoever has found out.
  public var notes: [String] = []
  /// Columns of the figure that have rows, from low to high frequencies.
  let columns: [ColumnTotals]
  /// The strongest peaks of the reference with their counterparts.
  public let peaks: [PeakPair]
  /// The strongest peaks of the spectrum with theirs, the other way round.
  let ownPeaks: [PeakPair]
  /// What is known of how the two were made.
  let facts: (spectrum: SpectrumFacts, reference: SpectrumFacts)
  /// The channels and their differences, compared by themselves; empty if there is nothing but one signal.
  public internal(set) var channels: [Comparison] = []
  /// What has happened between the channels, in a sentence; nil if nothing or nothing that has a name.
  public internal(set) var relation: String?
  /// That the two have other numbers of channels, as a clause.
  var channelViolation: String?

  /// Compares two spectra.
  ///
  /// - Parameters:
  ///   - spectrum: The spectrum.
  ///   - reference: What it is held against.
  ///   - rules: The conditions, and how the two are made comparable.
  /// - Throws: ``ComparisonError`` when the two cannot be compared, `WorkerFailure`, `SystemError`, or
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
    path = spectrum.path
    referencePath = reference.path
    facts = (spectrum.facts, reference.facts)
    let alignment = try Alignment(
      spectrum, reference, isResampling: rules.isResampling,
      ignoresParameters: rules.ignoresParameters)
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
    // A row of a band says nothing of where in the band its strongest bin is.
    if isDefault, spectrum.kind == .bands, reference.kind == .bands, !rules.isResampling {
      let isInterpolated = spectrum.peaks != nil && reference.peaks != nil
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
    if rules.isPart { return }
    if let stored = storedOtherwise { notes.append(stored) }
    // Of a channel that is silent anyway nothing is to be noticed.
    try requireMeaning()
  }

  private static func requireSameFrequencies(
    _ totals: BlockTotals, _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum
  ) throws(ComparisonError) {
    // The strongest bins of equal bands may be others.
    guard reference.kind != .bands, spectrum.kind != .bands else { return }
    guard totals.greatestShift > 1e-2 else { return }
    throw ComparisonError(
      .incomparable,
      "cannot compare \(spectrum.path) with \(reference.path): their frequencies differ by up to "
        + "\(significant(totals.greatestShift, 3)) of the distance of two rows; analyse both alike, or "
        + "use \(.resampling)")
  }
}
