// SPDX-License-Identifier: GPL-2.0-or-later

/// How the columns of the four-step matrix are grouped into blocks that are transformed together.
///
/// Column m = p + P * j belongs to element j of part p. Within a block the j of a column, counted
/// from the block's first, is the same function of its place for every block, so that all blocks
/// share one table of twiddles: a block holds whole groups of P columns if P is small, and
/// otherwise columns of a single j.
struct ColumnBlocks {
  /// Number of blocks.
  let count: Int
  /// Columns a block has room for, an even number; the last may be unused.
  var pitch: Int { width + width % 2 }

  private let parts: Int
  private let rowLength: Int
  private let width: Int
  /// Blocks for one j if P is large; 0 if a block spans several j.
  private let blocksPerElement: Int

  /// Groups the columns of `parts` parts; `target` is how many are transformed together, or nearly.
  ///
  /// Measured for real columns: 16 use too little of each cache line that is read, 64 overflow the
  /// second-level cache.
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
