// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// What a row of a spectrum is.
public enum RowKind: String, Sendable {
  /// A bin of the transform.
  case bins
  /// The strongest bin of a band.
  case bands
  /// A point of a curve from another program.
  case points
}

/// A spectrum as one side of a comparison.
public final class ComparedSpectrum {
  /// Path of its file.
  public let path: String
  /// What its rows are.
  public let kind: RowKind
  /// How it was made.
  public internal(set) var facts: SpectrumFacts
  /// The tolerances in a reference, if it has any.
  var learned: LearnedTolerances?
  /// A sentence if its length was adjusted; otherwise nil.
  var lengthNote: String?
  /// Whether it has magnitudes, and not only levels.
  let hasMagnitudes: Bool
  let rows: any SpectrumRows
  /// Edges of bands in Hz, lower and upper; empty for other rows.
  let edges: [ClosedRange<Double>]
  /// Mean-square powers of bands, in FS^2; nil for other rows.
  let powers: [Double]?
  /// Measured peaks, more precise than the rows; nil if there are none.
  let peaks: [SpectrumPoint]?
  /// The channels and their differences, if the file has them beside the mix.
  var channels: [ComparedSpectrum] = []

  /// Combines the parts of a spectrum.
  ///
  /// - Throws: ``ComparisonError`` when its numbers cannot be those of a spectrum.
  init(
    path: String, kind: RowKind, facts: SpectrumFacts, hasMagnitudes: Bool = true,
    rows: any SpectrumRows, edges: [ClosedRange<Double>] = [], powers: [Double]? = nil,
    peaks: [SpectrumPoint]? = nil
  ) throws(ComparisonError) {
    guard rows.count > 0 else {
      throw ComparisonError(.unusable, "\(path) has no rows; it holds no spectrum")
    }
    try facts.require(of: path)
    guard
      edges.allSatisfy({
        $0.lowerBound >= 0 && $0.upperBound < 1e12 && $0.lowerBound < $0.upperBound
      })
    else {
      throw ComparisonError(
        .unusable, "\(path) has bands whose edges are not numbers of at least 0 that rise")
    }
    self.path = path
    self.kind = kind
    self.facts = facts
    self.hasMagnitudes = hasMagnitudes
    self.rows = rows
    if let powers {
      guard powers.count == edges.count, powers.allSatisfy({ $0 >= 0 && $0 < .infinity }) else {
        throw ComparisonError(
          .unusable, "\(path) has bands whose powers are not numbers of at least 0")
      }
    }
    self.powers = powers
    self.edges = edges
    self.peaks = peaks
  }
}
