// SPDX-License-Identifier: GPL-2.0-or-later

/// Remedies for a failure, without the names of options: the program puts them into its own words.
///
/// A bit set, so that one process can pass it to another.
public struct Remedies: OptionSet, Sendable {
  /// One bit for each remedy.
  public let rawValue: Int32

  /// Remedies by their bits.
  public init(rawValue: Int32) { self.rawValue = rawValue }

  /// Choose a smaller transform length.
  public static let smallerLength = Remedies(rawValue: 1 << 0)
  /// Choose a part of the recording.
  public static let part = Remedies(rawValue: 1 << 1)
  /// Transform several parts, or use single precision.
  public static let partsOrSinglePrecision = Remedies(rawValue: 1 << 2)
  /// Use single precision.
  public static let singlePrecision = Remedies(rawValue: 1 << 3)
  /// Use what is left of a truncated or damaged recording.
  public static let salvage = Remedies(rawValue: 1 << 4)
  /// Choose a part of the recording that ends before its damage.
  public static let partBeforeDamage = Remedies(rawValue: 1 << 5)
  /// Choose a part of the recording without the place that the error names.
  public static let otherPart = Remedies(rawValue: 1 << 7)
  /// Use double precision.
  public static let doublePrecision = Remedies(rawValue: 1 << 8)
  /// Keep what does not fit into memory in another folder.
  public static let otherScratchFolder = Remedies(rawValue: 1 << 9)
  /// Allow more memory.
  public static let moreMemory = Remedies(rawValue: 1 << 10)
  /// The error itself already names a remedy; these follow it.
  public static let afterAnother = Remedies(rawValue: 1 << 6)
}
