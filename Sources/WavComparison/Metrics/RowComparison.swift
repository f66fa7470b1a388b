// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSystem

/// Compares rows with rows; this code runs up to a hundred million times.
final class RowComparison {
  private let spectrum: any SpectrumRows
  private let reference: any SpectrumRows
  private let paths: (spectrum: String, reference: String)
  private let tolerances: Tolerances
  /// Subtracted from the levels of the spectrum, in dB; its magnitudes are divided by the same
  /// gain.
  private let offset: Double
  private let edges: [Double]
  /// See `Alignment.scaleDifference`.
  private let scaleDifference: Double?
  private let isBins: Bool
  private let chance: [Double]?
  private let own = RowBuffer(capacity: rowsPerBlock)
  private let other = RowBuffer(capacity: rowsPerBlock)

  /// The result of a block: its totals, and the columns of its rows.
  struct Found {
    var totals = BlockTotals()
    var firstColumn = 0
    var columns: [ColumnTotals] = []
    /// Sums of squared magnitudes by third-octave band, if rows are bins.
    var firstBand = 0
    var powers: [PowerSums] = []
  }

  /// Number of rows in a block.
  static let rowsPerBlock = 16384

  /// Prepares to compare rows of the same number.
  ///
  /// - Parameters:
  ///   - alignment: The two spectra, with equal numbers of rows.
  ///   - tolerances: The conditions for rows.
  ///   - edges: Upper edges of the columns in Hz, rising; the last column has no upper edge.
  ///   - offset: A difference of levels in dB that is ignored.
  init(
    _ alignment: Alignment, _ tolerances: Tolerances, edges: [Double], offset: Double
  ) {
    spectrum = alignment.spectrum
    reference = alignment.reference
    paths = alignment.paths
    scaleDifference = alignment.scaleDifference
    isBins = alignment.kind == .bins
    chance = alignment.chance?.decibels
    self.tolerances = tolerances
    self.edges = edges
    self.offset = offset
  }

  /// Number of blocks.
  var blockCount: Int { (spectrum.count + Self.rowsPerBlock - 1) / Self.rowsPerBlock }

  /// Compares the rows of a block.
  ///
  /// - Throws: ``ComparisonError`` when a file contains text that is not a number.
  func compare(_ block: Int) throws(ComparisonError) -> Found {
    let start = block * Self.rowsPerBlock
    let rows = start..<min(start + Self.rowsPerBlock, spectrum.count)
    try spectrum.copy(rows, to: own)
    try reference.copy(rows, to: other)
    try spectrum.requireFrequencies(own, rows, of: paths.spectrum)
    try reference.requireFrequencies(other, rows, of: paths.reference)
    var totals = BlockTotals()
    totals.rows = rows.count
    var column = firstColumn(reaching: other.frequency[0])
    let firstColumn = column
    var columns = [ColumnTotals()]
    var band = ThirdOctaves.index(of: other.frequency[0])
    let firstBand = band
    var powers = [PowerSums()]
    var sums = PowerSums(low: other.frequency[0])
    let bandEdges = ThirdOctaves.upperEdges
    var bandEdge = band < bandEdges.count ? bandEdges[band] : .infinity
    let (floor, mask) = (tolerances.floor, tolerances.mask)
    // Conditions that are not given are always fulfilled.
    let hasMagnitudeLimit = tolerances.absolute != nil || tolerances.relative != nil
    let absolute = hasMagnitudeLimit ? tolerances.absolute ?? 0 : .infinity
    let relative = tolerances.relative ?? 0
    let decibels = tolerances.decibels ?? .infinity
    let gain = pow(10, -offset / 20)
    for index in 0..<rows.count {
      let frequency = other.frequency[index]
      while column < edges.count, frequency >= edges[column] {
        column += 1
        columns.append(ColumnTotals())
      }
      let (a, b) = (own.magnitude[index] * gain, other.magnitude[index])
      while frequency >= bandEdge {
        // Skip an empty band.
        if sums.low < bandEdge { sums.high = bandEdge }
        powers[band - firstBand] = sums
        powers.append(PowerSums())
        sums = PowerSums(low: frequency)
        band += 1
        bandEdge = band < bandEdges.count ? bandEdges[band] : .infinity
      }
      let (level, referenceLevel) = (own.level[index] - offset, other.level[index])
      let neighbour = index > 0 ? index - 1 : min(1, rows.count - 1)
      let spacing = rows.count > 1 ? abs(other.frequency[neighbour] - frequency) : frequency
      let shift = abs(own.frequency[index] - frequency)
      if shift > totals.greatestShift * spacing { totals.greatestShift = shift / spacing }
      let difference = Self.difference(level, referenceLevel, floor)
      let size = abs(difference)
      let distance = abs(a - b)
      let row = rows.lowerBound + index
      let limit = (mask?.decibels(at: frequency) ?? decibels) + (chance?[row] ?? 0)
      // Negative and infinite magnitudes are not valid numbers, either.
      let isNumber =
        a >= 0 && b >= 0 && a < .infinity && b < .infinity
        && !(level.isNaN || referenceLevel.isNaN)
      // Bands with DC or Nyquist, whose levels are 6 dB lower, may have different strongest bins on
      // the two sides.
      if let scaleDifference, isNumber, isBins || (row > 0 && row + 1 < spectrum.count),
        !Self.agree(
          own.magnitude[index], b, own.level[index] - referenceLevel + scaleDifference)
      {
        throw contradiction(
          row: rows.lowerBound + index, frequency, (own.magnitude[index], b),
          (own.level[index], referenceLevel))
      }
      let isWithin =
        isNumber && size <= limit && (distance <= absolute + relative * abs(b) || a == b)
      columns.withUnsafeMutableBufferPointer { columns in
        let current = column - firstColumn
        columns[current].note(
          row: rows.lowerBound + index, frequency: frequency,
          ownFrequency: own.frequency[index], level: level, referenceLevel: referenceLevel,
          difference: difference, isWithin: isWithin)
      }
      // One of them in a sum would be all that the sum says.
      guard isNumber else {
        totals.notNumbers += 1
        continue
      }
      sums.power += own.magnitude[index] * own.magnitude[index]
      sums.referencePower += b * b
      // Whether this row would notice that one of the two is silent.
      if max(referenceLevel - floor, 0) <= limit && (b == 0 || b <= absolute + relative * b) {
        totals.withinOfSilence += 1
      }
      if max(level - floor, 0) <= limit && (a == 0 || a <= absolute + relative * a) {
        totals.withinOfSilentReference += 1
      }
      if level > totals.greatestLevel { totals.greatestLevel = level }
      if referenceLevel > totals.greatestReferenceLevel {
        totals.greatestReferenceLevel = referenceLevel
      }
      if isWithin { totals.within += 1 }
      if level > floor || referenceLevel > floor {
        totals.aboveFloor += 1
        totals.decibelSum += difference
        totals.decibelSizeSum += size
      }
      if size > totals.greatestDecibels {
        totals.greatestDecibels = size
        totals.greatestRow = rows.lowerBound + index
      }
      totals.differenceSquares += distance * distance
      totals.referenceSquares += b * b
      totals.products += a * b
      totals.greatestDifference = max(totals.greatestDifference, distance)
      totals.greatestReference = max(totals.greatestReference, b)
      totals.greatestOwn = max(totals.greatestOwn, own.magnitude[index])
    }
    sums.high = other.frequency[rows.count - 1]
    powers[band - firstBand] = sums
    return Found(
      totals: totals, firstColumn: firstColumn, columns: columns, firstBand: firstBand,
      powers: powers)
  }

