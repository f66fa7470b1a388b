// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSystem

/// How far a spectrum may be from its reference and still be the same; all given conditions must
/// hold.
public struct Tolerances: Sendable {
  /// For each row |a - b| <= `absolute` + `relative` |b| on magnitudes; nil for no condition.
  public var absolute: Double?
  /// See ``absolute``.
  public var relative: Double?
  /// Greatest difference of levels in dB for each row; nil for no condition.
  public var decibels: Double?
  /// Lower levels count as this level, in dB.
  public var floor = Tolerances.standardFloor
  /// Greatest difference of levels by frequency, instead of ``decibels``.
  public var mask: ToleranceMask?
  /// Greatest sqrt(sum (a - b)^2 / sum b^2) over the magnitudes.
  public var relativeL2: Double?
  /// Share of the rows that must fulfil the conditions for rows, 0 to 1.
  public var leastShareWithin = 1.0
  /// Greatest distance of the strongest peaks in Hz.
  public var peakHertz: Double?
  /// Greatest difference of the levels of the strongest peaks in dB.
  public var peakDecibels: Double?
  /// Greatest difference of the powers in third-octave bands in dB; nil for no condition.
  public var power: Double?
  /// Whether powers may in addition differ by as much as newly generated noise does by chance.
  public var allowsChance = false
  /// Whether to ignore a constant difference of levels.
  public var ignoresOffset = false

  /// Whether to compare only peaks that stand out from their surroundings on both sides.
  var limitsCertainPeaks = false

  /// The conditions, completed by those that follow from them: powers may differ as much as levels.
  var completed: Tolerances {
    var tolerances = self
    // A share of the rows requires a limit for each row.
    if isEmpty || (leastShareWithin < 1 && !limitsRows) {
      tolerances.decibels = Self.standardDecibels
    }
    // If only a share of the rows must agree, powers must not be compared.
    if power == nil, mask == nil, leastShareWithin == 1, let decibels = tolerances.decibels {
      tolerances.power = decibels
      tolerances.allowsChance = true
    }
    return tolerances
  }

  /// The tolerances learned from repeated renders; they set ``mask``, powers and peaks.
  public private(set) var learned: LearnedTolerances?

  /// The conditions with the learned tolerances of a reference.
  func with(_ learned: LearnedTolerances) -> Tolerances {
    var tolerances = self
    tolerances.learned = learned
    tolerances.mask = learned.mask
    tolerances.power = Self.standardDecibels
    tolerances.peakHertz = learned.peakHz
    tolerances.limitsCertainPeaks = true
    return tolerances
  }

  /// No conditions.
  public init() {}

  /// Whether no condition is given.
  public var isEmpty: Bool {
    absolute == nil && relative == nil && decibels == nil && mask == nil && relativeL2 == nil
      && peakHertz == nil && peakDecibels == nil && power == nil && leastShareWithin == 1
  }

  /// 0.1 dB above -120 dBFS.
  public static let standardDecibels = 0.1
  /// The default of ``floor``.
  public static let standardFloor = -120.0
}

/// Tolerances in dB at some frequencies, interpolated linearly over a logarithmic axis.
public struct ToleranceMask: Sendable {
  /// Frequencies > 0 in Hz, rising.
  let frequencies: [Double]
  /// Tolerances >= 0 in dB.
  let decibels: [Double]
  /// A greater finite tolerance, in dB, is taken for a mistake.
  private static let greatest = 200.0

  /// A mask of at least one point; frequencies must rise.
  init(frequencies: [Double], decibels: [Double]) {
    self.frequencies = frequencies
    self.decibels = decibels
  }

  /// Reads a table with two columns, frequency in Hz and tolerance in dB.
  ///
  /// - Throws: ``ComparisonError`` when the file contains no such table.
  public init(path: String) throws(ComparisonError) {
    let table = try TextTable(path)
    guard table.columnCount == 2, table.count > 0 else {
      throw ComparisonError(
        .unusable,
        "\(path) is no mask; it needs rows of two columns, frequency in Hz and tolerance in dB, and has "
          + "\(table.count) rows of \(table.columnCount)")
    }
    if let name = table.names.last,
      ["level", "magn", "ampl", "power"].contains(where: { name.hasPrefix($0) })
    {
      throw ComparisonError(
        .unusable,
        "\(path) is a spectrum and no mask: its second column is called \(name); name a table of "
          + "frequencies in Hz and tolerances in dB")
    }
    frequencies = try table.column(0)
    decibels = try table.column(1)
    if let large = decibels.first(where: { $0 > Self.greatest && $0 < .infinity }) {
      throw ComparisonError(
        .unusable,
        "\(path) is no mask: it has a tolerance of \(significant(large, 6)) dB; up to "
          + "\(significant(Self.greatest, 3)) dB make sense, and inf, which leaves frequencies out")
    }
    let isRising = zip(frequencies, frequencies.dropFirst()).allSatisfy { $0 < $1 }
    guard isRising, (frequencies.first ?? 0) > 0, decibels.allSatisfy({ $0 >= 0 }) else {
      throw ComparisonError(
        .unusable, "\(path) needs rising frequencies above 0 and tolerances of at least 0 dB")
    }
  }

  /// The tolerance in dB at a frequency in Hz; constant beyond the ends.
  func decibels(at frequency: Double) -> Double {
    guard let upper = frequencies.firstIndex(where: { $0 >= frequency }) else {
      return decibels[decibels.count - 1]
    }
    guard upper > 0, frequencies[upper] > frequency else { return decibels[upper] }
    let (low, high) = (frequencies[upper - 1], frequencies[upper])
    // Between a finite and an infinite tolerance nothing can be interpolated.
    guard decibels[upper - 1] < .infinity, decibels[upper] < .infinity else { return .infinity }
    let share = log(frequency / low) / log(high / low)
    return decibels[upper - 1] + share * (decibels[upper] - decibels[upper - 1])
  }
}
