// SPDX-License-Identifier: GPL-2.0-or-later

/// How a signal is cut into the pieces in which a transform out of memory reads it.
///
/// The signal is rows of equal length, one after the other, and each row is cut at the same columns. The
/// signal may end within any row. What a transform leaves out at its end is one more piece, the tail.
public struct PieceLayout: Sendable {
  /// Number of rows.
  public let rowCount: Int
  /// Where the rows are cut: from 0 to their length, in ascending order.
  public let borders: [Int]
  /// The last samples, which no row holds; may be none.
  public let tail: Range<Int>

  /// Describes pieces.
  ///
  /// - Parameters:
  ///   - sampleCount: Number of samples of the signal.
  ///   - rowCount: Number of rows.
  ///   - borders: Where the rows are cut: 0, the columns at which further blocks begin, and the length of a row.
  ///   - tailStart: Where the rows end, if that is before the end of the signal.
  public init(sampleCount: Int, rowCount: Int, borders: [Int], tailStart: Int? = nil) {
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

  /// Pieces of a row.
  public var blockCount: Int { borders.count - 1 }

  /// All pieces, those of each row after those of the row before, and the tail as the last.
  public var pieceCount: Int { rowCount * blockCount + 1 }

  /// Number of the tail among the pieces.
  public var tailPiece: Int { pieceCount - 1 }

  /// Number of a piece.
  public func piece(row: Int, block: Int) -> Int { row * blockCount + block }

  /// The samples of a piece; none if the signal ends before it.
  public func samples(of piece: Int) -> Range<Int> {
    if piece == tailPiece { return tail }
    let (row, block) = piece.quotientAndRemainder(dividingBy: blockCount)
    let first = row * rowLength
    let (start, end) = (first + borders[block], first + borders[block + 1])
    return min(start, tail.lowerBound)..<min(end, tail.lowerBound)
  }
}
