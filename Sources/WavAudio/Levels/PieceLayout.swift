// SPDX-License-Identifier: GPL-2.0-or-later

/// The pieces of a signal that a transform larger than memory reads.
///
/// The signal consists of rows of equal length, and each row is divided at the same columns. The
/// signal may end within any row. The samples at its end that the transform leaves out are one more
/// piece, the tail.
public struct PieceLayout: Sendable {
  /// Number of rows.
  public let rowCount: Int
  /// The columns at which rows are divided, rising, from 0 to the length of a row.
  public let borders: [Int]
  /// Samples of the runs of pieces whose means are compared; nil for whole rows.
  public let meanLength: Int?
  /// The last samples, which are in no row; may be empty.
  public let tail: Range<Int>

  /// Describes the pieces of a signal.
  ///
  /// - Parameters:
  ///   - sampleCount: Number of samples of the signal.
  ///   - rowCount: Number of rows.
  ///   - borders: The columns at which rows are divided: 0, the first columns of further blocks,
  ///     and the length of a row.
  ///   - tailStart: The end of the rows, if it is before the end of the signal.
  ///   - meanLength: Samples of the runs of pieces whose means are compared; nil for whole rows.
  public init(
    sampleCount: Int, rowCount: Int, borders: [Int], tailStart: Int? = nil, meanLength: Int? = nil
  ) {
    self.meanLength = meanLength
    precondition(
      rowCount > 0 && borders.count > 1 && borders[0] == 0
        && zip(borders, borders.dropFirst()).allSatisfy { $0 < $1 },
      "rows are cut in ascending order")
    self.rowCount = rowCount
    self.borders = borders
    tail = (tailStart ?? sampleCount)..<sampleCount
    precondition(tail.lowerBound <= rowCount * rowLength, "every sample is in a row or in the tail")
  }

  /// Samples of a row.
  public var rowLength: Int { borders[borders.count - 1] }

  /// Number of pieces in a row.
  public var blockCount: Int { borders.count - 1 }

  /// Number of all pieces; they are ordered by row, and the tail is the last.
  public var pieceCount: Int { rowCount * blockCount + 1 }

  /// Index of the tail.
  public var tailPiece: Int { pieceCount - 1 }

  /// Index of a piece.
  public func piece(row: Int, block: Int) -> Int { row * blockCount + block }

  /// The samples of a piece; empty if the signal ends before it.
  public func samples(of piece: Int) -> Range<Int> {
    if piece == tailPiece { return tail }
    let (row, block) = piece.quotientAndRemainder(dividingBy: blockCount)
    let first = row * rowLength
    let (start, end) = (first + borders[block], first + borders[block + 1])
    return min(start, tail.lowerBound)..<min(end, tail.lowerBound)
  }
}
