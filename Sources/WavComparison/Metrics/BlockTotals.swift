// SPDX-License-Identifier: GPL-2.0-or-later

/// The contribution of some rows to the metrics.
///
/// Kept for each block and added in block order, so that sums do not depend on the workers.
struct BlockTotals {
  var rows = 0
  /// Rows that fulfil all conditions for rows.
  var within = 0
  /// Rows that would also fulfil them if the spectrum, or the reference, were silent.
  var withinOfSilence = 0
  var withinOfSilentReference = 0
  /// Greatest level of the spectrum and of the reference, in dB.
  var greatestLevel = -Double.infinity
  var greatestReferenceLevel = -Double.infinity
  /// Rows with a value that is not a number.
  var notNumbers = 0
  /// Rows in which at least one side is above the floor.
  var aboveFloor = 0
  /// Sum of the level differences of these rows in dB, and of their absolute values.
  var decibelSum = 0.0
  var decibelSizeSum = 0.0
  /// Greatest absolute difference in dB, and its row; the lowest row if there are several.
  var greatestDecibels = -1.0
  var greatestRow = 0
  /// Sums over magnitudes: (a - b)^2, b^2, a b.
  var differenceSquares = 0.0
  var referenceSquares = 0.0
  var products = 0.0
  /// Greatest |a - b| and |b|.
  var greatestDifference = 0.0
  var greatestReference = 0.0
  /// Greatest a.
  var greatestOwn = 0.0
  /// Greatest difference of two frequencies that should be equal, as a multiple of the row spacing.
  var greatestShift = 0.0

  mutating func add(_ other: BlockTotals) {
    rows += other.rows
    within += other.within
    withinOfSilence += other.withinOfSilence
    withinOfSilentReference += other.withinOfSilentReference
    greatestLevel = max(greatestLevel, other.greatestLevel)
    greatestReferenceLevel = max(greatestReferenceLevel, other.greatestReferenceLevel)
    notNumbers += other.notNumbers
    aboveFloor += other.aboveFloor
    decibelSum += other.decibelSum
    decibelSizeSum += other.decibelSizeSum
    if other.greatestDecibels > greatestDecibels {
      greatestDecibels = other.greatestDecibels
      greatestRow = other.greatestRow
    }
    differenceSquares += other.differenceSquares
    referenceSquares += other.referenceSquares
    products += other.products
    greatestDifference = max(greatestDifference, other.greatestDifference)
    greatestReference = max(greatestReference, other.greatestReference)
    greatestOwn = max(greatestOwn, other.greatestOwn)
    greatestShift = max(greatestShift, other.greatestShift)
  }
}

/// One column of the figure: the strongest row of each side, and the greatest difference.
struct ColumnTotals {
  var rows = 0
  var violations = 0
  /// Strongest row of the spectrum and of the reference: level in dB, frequency in Hz.
  var level = -Double.infinity
  var frequency = 0.0
  var referenceLevel = -Double.infinity
  var referenceFrequency = 0.0
  /// The greatest difference of levels, with its sign, and its row; rows that violate the tolerance
  /// come before all others.
  var difference = 0.0
  var differenceRow = -1
  var differenceFrequency = 0.0
  var differenceLevel = 0.0
  var differenceReferenceLevel = 0.0
  var isViolation = false

  /// Adds another part of the same column; the order of the parts does not matter.
  mutating func add(_ other: ColumnTotals) {
    guard rows > 0, other.rows > 0 else {
      if rows == 0 { self = other }
      return
    }
    rows += other.rows
    violations += other.violations
    if (other.level, -other.frequency) > (level, -frequency) {
      (level, frequency) = (other.level, other.frequency)
    }
    if (other.referenceLevel, -other.referenceFrequency) > (referenceLevel, -referenceFrequency) {
      (referenceLevel, referenceFrequency) = (other.referenceLevel, other.referenceFrequency)
    }
    let isWorse =
      other.isViolation != isViolation
      ? other.isViolation
      : (abs(other.difference), -other.differenceRow) > (abs(difference), -differenceRow)
    if isWorse {
      difference = other.difference
      differenceRow = other.differenceRow
      differenceFrequency = other.differenceFrequency
      differenceLevel = other.differenceLevel
      differenceReferenceLevel = other.differenceReferenceLevel
      isViolation = other.isViolation
    }
  }
}
