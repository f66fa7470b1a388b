// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavStages

/// How a transform that is larger than memory is factored, and cut into pieces for the disk.
///
/// The length of a part is L = N1 * J; M = P * J columns and N1 / 2 + 1 rows. A block of columns is N1 pieces of
/// the input and one piece of the scratch file; a block of rows is one piece of each block of columns. All of
/// that follows from lengths and from the memory of a worker, and not from the number of workers, so that
/// results do not depend on it.
struct StreamedSplit: Sendable, Equatable {
  /// N1, the length of the columns.
  let columnLength: Int
  /// J, the length of a row for each part.
  let rowLength: Int
  /// P.
  let parts: Int
  /// Strips of columns in a block (``ColumnBlocks``).
  let stripsPerBlock: Int
  /// Rows that are read and transformed together.
  let rowsPerBlock: Int

  /// M, the number of columns.
  var columnCount: Int { parts * rowLength }
  /// Rows that are kept: the others are their mirror images.
  var rowCount: Int { columnLength / 2 + 1 }
  /// Blocks of rows.
  var rowBlockCount: Int { (rowCount + rowsPerBlock - 1) / rowsPerBlock }
  /// The strips of columns.
  var strips: ColumnBlocks { ColumnBlocks(parts: parts, rowLength: rowLength) }
  /// Blocks of columns.
  var columnBlockCount: Int { (strips.count + stripsPerBlock - 1) / stripsPerBlock }
  /// Room for the columns of a block, with what the last strip may write beyond its end.
  var pitch: Int { min(stripsPerBlock * strips.pitch, columnCount) + strips.pitch }

  /// The columns of a block.
  func columns(of block: Int) -> Range<Int> {
    let strips = strips
    let last = min((block + 1) * stripsPerBlock, strips.count) - 1
    return strips.columns(of: block * stripsPerBlock)
      .lowerBound..<strips.columns(of: last)
      .upperBound
  }

  /// What a choice depends on.
  struct Conditions {
    /// L, the transform length of a part.
    let length: Int
    /// P.
    let parts: Int
    /// Bytes of a sample in the input, with the other channels of its frame.
    let bytesPerSample: Int
    /// Bytes of a number.
    let scalarBytes: Int
    /// Bytes that a worker may take, with the page cache that its input and output take.
    let byteCount: Int
    /// Of these, what written data may take in the page cache.
    let dirtyByteCount: Int
  }

  /// Pieces of this size are as fast as longer ones: a request takes less time than its data.
  static let goodPiece = Double(1 << 20)

  /// The split with the longest pieces; nil if no divisor of the length suits the memory.
  ///
  /// - Complexity: O(sqrt(L)).
  init?(_ conditions: Conditions) {
    let largestStep = conditions.scalarBytes == 4 ? 1 << 24 : 1 << 52
    let factors = primeFactors(of: conditions.length)
    let best = divisors(ofProduct: factors).lazy.filter { $0 >= 2 }.compactMap { divisor in
      StreamedSplit(columnLength: divisor, conditions).flatMap { split in
        split.step < largestStep ? (split, split.cost(conditions)) : nil
      }
    }.min { $0.1 < $1.1 }
    guard let best else { return nil }
    self = best.0
  }

  /// A given split, for tests.
  init(
    columnLength: Int, rowLength: Int, parts: Int, stripsPerBlock: Int, rowsPerBlock: Int
  ) {
    self.columnLength = columnLength
    self.rowLength = rowLength
    self.parts = parts
    self.stripsPerBlock = stripsPerBlock
    self.rowsPerBlock = rowsPerBlock
  }

  private init?(columnLength: Int, _ conditions: Conditions) {
    self.columnLength = columnLength
    parts = conditions.parts
    rowLength = conditions.length / columnLength
    let scalar = conditions.scalarBytes
    let memory = conditions.byteCount - conditions.dirtyByteCount
    let columnCount = conditions.parts * rowLength
    // Rows as read, those announced, and the inner matrix of one.
    let row = 2 * scalar * columnCount
    let inner =
      2 * scalar
      * (LongRow<Float>.matrixCount(rowLength, parts: parts)
        + LongRow<Float>.spectraCount(rowLength, parts: parts))
    let rows = (conditions.byteCount - inner) / (2 * row)
    guard rows >= 1 else { return nil }
    rowsPerBlock = min(rows, columnLength / 2 + 1, 64)
    // Columns as samples and as rows, the input of one piece, and that of the next block.
    let column =
      scalar * (2 * columnLength + 2) + conditions.bytesPerSample * (columnLength + 1)
    let strips = ColumnBlocks(parts: parts, rowLength: rowLength)
    let columns = memory / column - strips.pitch
    guard columns >= strips.pitch else { return nil }
    stripsPerBlock = min(columns / strips.pitch, strips.count)
  }

  /// Whether rows are long and cannot be divided: their transforms take much memory and time.
  var hasLongUndividedRows: Bool {
    rowLength > 1 << 16 && LongRow<Float>.split(rowLength, parts: parts).columnLength == 1
  }

  /// Distance of neighbouring elements of an inner row, in bins.
  private var step: Int {
    columnLength * LongRow<Float>.split(rowLength, parts: parts).columnLength
  }

  /// How far pieces fall short of a good length, in octaves, and penalties for slow transforms.
  private func cost(_ conditions: Conditions) -> Double {
    let columns = min(stripsPerBlock * strips.pitch, columnCount)
    let input = Double(columns * conditions.bytesPerSample)
    let scratch = Double(columns * 2 * conditions.scalarBytes * rowsPerBlock)
    func shortness(_ bytes: Double) -> Double { max(0, log2(Self.goodPiece / bytes)) }
    return shortness(input) + shortness(scratch) + (columnLength % 2 == 0 ? 0 : 0.5)
      + (hasLongUndividedRows ? 2 : 0)
      // Of several that are as good the one with the shortest rows.
      - log2(Double(columnLength)) * 0.05
  }

  /// Bytes of the memory that a worker uses for one stage after the other, whose numbers and samples have
  /// these sizes.
  func workspaceByteCount(scalarBytes: Int, bytesPerSample: Int) -> Int {
    let columnStage = (2 * columnLength + 2) * pitch * scalarBytes + pitch * bytesPerSample
    let matrix = LongRow<Float>.matrixCount(rowLength, parts: parts)
    return max(columnStage, 2 * scalarBytes * (rowsPerBlock * rowPitch + matrix))
  }

  /// Complex numbers from one row in memory to the next: the last piece may be longer than what is left.
  var rowPitch: Int { (columnCount + 7) / 8 * 8 }
}
