// SPDX-License-Identifier: GPL-2.0-or-later

/// Under which conditions two spectra are held against each other.
public struct ComparisonRules: Sendable {
  /// The conditions; without any, 0.1 dB above the floor, for rows and for the powers of third-octave bands.
  public var tolerances: Tolerances
  /// Whether the finer of the two is reduced to the rows of the coarser one, strongest row by row.
  public var isResampling = false
  /// Whether spectra that were made differently are compared all the same.
  public var ignoresParameters = false
  /// Number of worker processes for large spectra, at least 1.
  public var workers = 1
  /// What settings are called in reports.
  public var names = SettingNames()
  /// Whether this is one of several comparisons of the same pair.
  var isPart = false

  /// Rules with default choices for everything else.
  public init(_ tolerances: Tolerances) { self.tolerances = tolerances }
}

/// A comparison of files, with every choice made.
public struct ComparisonRequest {
  /// How either side is opened.
  public var source: SpectrumSource
  /// How the two are held against each other.
  public var rules: ComparisonRules

  /// Describes a comparison.
  public init(_ source: SpectrumSource, _ rules: ComparisonRules) {
    self.source = source
    self.rules = rules
  }
}
