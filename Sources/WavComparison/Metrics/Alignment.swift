// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSystem

/// Checks that two spectra can be compared row by row, or resamples them so that they can.
struct Alignment {
  let spectrum: any SpectrumRows
  let reference: any SpectrumRows
  /// Whether magnitudes have the same scale; otherwise amplitudes are computed from the levels.
  let usesMagnitudes: Bool
  /// By how many dB the magnitudes of the two differ more than their levels, for instance because
  /// of different windows; nil unless both have magnitudes and levels.
  private(set) var scaleDifference: Double?
  /// What a row of the reference is.
  let kind: RowKind
  /// The paths of the two.
  let paths: (spectrum: String, reference: String)
  /// Whether equal rows of the two are compared, without resampling.
  private(set) var isRowByRow = true
  /// What rows may differ by chance; nil if that is not allowed, or not known.
  var chance: RowChance?
  /// The rows that were left out, as a sentence; nil if none were.
  private(set) var rowsLeftOut: String?

  /// Aligns two spectra.
  ///
  /// - Parameters:
  ///   - spectrum: The spectrum.
  ///   - reference: The reference.
  ///   - isResampling: Whether to reduce the finer one to the rows of the coarser one.
  ///   - ignoresParameters: Whether to compare spectra that were made in different ways.
  /// - Throws: ``ComparisonError`` of the kind `incomparable`, which names the difference.
  init(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum, isResampling: Bool,
    ignoresParameters: Bool
  ) throws(ComparisonError) {
    paths = (spectrum.path, reference.path)
    kind = reference.kind
    let difference = spectrum.facts.difference(from: reference.facts)
    if let difference, !isResampling, !ignoresParameters {
      throw ComparisonError(
        .incomparable,
        "cannot compare \(spectrum.path) with \(reference.path): \(difference); "
          + Self.wayOut(spectrum.facts, reference.facts))
    }
    let mismatch = try Self.mismatch(spectrum, reference)
    guard let mismatch else {
      usesMagnitudes =
        spectrum.hasMagnitudes && reference.hasMagnitudes && difference == nil
        && spectrum.kind == reference.kind
      self.spectrum = usesMagnitudes ? spectrum.rows : AmplitudeRows(spectrum.rows)
      self.reference = usesMagnitudes ? reference.rows : AmplitudeRows(reference.rows)
      if usesMagnitudes, spectrum.kind != .points {
        scaleDifference = try Self.scaleDifference(spectrum.rows, reference.rows)
      }
      return
    }
    guard isResampling else {
      throw ComparisonError(
        .incomparable,
        "cannot compare \(spectrum.path) with \(reference.path): \(mismatch); analyse both alike, or "
          + "use \(.resampling)")
    }
    usesMagnitudes = false
    isRowByRow = false
    let isFiner = spectrum.rows.count > reference.rows.count
    let coarse = isFiner ? reference : spectrum
    let cells = try Cells(of: coarse)
    let fine = try cells.strongest((isFiner ? spectrum : reference).rows)
    let rows = try StoredRows(coarse.rows)
    // Leave out cells that have rows of only one of the two.
    let shared = rows.frequency.indices.filter { fine.frequency[$0].isFinite }
    guard !shared.isEmpty else {
      throw ComparisonError(
        .incomparable,
        "cannot compare \(spectrum.path) with \(reference.path): they have no frequencies in common"
      )
    }
    let reduced = StoredRows(
      frequency: shared.map { rows.frequency[$0] },
      magnitude: shared.map { pow(10, fine.level[$0] / 20) }, level: shared.map { fine.level[$0] })
    let kept = StoredRows(
      frequency: shared.map { rows.frequency[$0] },
      magnitude: shared.map { pow(10, rows.level[$0] / 20) }, level: shared.map { rows.level[$0] })
    if shared.count < rows.count {
      rowsLeftOut =
        "compared \(shared.count) of the \(rows.count) rows of \(coarse.path), from "
        + "\(rows.frequency[shared[0]]) to \(rows.frequency[shared[shared.count - 1]]) Hz: the other has "
        + "nothing to say of the rest"
    }
    self.spectrum = isFiner ? reduced : kept
    self.reference = isFiner ? kept : reduced
  }

  /// The remedy if two spectra were made in different ways.
  private static func wayOut(_ spectrum: SpectrumFacts, _ reference: SpectrumFacts) -> Sentence {
    let general: Sentence =
      "analyse both alike, or use \(.resampling) or \(.ignoredParameters)"
    guard let own = spectrum.frames, let other = reference.frames, own != other,
      spectrum.sampleRate == reference.sampleRate, spectrum.method == reference.method,
      !spectrum.isSegmented
    else { return general }
    guard SpectrumSource.isSmall(own - other, of: max(own, other)) else {
      // Averages over segments have the same bins whatever the length.
      return spectrum.samples == reference.samples
        ? general
        : "compare averages of the two recordings (\(.method) welch)"
    }
    // With another length all bins have other frequencies: no rows would agree.
    return "\(.lengthTolerance) \(abs(own - other)) allows for that where the audio file is there"
  }

