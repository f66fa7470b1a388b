// SPDX-License-Identifier: GPL-2.0-or-later

import WavSharedMemory

/// What the blocks of a comparison found, in memory that workers share.
///
/// Totals have a place for each block, to be added up in block order; columns are joined by rules that
/// do not depend on the order.
final class ComparisonResults {
  private let region: SharedRegion
  private let blockCount: Int
  private let columnCount: Int

  init(blockCount: Int, columnCount: Int) throws(SystemError) {
    self.blockCount = blockCount
    self.columnCount = columnCount
    region = try SharedRegion(
      byteCount: blockCount * MemoryLayout<BlockTotals>.stride
        + columnCount * MemoryLayout<ColumnTotals>.stride, purpose: "the comparison")
    reset()
  }

  private var blockTotals: UnsafeMutablePointer<BlockTotals> {
    region.pages.pointer(to: BlockTotals.self)
  }
  private var columnTotals: UnsafeMutablePointer<ColumnTotals> {
    region.pages.pointer(
      at: blockCount * MemoryLayout<BlockTotals>.stride, to: ColumnTotals.self)
  }

  /// Adds what a block found; to be called under the shared lock.
  func add(_ found: RowComparison.Found, block: Int) {
    blockTotals[block] = found.totals
    for (index, column) in found.columns.enumerated() {
      columnTotals[found.firstColumn + index].add(column)
    }
  }

  /// Forgets everything; to be called under the shared lock.
  func reset() {
    blockTotals.update(repeating: BlockTotals(), count: blockCount)
    columnTotals.update(repeating: ColumnTotals(), count: columnCount)
  }

  /// The sum of all blocks.
  var totals: BlockTotals {
    (0..<blockCount).reduce(into: BlockTotals()) { $0.add(blockTotals[$1]) }
  }

  /// The columns, those without rows as well.
  var columns: [ColumnTotals] { (0..<columnCount).map { columnTotals[$0] } }
}
