// SPDX-License-Identifier: GPL-2.0-or-later

/// What one row of a spectrum stands for.
public enum RowKind: String, Sendable {
  /// A bin of the transform.
  case bins
  /// The strongest bin of a band.
  case bands
  /// A point of somebody else's curve.
  case points
}

/// A spectrum as one side of a comparison.
public final class ComparedSpectrum {
  /// Path of the file it comes from.
  public let path: String
  /// What its rows stand for.
  public let kind: RowKind
  /// How it was made.
  public internal(set) var facts: SpectrumFacts
  /// Tolerances that a reference brings along.
  var learned: LearnedTolerances?
  /// That its length was made to fit, in a sentence.
  var lengthNote: String?
  /// Whether there are magnitudes, and not only levels.
  let hasMagnitudes: Bool
  let rows: any SpectrumRows
  /// Edges of bands in Hz, lower and upper; empty for other rows.
  let edges: [ClosedRange<Double>]
  /// Mean-square powers of bands, in FS^2; nil for other rows.
  let powers: [Double]?
  /// Peaks that are known better than from the rows; nil if there are none.
  let peaks: [SpectrumPoint]?
  /// The channels and their differences that a file holds beside the mix.
  var channels: [ComparedSpectrum] = []

  /// Puts a spectrum together.
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
