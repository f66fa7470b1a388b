// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc

/// Compares rows with rows: the part that runs a hundred million times.
final class RowComparison {
  private let spectrum: any SpectrumRows
  private let reference: any SpectrumRows
  private let paths: (spectrum: String, reference: String)
  private let tolerances: Tolerances
  /// What is taken from the levels of the spectrum, in dB, and its magnitudes are divided by.
  private let offset: Double
  private let edges: [Double]
  private let own = RowBuffer(capacity: rowsPerBlock)
  private let other = RowBuffer(capacity: rowsPerBlock)

  /// What a block contributes: its totals, and the columns that its rows fall into.
  struct Found {
    var totals = BlockTotals()
    var firstColumn = 0
    var columns: [ColumnTotals] = []
  }

  /// Rows of a block.
  static let rowsPerBlock = 16384

  /// Prepares to compare rows of equal number.
  ///
  /// - Parameters:
  ///   - alignment: The two, as many rows of each.
  ///   - tolerances: The conditions for rows.
  ///   - edges: Upper edges of the columns in Hz, rising; the last column takes the rest.
  ///   - offset: A difference of levels that does not count, in dB.
  init(
    _ alignment: Alignment, _ tolerances: Tolerances, edges: [Double], offset: Double
  ) {
    spectrum = alignment.spectrum
    reference = alignment.reference
    paths = alignment.paths
    self.tolerances = tolerances
    self.edges = edges
    self.offset = offset
  }

  /// Number of blocks.
  var blockCount: Int { (spectrum.count + Self.rowsPerBlock - 1) / Self.rowsPerBlock }

  /// Compares the rows of a block.
  ///
  /// - Throws: ``ComparisonError`` where a file holds no numbers.
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
      let (level, referenceLevel) = (own.level[index] - offset, other.level[index])
      let neighbour = index > 0 ? index - 1 : min(1, rows.count - 1)
      let spacing = rows.count > 1 ? abs(other.frequency[neighbour] - frequency) : frequency
      let shift = abs(own.frequency[index] - frequency)
      if shift > totals.greatestShift * spacing { totals.greatestShift = shift / spacing }
      let difference = Self.difference(level, referenceLevel, floor)
      let size = abs(difference)
      let distance = abs(a - b)
      let limit = mask?.decibels(at: frequency) ?? decibels
      // Negative and infinite magnitudes are none, either.
      let isNumber =
        a >= 0 && b >= 0 && a < .infinity && b < .infinity
        && !(level.isNaN || referenceLevel.isNaN)
      let isWithin =
        isNumber && size <= limit && (distance <= absolute + relative * abs(b) || a == b)
      if !isNumber { totals.notNumbers += 1 }
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
      columns.withUnsafeMutableBufferPointer { columns in
        let current = column - firstColumn
        columns[current].note(
          row: rows.lowerBound + index, frequency: frequency,
          ownFrequency: own.frequency[index], level: level, referenceLevel: referenceLevel,
          difference: difference, isWithin: isWithin)
      }
    }
    return Found(totals: totals, firstColumn: firstColumn, columns: columns)
  }

  /// Difference of two levels in dB, where what is below the floor counts as the floor.
  @inline(__always)
  private static func difference(_ level: Double, _ reference: Double, _ floor: Double) -> Double {
    let (high, low) = (max(level, floor), max(reference, floor))
    // Silence equals silence also without a floor.
    return high == low ? 0 : high - low
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
      // Bands: where the stronger of the two is.
      differenceFrequency = level > referenceLevel ? ownFrequency : frequency
      differenceLevel = level
      differenceReferenceLevel = referenceLevel
      isViolation = !isWithin
    }
  }
}
