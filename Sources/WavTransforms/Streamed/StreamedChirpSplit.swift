// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavStages

/// How the convolution of ``StreamedChirpEngine`` is factored, and cut into pieces for the disk.
///
/// Its length is M = N1 * J. A block of columns is one piece of each matrix, and a row is one piece of each
/// block of columns. Like ``StreamedSplit`` it does not depend on the number of workers.
struct StreamedChirpSplit: Sendable, Equatable {
  /// N1, the length of the columns, an even number.
  let columnLength: Int
  /// J, the length of the rows.
  let rowLength: Int
  /// Strips of columns in a block.
  let stripsPerBlock: Int

  /// Columns of a strip (``ComplexColumns``).
  private static let strip = 16
  /// Strips of a block are a multiple of this number, so that its rows consist of whole pages.
  private static let stripsOfPages = 32

  /// M, the length of the convolution.
  var order: Int { columnLength * rowLength }
  /// Rows of the chirp that are kept: the others are their mirror images.
  var keptRows: Int { columnLength / 2 + 1 }
  /// Room for the columns of a block.
  var pitch: Int { stripsPerBlock * Self.strip }
  /// Blocks of columns.
  var columnBlockCount: Int { (rowLength + pitch - 1) / pitch }

  /// The columns of a block.
  func columns(of block: Int) -> Range<Int> { block * pitch..<min((block + 1) * pitch, rowLength) }

  /// The strips of a block.
  func strips(of block: Int) -> Range<Int> {
    let first = block * stripsPerBlock
    return first..<min(first + stripsPerBlock, Self.stripCount(rowLength))
  }

  private static func stripCount(_ rowLength: Int) -> Int { (rowLength + strip - 1) / strip }

  /// The split with the longest pieces; nil if there are several parts or too little memory.
  ///
  /// - Complexity: O(sqrt(N)) for a length N.
  init?(_ conditions: StreamedSplit.Conditions) {
    guard conditions.parts == 1 else { return nil }
    let order = ChirpEngine<Float>.convolutionLength(for: conditions.length)
    let longestRow = conditions.scalarBytes == 4 ? 1 << 24 : 1 << 52
    let best = divisors(ofProduct: primeFactors(of: order)).lazy
      .filter { $0 >= 4 && $0 % 2 == 0 && order / $0 < longestRow }
      .compactMap { divisor in
        StreamedChirpSplit(divisor, order / divisor, conditions).map { ($0, $0.cost(conditions)) }
      }.min { $0.1 < $1.1 }
    guard let best else { return nil }
    self = best.0
  }

  /// A given split, for tests.
  init(columnLength: Int, rowLength: Int, stripsPerBlock: Int) {
    self.columnLength = columnLength
    self.rowLength = rowLength
    self.stripsPerBlock = stripsPerBlock
  }

  private init?(_ columnLength: Int, _ rowLength: Int, _ conditions: StreamedSplit.Conditions) {
    let number = 2 * conditions.scalarBytes
    // A strip before and after its transform, its twiddles, its chirp, and its magnitudes.
    let tables = 5 * number * Self.strip * columnLength
    let memory = conditions.byteCount - conditions.dirtyByteCount - tables
    // A row as read, the one that is announced, and the inner matrices of chirp and signal.
    let inner = LongRow<Float>.split(rowLength, parts: 1).columnLength
    let rows =
      2 * rowLength + 2 * LongRow<Float>.matrixCount(rowLength, parts: 1)
      + LongRow<Float>.spectraCount(rowLength, parts: 1) + 4 * Self.strip * inner
    // Columns, the input of one piece, and that of the next block.
    let column = number * columnLength + conditions.bytesPerSample * (columnLength + 1)
    let strips = min(memory / column / Self.strip, Self.stripCount(rowLength))
    guard number * rows <= memory, strips >= 1 else { return nil }
    self.columnLength = columnLength
    self.rowLength = rowLength
    stripsPerBlock =
      strips < Self.stripsOfPages ? strips : strips / Self.stripsOfPages * Self.stripsOfPages
  }

  /// How far pieces fall short of a good length, in octaves, and a penalty for slow transforms.
  private func cost(_ conditions: StreamedSplit.Conditions) -> Double {
    let columns = min(pitch, rowLength)
    func shortness(_ bytes: Int) -> Double {
      max(0, log2(StreamedSplit.goodPiece / Double(bytes)))
    }
    return shortness(columns * conditions.bytesPerSample)
      + 2 * shortness(columns * 2 * conditions.scalarBytes)
      + (LongRow<Float>.split(rowLength, parts: 1).columnLength == 1 && rowLength > 1 << 16 ? 2 : 0)
      + (rowLength % 4 == 0 ? 0 : 0.5)
      // Of several that are as good the one with the shortest rows.
      - log2(Double(columnLength)) * 0.05
  }

  /// Complex numbers of the memory that a worker uses for one stage after the other, and in addition bytes for
  /// the samples of a piece.
  func workspaceCount() -> Int {
    max(
      columnLength * pitch,
      rowPitch + 2 * LongRow<Float>.matrixCount(rowLength, parts: 1))
  }

  /// Room for a row, so that what follows is aligned.
  var rowPitch: Int { (rowLength + 7) / 8 * 8 }
}
