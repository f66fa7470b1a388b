// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages

/// The scratch matrix of the four-step algorithm: complex numbers, written by columns, read by rows.
///
/// It is in shared memory in blocks of columns, as [block][row][column]. A block is one contiguous
/// piece, which only the worker that computes it reserves and maps; a few neighbouring rows are a
/// short contiguous piece of each block.
final class ColumnMatrix<Scalar: FFTWScalar> {
  private let blocks: ColumnBlocks
  private let rowCount: Int
  private let region: Region

  static func need(_ blocks: ColumnBlocks, rowCount: Int) -> RegionNeed {
    RegionNeed(
      "the intermediate matrix",
      byteCount: blocks.count * rowCount * blocks.pitch * 2 * MemoryLayout<Scalar>.stride,
      access: .piecewise)
  }

  init(_ blocks: ColumnBlocks, rowCount: Int, in supply: inout RegionSupply) {
    self.blocks = blocks
    self.rowCount = rowCount
    region = supply.next(Self.need(blocks, rowCount: rowCount))
  }

  /// Allocates the memory of a block, before it is written to.
  func reserve(_ block: Int) throws {
    let bytes = rowCount * blocks.pitch * 2 * MemoryLayout<Scalar>.stride
    try region.reserve(block * bytes..<(block + 1) * bytes)
  }

  /// The entry of a row at the first column of a block; the block's other columns follow.
  @inline(__always)
  func entries(block: Int, row: Int) -> UnsafeMutablePointer<Scalar> {
    region.pointer(to: Scalar.self)
      + (block &* rowCount &+ row) &* blocks.pitch &* 2
  }

  /// Copies neighbouring rows into memory, `pitch` complex numbers apart.
  func collect(_ rows: Range<Int>, to output: UnsafeMutablePointer<Scalar>, pitch: Int) {
    for block in 0..<blocks.count {
      let columns = blocks.columns(of: block)
      for (offset, row) in rows.enumerated() {
        (output + 2 &* (offset &* pitch &+ columns.lowerBound)).update(
          from: entries(block: block, row: row), count: 2 &* columns.count)
      }
    }
  }

  /// Overwrites neighbouring rows; the inverse of ``collect(_:to:pitch:)``.
  func replace(_ rows: Range<Int>, with input: UnsafePointer<Scalar>, pitch: Int) {
    for block in 0..<blocks.count {
      let columns = blocks.columns(of: block)
      for (offset, row) in rows.enumerated() {
        entries(block: block, row: row).update(
          from: input + 2 &* (offset &* pitch &+ columns.lowerBound),
          count: 2 &* columns.count)
      }
    }
  }
}
