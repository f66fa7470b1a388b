// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Makes sure that two spectra can be compared row by row, or makes it so.
struct Alignment {
  let spectrum: any SpectrumRows
  let reference: any SpectrumRows
  /// Whether magnitudes are on one scale; if not, amplitudes are made from the levels.
  let usesMagnitudes: Bool
  /// If both sides say magnitude and level of each row: by how many dB their magnitudes differ more than
  /// their levels, because of other windows for one; nil if not.
  private(set) var scaleDifference: Double?
  /// What the rows of the reference stand for.
  let kind: RowKind
  /// What the two are called.
  let paths: (spectrum: String, reference: String)
  /// Whether a row of one stands for what the same row of the other does.
  private(set) var isRowByRow = true
  /// What was left out, as a sentence; nil if nothing was.
  private(set) var rowsLeftOut: String?

  /// Holds two spectra side by side.
  ///
  /// - Parameters:
  ///   - spectrum: The spectrum.
  ///   - reference: What it is held against.
  ///   - isResampling: Whether the finer of the two is reduced to the rows of the coarser one.
  ///   - ignoresParameters: Whether spectra that were made differently are compared all the same.
  /// - Throws: ``ComparisonError`` of the kind `incomparable`, which says in what they differ.
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
    // Cells that only one of them has anything to say of are left out.
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

  /// What may help when two were made differently.
  private static func wayOut(_ spectrum: SpectrumFacts, _ reference: SpectrumFacts) -> Sentence {
    let general: Sentence =
      "analyse both alike, or use \(.resampling) or \(.ignoredParameters)"
    guard let own = spectrum.frames, let other = reference.frames, own != other,
      spectrum.sampleRate == reference.sampleRate, spectrum.method == reference.method,
      SpectrumSource.isSmall(own - other, of: max(own, other))
    else { return general }
    // Of another length all bins lie elsewhere: row by row nothing would agree.
    return "\(.lengthTolerance) \(abs(own - other)) allows for that where the audio file is there"
  }

  /// In what the rows differ, as a clause; nil if they are the same frequencies.
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
    // Between the first and the last, bins are evenly spaced; what is not is found on the way.
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

  /// The median over the rows of the first block; nil if none of them has anything on both sides.
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

/// Rows whose magnitudes are amplitudes made from the levels: the only scale that two different
/// transforms have in common.
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

/// The stretches of the frequency axis that the rows of a spectrum stand for.
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

  /// The strongest row of a finer spectrum in each cell, or one that is not a number; the frequency is NaN
  /// for an empty cell.
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
