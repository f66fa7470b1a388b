// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// The results of all blocks, in memory that the workers share.
///
/// Each block has its own totals, which are added in block order; columns are combined by rules
/// that do not depend on the order.
final class ComparisonResults {
  private let region: SharedRegion
  private let blockCount: Int
  private let columnCount: Int

  init(blockCount: Int, columnCount: Int) throws(SystemError) {
    self.blockCount = blockCount
    self.columnCount = columnCount
    region = try SharedRegion(
      byteCount: blockCount
        * (MemoryLayout<BlockTotals>.stride
          + ThirdOctaves.count * MemoryLayout<PowerSums>.stride)
        + columnCount * MemoryLayout<ColumnTotals>.stride, purpose: "the comparison")
    reset()
  }

  private var blockTotals: UnsafeMutablePointer<BlockTotals> {
    region.pages.pointer(to: BlockTotals.self)
  }
  private var powerSums: UnsafeMutablePointer<PowerSums> {
    region.pages.pointer(
      at: blockCount * MemoryLayout<BlockTotals>.stride
        + columnCount * MemoryLayout<ColumnTotals>.stride, to: PowerSums.self)
  }
  private var columnTotals: UnsafeMutablePointer<ColumnTotals> {
    region.pages.pointer(
      at: blockCount * MemoryLayout<BlockTotals>.stride, to: ColumnTotals.self)
  }

  /// Adds the result of a block; call it under the shared lock.
  func add(_ found: RowComparison.Found, block: Int) {
    blockTotals[block] = found.totals
    let own = powerSums + block * ThirdOctaves.count
    own.update(repeating: PowerSums(), count: ThirdOctaves.count)
    for (index, sums) in found.powers.enumerated() { own[found.firstBand + index] = sums }
    for (index, column) in found.columns.enumerated() {
      columnTotals[found.firstColumn + index].add(column)
    }
  }

  /// Clears all results; call it under the shared lock.
  func reset() {
    blockTotals.update(repeating: BlockTotals(), count: blockCount)
    columnTotals.update(repeating: ColumnTotals(), count: columnCount)
    powerSums.update(repeating: PowerSums(), count: blockCount * ThirdOctaves.count)
  }

  /// The sum of all blocks.
  var totals: BlockTotals {
    (0..<blockCount).reduce(into: BlockTotals()) { $0.add(blockTotals[$1]) }
  }

  /// Squares of magnitudes in each third-octave band.
  var powers: [PowerSums] {
    (0..<ThirdOctaves.count).map { band in
      (0..<blockCount).reduce(into: PowerSums()) {
        $0.add(powerSums[$1 * ThirdOctaves.count + band])
      }
    }
  }

  /// The columns, including those without rows.
  var columns: [ColumnTotals] { (0..<columnCount).map { columnTotals[$0] } }
}
