// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport

/// How far a spectrum may be from its reference and still be the same: all conditions that are given
/// must hold.
public struct Tolerances: Sendable {
  /// For each row |a - b| <= `absolute` + `relative` |b| on magnitudes; nil leaves that out.
  public var absolute: Double?
  /// See ``absolute``.
  public var relative: Double?
  /// For each row the largest difference of levels in dB; nil leaves that out.
  public var decibels: Double?
  /// Levels below this count as this, in dB.
  public var floor = Tolerances.standardFloor
  /// Difference of levels by frequency, instead of ``decibels``.
  public var mask: ToleranceMask?
  /// Largest sqrt(sum (a - b)^2 / sum b^2) over the magnitudes.
  public var relativeL2: Double?
  /// Share of the rows that must be within the conditions for each row, 0 to 1.
  public var leastShareWithin = 1.0
  /// Largest distance of the strongest peaks in Hz.
  public var peakHertz: Double?
  /// Largest difference of the levels of the strongest peaks in dB.
  public var peakDecibels: Double?
  /// Largest difference of the powers in third-octave bands in dB; nil leaves that out.
  public var power: Double?
  /// Whether powers may differ by that and by what chance explains of noise that is drawn anew.
  public var allowsChance = false
  /// Whether a constant difference of levels does not count.
  public var ignoresOffset = false

  /// Whether only peaks count that stand out of what surrounds them on both sides.
  var limitsCertainPeaks = false

  /// The conditions with what follows from those that are given: powers may differ as levels may.
  var completed: Tolerances {
    var tolerances = self
    if isEmpty { tolerances.decibels = Self.standardDecibels }
    // Whoever lets some of the rows differ does not want their powers held against each other.
    if power == nil, mask == nil, leastShareWithin == 1, let decibels = tolerances.decibels {
      tolerances.power = decibels
      tolerances.allowsChance = true
    }
    return tolerances
  }

  /// What repeated renders have taught; sets ``mask``, powers and peaks.
  public private(set) var learned: LearnedTolerances?

  /// The conditions that a reference brings along.
  func with(_ learned: LearnedTolerances) -> Tolerances {
    var tolerances = self
    tolerances.learned = learned
    tolerances.mask = learned.mask
    tolerances.power = Self.standardDecibels
    tolerances.peakHertz = learned.peakHz
    tolerances.limitsCertainPeaks = true
    return tolerances
  }

  /// No conditions yet.
  public init() {}

  /// Whether any condition is given at all.
  public var isEmpty: Bool {
    absolute == nil && relative == nil && decibels == nil && mask == nil && relativeL2 == nil
      && peakHertz == nil && peakDecibels == nil && power == nil
  }

  /// 0.1 dB above -120 dBFS.
  public static let standardDecibels = 0.1
  /// What is below this level is silence, unless another floor is asked for, in dB.
  public static let standardFloor = -120.0
}

/// Tolerances in dB at some frequencies, straight lines over a logarithmic axis between them.
public struct ToleranceMask: Sendable {
  /// Frequencies > 0 in Hz, rising.
  let frequencies: [Double]
  /// Tolerances >= 0 in dB.
  let decibels: [Double]
  /// Beyond this a finite tolerance is taken for something else, in dB.
  private static let greatest = 200.0

  /// A mask of at least one point; frequencies rise.
  init(frequencies: [Double], decibels: [Double]) {
    self.frequencies = frequencies
    self.decibels = decibels
  }

  /// Reads a table with two columns, frequency in Hz and tolerance in dB.
  ///
  /// - Throws: ``ComparisonError`` when the file holds none.
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

  /// The tolerance in dB at a frequency in Hz; beyond the ends that of the end.
  func decibels(at frequency: Double) -> Double {
    guard let upper = frequencies.firstIndex(where: { $0 >= frequency }) else {
      return decibels[decibels.count - 1]
    }
    guard upper > 0, frequencies[upper] > frequency else { return decibels[upper] }
    let (low, high) = (frequencies[upper - 1], frequencies[upper])
    // No line leads to infinity.
    guard decibels[upper - 1] < .infinity, decibels[upper] < .infinity else { return .infinity }
    let share = log(frequency / low) / log(high / low)
    return decibels[upper - 1] + share * (decibels[upper] - decibels[upper - 1])
  }
}