  /// The difference of the rows as a clause; nil if they have the same frequencies.
  private static func mismatch(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum
  ) throws(ComparisonError) -> String? {
    if spectrum.kind != reference.kind, spectrum.kind == .bands || reference.kind == .bands {
      return "one has a row for each \(noun(spectrum.kind)), the other for each "
        + noun(reference.kind)
    }
    let count = spectrum.rows.count
    guard count == reference.rows.count else {
      return "they have \(count) and \(reference.rows.count) rows"
    }
    if spectrum.kind == .bands {
      let edges = zip(spectrum.edges, reference.edges).first {
        abs($0.lowerBound - $1.lowerBound) > 1e-6 * $1.lowerBound
          || abs($0.upperBound - $1.upperBound) > 1e-6 * $1.upperBound
      }
      return edges.map {
        "their bands differ, first at \($0.0.lowerBound) and \($0.1.lowerBound) Hz"
      }
    }
    // Check the first and the last row: bins are evenly spaced, and rows that are not are found
    // later.
    for row in [0, count - 1] {
      let buffer = (RowBuffer(capacity: 1), RowBuffer(capacity: 1))
      try spectrum.rows.copy(row..<row + 1, to: buffer.0)
      try reference.rows.copy(row..<row + 1, to: buffer.1)
      let (own, other) = (buffer.0.frequency[0], buffer.1.frequency[0])
      if abs(own - other) > 1e-6 * max(abs(other), 1) {
        return "row \(row + 1) is at \(own) Hz in one and at \(other) Hz in the other"
      }
    }
    return nil
  }

  /// The median over the rows of the first block; nil if no row is above silence on both sides.
  private static func scaleDifference(
    _ spectrum: any SpectrumRows, _ reference: any SpectrumRows
  ) throws(ComparisonError) -> Double? {
    let count = min(spectrum.count, RowComparison.rowsPerBlock)
    let (own, other) = (RowBuffer(capacity: count), RowBuffer(capacity: count))
    try spectrum.copy(0..<count, to: own)
    try reference.copy(0..<count, to: other)
    let differences = (0..<count).map {
      20 * log10(own.magnitude[$0] / other.magnitude[$0]) - (own.level[$0] - other.level[$0])
    }.filter(\.isFinite).sorted()
    return differences.isEmpty ? nil : differences[differences.count / 2]
  }

  private static func noun(_ kind: RowKind) -> String {
    switch kind {
    case .bins: "bin"
    case .bands: "band"
    case .points: "point"
    }
  }
}

/// Rows whose magnitudes are amplitudes computed from the levels, the only common scale of
/// different transforms.
private final class AmplitudeRows: SpectrumRows {
  private let rows: any SpectrumRows

  init(_ rows: any SpectrumRows) { self.rows = rows }

  var count: Int { rows.count }

  func copy(_ range: Range<Int>, to buffer: RowBuffer) throws(ComparisonError) {
    try rows.copy(range, to: buffer)
    for index in 0..<range.count where !buffer.magnitude[index].isNaN {
      buffer.magnitude[index] = pow(10, buffer.level[index] / 20)
    }
  }
}

/// The frequency ranges that the rows of a spectrum represent.
private struct Cells {
  private let edges: [ClosedRange<Double>]

  init(of spectrum: ComparedSpectrum) throws(ComparisonError) {
    if spectrum.kind == .bands {
      edges = spectrum.edges
      return
    }
    let buffer = RowBuffer(capacity: spectrum.rows.count)
    try spectrum.rows.copy(0..<spectrum.rows.count, to: buffer)
    try spectrum.rows.requireFrequencies(buffer, 0..<spectrum.rows.count, of: spectrum.path)
    let frequencies = (0..<spectrum.rows.count).map { buffer.frequency[$0] }
    edges = frequencies.indices.map { index in
      let before = index > 0 ? frequencies[index - 1] : -frequencies[0]
      let after =
        index + 1 < frequencies.count
        ? frequencies[index + 1] : 2 * frequencies[index] - before
      let low = (before + frequencies[index]) / 2
      return low...max(low, (after + frequencies[index]) / 2)
    }
  }

  /// The strongest row of a finer spectrum in each cell, or a row that is not a number, if there is
  /// one; an empty cell has the frequency NaN.
  func strongest(_ rows: any SpectrumRows) throws(ComparisonError) -> (
    frequency: [Double], level: [Double]
  ) {
    var frequency = [Double](repeating: .nan, count: edges.count)
    var level = [Double](repeating: -.infinity, count: edges.count)
    let buffer = RowBuffer(capacity: RowComparison.rowsPerBlock)
    var cell = 0
    for start in stride(from: 0, to: rows.count, by: buffer.capacity) {
      let range = start..<min(start + buffer.capacity, rows.count)
      try rows.copy(range, to: buffer)
      for index in 0..<range.count {
        let place = buffer.frequency[index]
        while cell < edges.count, place >= edges[cell].upperBound { cell += 1 }
        guard cell < edges.count else { break }
        guard place >= edges[cell].lowerBound else { continue }
        if frequency[cell].isNaN || !(buffer.level[index] <= level[cell]), !level[cell].isNaN {
          (frequency[cell], level[cell]) = (place, buffer.level[index])
        }
      }
    }
    return (frequency, level)
  }
}
