// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSpectrum
import WavStages
import WavTransforms
import WavWorkers

/// A spectrum held against a reference spectrum: all metrics, and the verdict.
public struct Comparison: Sendable {
  /// Path of the spectrum.
  public let path: String
  /// Path of the reference.
  public let referencePath: String
  /// The conditions.
  public let tolerances: Tolerances
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

  /// Columns that the frequency axis is divided into.
  static let columnCount = 2048

  /// Compares two spectra.
  ///
  /// - Parameters:
  ///   - spectrum: The spectrum.
  ///   - reference: What it is held against.
  ///   - tolerances: The conditions; without any, 0.1 dB above the floor, for rows and for the powers of
  ///     third-octave bands.
  ///   - isResampling: Whether the finer of the two is reduced to the rows of the coarser one.
  ///   - ignoresParameters: Whether spectra that were made differently are compared all the same.
  ///   - isPart: Whether this is one of several comparisons of the same pair.
  ///   - workers: Number of worker processes for large spectra.
  /// - Throws: ``ComparisonError`` when the two cannot be compared, `WorkerFailure`, `SystemError`, or
  ///   `Interruption`.
  @available(*, noasync)
  public init(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum, _ tolerances: Tolerances,
    isResampling: Bool = false, ignoresParameters: Bool = false, isPart: Bool = false,
    workers: Int
  ) throws {
    let learned = tolerances.isEmpty ? reference.learned : nil
    let isDefault = tolerances.isEmpty && learned == nil
    var tolerances = learned.map(tolerances.with) ?? tolerances.completed
    path = spectrum.path
    referencePath = reference.path
    facts = (spectrum.facts, reference.facts)
    let alignment = try Alignment(
      spectrum, reference, isResampling: isResampling, ignoresParameters: ignoresParameters)
    var results = try Self.compare(alignment, tolerances, offset: 0, workers)
    offset = results.totals.offset
    removedOffset = tolerances.ignoresOffset ? offset ?? 0 : 0
    if removedOffset != 0 {
      results = try Self.compare(alignment, tolerances, offset: removedOffset, workers)
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
      SpectrumPeak(frequency: $0.frequency, level: $0.level - removed)
    }
    peaks = PeakPair.pairs(listed, reference.peaks, curves.spectrum, curves.reference)
    ownPeaks = PeakPair.pairs(reference.peaks, listed, curves.reference, curves.spectrum)
    spacing = reference.facts.spacing ?? spectrum.facts.spacing ?? Self.leastGap(columns)
    // A row of a band says nothing of where in the band its strongest bin is.
    if isDefault, spectrum.kind == .bands, reference.kind == .bands, !isResampling {
      let isInterpolated = spectrum.peaks != nil && reference.peaks != nil
      tolerances.peakHertz = (isInterpolated ? 0.5 : 1.5) * spacing
      tolerances.limitsCertainPeaks = true
    }
    self.tolerances = tolerances
    noise = Self.noise(spectrum, reference, bands)
    concentration = (spectrum.concentration, reference.concentration)
    commonRatio = CommonRatio(
      PeakPair.lines(curves.spectrum, listed), PeakPair.lines(curves.reference, reference.peaks),
      spacing: spacing,
      range: columns[0]
        .referenceFrequency...max(
          columns[0].referenceFrequency, columns[columns.count - 1].referenceFrequency))
    notes += [alignment.rowsLeftOut, spectrum.lengthNote].compactMap { $0 }
    if isPart { return }
    if let stored = storedOtherwise { notes.append(stored) }
    // Of a channel that is silent anyway nothing is to be noticed.
    try requireMeaning()
  }

  /// The powers in third-octave bands; nil where they are not known.
  private static func powers(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum, _ alignment: Alignment,
    _ results: ComparisonResults
  ) -> BandPowers? {
    let bins = reference.facts.binsPerHertz ?? spectrum.facts.binsPerHertz
    if let own = spectrum.powers, let other = reference.powers, alignment.isRowByRow {
      return BandPowers(own, other, edges: reference.edges, binsPerHertz: bins)
    }
    guard alignment.usesMagnitudes, spectrum.kind == .bins else { return nil }
    let totals = results.totals
    let (level, magnitude) =
      totals.greatestReference > 0
      ? (totals.greatestReferenceLevel, totals.greatestReference)
      : (totals.greatestLevel, totals.greatestOwn)
    let scale = magnitude > 0 && level.isFinite ? level - 20 * log10(magnitude) : 0
    return BandPowers(results.powers, scale: scale, binsPerHertz: bins)
  }

  /// Noise that one of the two has and the other has not.
  private static func noise(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum, _ bands: [BandDifference]
  ) -> (added: AddedNoise?, gone: AddedNoise?) {
    guard let own = spectrum.noiseSide, let other = reference.noiseSide,
      own.powers.count == other.powers.count,
      let bins = reference.facts.binsPerHertz ?? spectrum.facts.binsPerHertz
    else { return (nil, nil) }
    // Of another sound, or another gain, all is another, whatever it looks like.
    guard AddedNoise.isSameSound(own, other) else { return (nil, nil) }
    func noise(_ louder: AddedNoise.Side, _ other: AddedNoise.Side, _ sign: Double) -> AddedNoise? {
      let gained = bands.filter { $0.isViolation && sign * $0.decibels > 0 }.map(\.centre)
      guard !gained.isEmpty else { return nil }
      return AddedNoise(
        in: louder, over: other, edges: reference.edges, binsPerHertz: bins,
        noiseBandwidth: reference.noiseBandwidth
      ) { centre in gained.contains { abs($0 - centre) < 0.01 * centre } }
    }
    return (noise(own, other, 1), noise(other, own, -1))
  }