  /// Difference of two levels in dB; lower levels count as the floor.
  @inline(__always)
  private static func difference(_ level: Double, _ reference: Double, _ floor: Double) -> Double {
    let (high, low) = (max(level, floor), max(reference, floor))
    // Silence equals silence even without a floor.
    return high == low ? 0 : high - low
  }

  /// Whether two magnitudes differ as their levels do, to 2 %: both describe the same difference.
  ///
  /// Up to 1 dB the series of 10^(x / 20) is as precise as the logarithm, and much faster.
  @inline(__always)
  private static func agree(_ a: Double, _ b: Double, _ difference: Double) -> Bool {
    if a == b, difference == 0 { return true }
    guard abs(difference) < 1 else { return agreeFarApart(a, b, difference) }
    let x = difference * 0.115_129_254_649_702
    return abs(a - b * (1 + x * (1 + x * (0.5 + x / 6)))) <= 0.02 * b
  }

  @inline(never)
  private static func agreeFarApart(_ a: Double, _ b: Double, _ difference: Double) -> Bool {
    // Silence has no level; if both rows are silent there is nothing to compare.
    guard a > 0, b > 0 else {
      return difference.isNaN ? a == b : (difference < 0 ? a == 0 : b == 0)
    }
    return abs(20 * log10(a / b) - difference) <= 0.2
  }

  private func contradiction(
    row: Int, _ frequency: Double, _ magnitudes: (Double, Double), _ levels: (Double, Double)
  ) -> ComparisonError {
    ComparisonError(
      .unusable,
      "row \(row + 1), \(significant(frequency, 7)) Hz: levels are \(significant(levels.0, 6)) dB in "
        + "\(paths.spectrum) and \(significant(levels.1, 6)) dB in \(paths.reference), magnitudes "
        + "\(significant(magnitudes.0, 6)) and \(significant(magnitudes.1, 6)), which cannot both be; one "
        + "of the files has been changed, make it again")
  }

  private func firstColumn(reaching frequency: Double) -> Int {
    edges.firstIndex { frequency < $0 } ?? edges.count
  }
}

extension ColumnTotals {
  /// Adds a row.
  @inline(__always)
  mutating func note(
    row: Int, frequency: Double, ownFrequency: Double, level: Double, referenceLevel: Double,
    difference: Double, isWithin: Bool
  ) {
    if level > self.level || rows == 0 { (self.level, self.frequency) = (level, ownFrequency) }
    if referenceLevel > self.referenceLevel || rows == 0 {
      (self.referenceLevel, referenceFrequency) = (referenceLevel, frequency)
    }
    rows += 1
    if !isWithin { violations += 1 }
    let isWorse =
      isWithin == isViolation ? !isWithin : abs(difference) > abs(self.difference)
    if differenceRow < 0 || isWorse {
      self.difference = difference
      differenceRow = row
      // In bands, the frequency is that of the stronger one of the two.
      differenceFrequency = level > referenceLevel ? ownFrequency : frequency
      differenceLevel = level
      differenceReferenceLevel = referenceLevel
      isViolation = !isWithin
    }
  }
}
