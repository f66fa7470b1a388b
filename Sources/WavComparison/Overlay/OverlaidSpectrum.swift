// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSpectrum

/// A spectrum of an overlay, with what is known of it.
public struct OverlaidSpectrum {
  /// Path of its file.
  public let path: String
  /// How it was made.
  public let facts: SpectrumFacts
  /// The strongest peak; nil if none stands out.
  public let peak: SpectrumPoint?
  /// Whether the peak was measured between the bins, and is not only the strongest row.
  public let isPeakMeasured: Bool
  /// The frequencies of its rows in Hz.
  let range: ClosedRange<Double>
  /// Its rows, from low to high frequencies.
  let rows: any SpectrumRows
  /// The page of an audio file, if it was kept.
  let page: PageContents?

  /// The spectrum of an audio file.
  init(_ path: String, _ analysis: Analysis) {
    self.path = path
    facts = SpectrumFacts(analysis)
    range = analysis.spectrum.range
    peak = analysis.peaks.first.map { SpectrumPoint(frequency: $0.frequency, level: $0.level) }
    isPeakMeasured = true
    rows = StoredRows(
      frequency: analysis.rows.map(\.frequency), magnitude: analysis.rows.map(\.magnitude),
      level: analysis.rows.map(\.level))
    page = analysis.pageContents
  }

  /// The spectrum in a file.
  init(_ spectrum: ComparedSpectrum) throws(ComparisonError) {
    path = spectrum.path
    page = nil
    facts = spectrum.facts
    rows = spectrum.rows
    range = try spectrum.frequencies
    isPeakMeasured = spectrum.peaks != nil
    if let peaks = spectrum.peaks {
      peak = peaks.max { $0.level < $1.level }
    } else {
      var strongest: SpectrumPoint?
      try rows.visit { frequency, level in
        if level > strongest?.level ?? -.infinity {
          strongest = SpectrumPoint(frequency: frequency, level: level)
        }
      }
      peak = strongest
    }
  }

  /// The greatest level in each band between rising edges; nil for bands without a row.
  ///
  /// A row at 0 Hz is in the lowest band, if `hasDC`.
  func levels(
    between edges: [Double], hasDC: Bool
  ) throws(ComparisonError) -> [(level: Double, frequency: Double)?] {
    var result = [(level: Double, frequency: Double)?](repeating: nil, count: edges.count - 1)
    var band = 0
    try rows.visit { frequency, level in
      guard frequency >= edges[0] || frequency == 0 && hasDC, frequency <= edges[edges.count - 1]
      else { return }
      while band < result.count - 1, frequency >= edges[band + 1] { band += 1 }
      if level > result[band]?.level ?? -.infinity || result[band] == nil {
        result[band] = (level, frequency)
      }
    }
    return result
  }
}

extension SpectrumRows {
  /// Calls `body` with the frequency and the level of each row.
  fileprivate func visit(
    _ body: (_ frequency: Double, _ level: Double) -> Void
  ) throws(ComparisonError) {
    let buffer = RowBuffer(capacity: RowComparison.rowsPerBlock)
    for start in stride(from: 0, to: count, by: buffer.capacity) {
      let range = start..<min(start + buffer.capacity, count)
      try copy(range, to: buffer)
      for index in 0..<range.count { body(buffer.frequency[index], buffer.level[index]) }
    }
  }
}

extension ComparedSpectrum {
  /// The frequencies of its rows in Hz, with the edges of bands; above 0 as far as a row is.
  fileprivate var frequencies: ClosedRange<Double> {
    get throws(ComparisonError) {
      if let band = facts.band { return band }
      if let first = edges.first, let last = edges.last {
        let low = first.lowerBound > 0 ? first.lowerBound : first.upperBound / 2
        return low...last.upperBound
      }
      let first = try rows.frequency(of: 0)
      let last = try rows.frequency(of: rows.count - 1)
      guard first == 0, rows.count > 1 else { return first...last }
      return try rows.frequency(of: 1)...last
    }
  }
}