  /// Compares all rows, large spectra by several processes.
  private static func compare(
    _ alignment: Alignment, _ tolerances: Tolerances, offset: Double, _ workers: Int
  ) throws -> ComparisonResults {
    let comparison = RowComparison(
      alignment, tolerances, edges: try columnEdges(alignment.reference), offset: offset)
    let results = try ComparisonResults(
      blockCount: comparison.blockCount, columnCount: columnCount)
    var found = RowComparison.Found()
    let stage = Stage(
      name: "compare", blockCount: comparison.blockCount,
      perform: { block in
        do {
          found = try comparison.compare(block)
        } catch let error as ComparisonError {
          throw WorkerFailure(kind: .input, error.description)
        }
      }, commit: { results.add(found, block: $0) }, reset: { results.reset() })
    // A fork costs more than a few blocks.
    if comparison.blockCount < 64 || workers == 1 {
      _ = try perform([stage])
    } else {
      _ = try WorkerPool(workerCount: workers).run([stage])
    }
    return results
  }

  /// The least distance of strongest bins in Hz: that of two bins, where bands are narrow.
  private static func leastGap(_ columns: [ColumnTotals]) -> Double {
    zip(columns, columns.dropFirst()).map { $1.referenceFrequency - $0.referenceFrequency }
      .filter { $0 > 0 }.min() ?? 0
  }

  /// Whether spectra that differ are the same without a constant difference of levels.
  private static func isGain(
    _ results: ComparisonResults, _ powers: BandPowers?, _ alignment: Alignment,
    _ tolerances: Tolerances, _ workers: Int
  ) throws -> Bool {
    let totals = results.totals
    guard let limit = tolerances.decibels, !tolerances.ignoresOffset, totals.within < totals.rows,
      let offset = totals.offset, abs(offset) > limit / 2
    else { return false }
    // Where that cannot be, all rows need not be looked at again.
    let isPossible = results.columns.allSatisfy {
      $0.rows == 0 || max($0.level, $0.referenceLevel) < tolerances.floor + 6
        || abs($0.level - $0.referenceLevel - offset) <= limit
    }
    guard isPossible else { return false }
    let rest = try compare(alignment, tolerances, offset: offset, workers).totals
    let bands = powers?.differences(tolerances, offset: offset) ?? []
    return rest.within == rest.rows && !bands.contains(where: \.isViolation)
  }

  /// Upper edges of all columns but the last: even on a logarithmic axis.
  private static func columnEdges(_ rows: any SpectrumRows) throws(ComparisonError) -> [Double] {
    let last = try rows.frequency(of: rows.count - 1)
    var low = try rows.frequency(of: 0)
    // DC has no place on a logarithmic axis.
    if !(low > 0) { low = rows.count > 1 ? try rows.frequency(of: 1) : 1 }
    let ratio = log(max(last / low, 1.000001)) / Double(columnCount)
    return (1..<columnCount).map { low * exp(ratio * Double($0)) }
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
        + "use --resample")
  }
}

extension [ColumnTotals] {
  /// The strongest row of each column, of either side.
  var curves: (spectrum: SpectrumCurve, reference: SpectrumCurve) {
    (map { ($0.frequency, $0.level) }, map { ($0.referenceFrequency, $0.referenceLevel) })
  }
}

extension Window {
  /// Equivalent noise bandwidth of a long window in bins.
  fileprivate var binsOfNoise: Double {
    let length = 4096
    let sum = self.sum(length: length)
    return Double(length) * squareSum(length: length) / (sum * sum)
  }
}

extension ComparedSpectrum {
  /// Of the window in bins, as far as that is known.
  fileprivate var noiseBandwidth: Double {
    (facts.window.flatMap(Window.init) ?? .rectangular).binsOfNoise
  }

  /// Where steady lines are; nil where powers are not known.
  fileprivate var concentration: Concentration? {
    powers.map { Concentration($0, edges: edges, noiseBandwidth: noiseBandwidth) }
  }

  /// What is needed to look for noise; nil where powers are not known.
  fileprivate var noiseSide: AddedNoise.Side? {
    guard let powers, let rows = rows as? StoredRows else { return nil }
    return AddedNoise.Side(powers: powers, levels: rows.level)
  }
}

extension SpectrumRows {
  /// Frequency of a row in Hz.
  func frequency(of row: Int) throws(ComparisonError) -> Double {
    let buffer = RowBuffer(capacity: 1)
    try copy(row..<row + 1, to: buffer)
    return buffer.frequency[0]
  }
}

extension BlockTotals {
  /// The difference of levels that fits best, in dB.
  var offset: Double? {
    guard products > 0, referenceSquares > 0 else { return nil }
    let offset = 20 * log10(products / referenceSquares)
    return offset.isFinite ? offset : nil
  }
}
