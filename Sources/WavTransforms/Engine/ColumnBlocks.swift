// SPDX-License-Identifier: GPL-2.0-or-later

/// How the columns of the four-step matrix are grouped into blocks that are transformed together.
///
/// Column m = p + P * j is element j of part p. The j of a column, relative to the first j of its
/// block, depends only on the column's place in the block, so that all blocks share one table of
/// twiddles. For this a block holds whole groups of P columns if P is small, and otherwise columns
/// with the same j.
struct ColumnBlocks {
  /// Number of blocks.
  let count: Int
  /// Number of columns that a block can hold, an even number; the last may be unused.
  var pitch: Int { width + width % 2 }

  private let parts: Int
  private let rowLength: Int
  private let width: Int
  /// Blocks for each j if P is large; 0 if a block spans several j.
  private let blocksPerElement: Int

  /// Groups the columns of `parts` parts; `target` is the approximate number of columns in a block.
  ///
  /// Measured for real columns: 16 use too little of each cache line, 64 exceed the second-level
  /// cache.
  init(parts: Int, rowLength: Int, target: Int = 32) {
    self.parts = parts
    self.rowLength = rowLength
    if parts <= target {
      width = target / parts * parts
      blocksPerElement = 0
      count = (parts * rowLength + width - 1) / width
    } else {
      blocksPerElement = (parts + target - 1) / target
      width = (parts + blocksPerElement - 1) / blocksPerElement
      count = blocksPerElement * rowLength
    }
  }

  /// The columns of a block; fewer than the pitch at the end of a row or of a part.
  @inline(__always)
  func columns(of block: Int) -> Range<Int> {
    guard blocksPerElement > 0 else {
      return block * width..<min((block + 1) * width, parts * rowLength)
    }
    let (element, place) = block.quotientAndRemainder(dividingBy: blocksPerElement)
    let first = min(place * width, parts)
    return element * parts + first..<element * parts + min(first + width, parts)
  }

  /// The j of the first column of a block.
  func firstElement(of block: Int) -> Int {
    blocksPerElement > 0 ? block / blocksPerElement : block * width / parts
  }

  /// The j of a column of any block, counted from the block's first.
  func elementOffset(column: Int) -> Int { blocksPerElement > 0 ? 0 : column / parts }
}
