// SPDX-License-Identifier: GPL-2.0-or-later

/// Ways out of a failure by what a program offers its user, who is told of its options in its own words.
///
/// A number, so that it crosses from one process to another.
public struct Remedies: OptionSet, Sendable {
  /// A bit for each of them.
  public let rawValue: Int32

  /// Remedies by their bits.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// A smaller length of the transform.
  public static let smallerLength = Remedies(rawValue: 1 << 0)
  /// A part of the recording.
  public static let part = Remedies(rawValue: 1 << 1)
  /// Transforms of several parts, or single precision.
  public static let partsOrSinglePrecision = Remedies(rawValue: 1 << 2)
  /// Single precision.
  public static let singlePrecision = Remedies(rawValue: 1 << 3)
  /// What there is of a recording that is truncated or damaged.
  public static let salvage = Remedies(rawValue: 1 << 4)
  /// A part of the recording that ends before its damage.
  public static let partBeforeDamage = Remedies(rawValue: 1 << 5)
  /// A part of the recording without the place that the error names.
  public static let otherPart = Remedies(rawValue: 1 << 7)
  /// Double precision.
  public static let doublePrecision = Remedies(rawValue: 1 << 8)
  /// These come after a way out that the error names by itself.
  public static let afterAnother = Remedies(rawValue: 1 << 6)
}
