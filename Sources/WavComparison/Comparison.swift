// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavRendering
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
  /// Whether the two are the same but for a constant gain, which was not to be ignored.
  public let isGain: Bool
  /// What else is known of the difference, in sentences: for whoever has found out.
  public var notes: [String] = []
  /// Columns of the figure that have rows, from low to high frequencies.
  let columns: [ColumnTotals]
  /// The strongest peaks of the reference with their counterparts.
  public let peaks: [PeakPair]

  /// Columns that the frequency axis is divided into.
  static let columnCount = 2048

  /// Compares two spectra.
  ///
  /// - Parameters:
  ///   - spectrum: The spectrum.
  ///   - reference: What it is held against.
  ///   - tolerances: The conditions; without any, 0.1 dB above the floor.
  ///   - isResampling: Whether the finer of the two is reduced to the rows of the coarser one.
  ///   - ignoresParameters: Whether spectra that were made differently are compared all the same.
  ///   - workers: Number of worker processes for large spectra.
  /// - Throws: ``ComparisonError`` when the two cannot be compared, `WorkerFailure`, `SystemError`, or
  ///   `Interruption`.
  @available(*, noasync)
  public init(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum, _ tolerances: Tolerances,
    isResampling: Bool = false, ignoresParameters: Bool = false, workers: Int
  ) throws {
    var tolerances = tolerances
    let isDefault = tolerances.isEmpty
    if isDefault { tolerances.decibels = Tolerances.standardDecibels }
    path = spectrum.path
    referencePath = reference.path
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
    isGain = try Self.isGain(results, alignment, tolerances, workers)
    try Self.requireSameFrequencies(totals, spectrum, reference)
    peaks = PeakPair.pairs(spectrum.peaks, reference.peaks, columns, offset: removedOffset)
    // A row of a band says nothing of where in the band its strongest bin is.
    if isDefault, spectrum.kind == .bands, reference.kind == .bands, !isResampling {
      let isInterpolated = spectrum.peaks != nil && reference.peaks != nil
      let spacing = reference.facts.spacing ?? spectrum.facts.spacing ?? Self.leastGap(columns)
      tolerances.peakHertz = (isInterpolated ? 0.5 : 1.5) * spacing
    }
    self.tolerances = tolerances
    if let left = alignment.rowsLeftOut { notes.append(left) }
    try requireMeaning()
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
    _ results: ComparisonResults, _ alignment: Alignment, _ tolerances: Tolerances, _ workers: Int
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
    return rest.within == rest.rows
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
