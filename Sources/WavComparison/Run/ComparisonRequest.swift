// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// The rules by which two spectra are compared.
public struct ComparisonRules: Sendable {
  /// The conditions; by default 0.1 dB above the floor, for rows and for the powers of third-octave
  /// bands.
  public var tolerances: Tolerances
  /// Whether to reduce the finer one to the rows of the coarser one, each by its strongest row.
  public var isResampling = false
  /// Whether to compare spectra that were made in different ways.
  public var ignoresParameters = false
  /// Number of worker processes for large spectra, at least 1.
  public var workers = 1
  /// The pitch of the note A4 in Hz, for the names of notes.
  public var a4 = 440.0
  /// The names of settings in reports.
  public var names = SettingNames()
  /// Whether this is one of several comparisons of the same pair of files.
  var isPart = false

  /// Rules with default values for everything else.
  public init(_ tolerances: Tolerances) { self.tolerances = tolerances }
}

/// A comparison of files, with all choices made.
public struct ComparisonRequest {
  /// Opens either side.
  public var source: SpectrumSource
  /// The rules of the comparison.
  public var rules: ComparisonRules

  /// Describes a comparison.
  public init(_ source: SpectrumSource, _ rules: ComparisonRules) {
    self.source = source
    self.rules = rules
  }
}
