// SPDX-License-Identifier: GPL-2.0-or-later

/// The twiddle factors exp(-2 pi i k1 j / L) of step 2, L = N1 * J.
///
/// Each is the product of a coarse factor for the row k1 and the block's first j, taken from exact
/// unit roots in double precision with the angle reduced modulo L in integers, and a fine factor
/// for k1 and the j within a block, from a table that all blocks share. There is no recurrence, so
/// no error builds up.
struct ColumnTwiddles<Scalar: FFTWScalar> {
  /// exp(-2 pi i k1 (j - first j) / L) as [k1][column], k1 = 0 … N1 / 2, interleaved complex.
  let fine: AlignedBuffer<Scalar>
  private let roots: UnitRoots
  private let blocks: ColumnBlocks

  init(columnLength: Int, rowLength: Int, blocks: ColumnBlocks) {
    self.blocks = blocks
    let roots = UnitRoots(order: columnLength * rowLength)
    self.roots = roots
    let rowCount = columnLength / 2 + 1
    fine = AlignedBuffer(count: rowCount * blocks.pitch * 2)
    for row in 0..<rowCount {
      for column in 0..<blocks.pitch {
        let root = roots[row * blocks.elementOffset(column: column) % roots.order]
        let entry = 2 * (row * blocks.pitch + column)
        fine.base[entry] = Scalar(root.x)
        fine.base[entry + 1] = Scalar(root.y)
      }
    }
  }

  /// The walk over the rows of a block: where k1 * j modulo L is now, and by how much it rises.
  struct Angle {
    var index: Int
    let step: Int
  }

  /// The angle of row 0 of a block.
  func start(block: Int) -> Angle { Angle(index: 0, step: blocks.firstElement(of: block)) }

  /// Half the coarse factor of the current row; moves on to the next row.
  @inline(__always)
  func next(_ angle: inout Angle) -> SIMD2<Scalar> {
    let root = roots[angle.index]
    angle.index &+= angle.step
    if angle.index >= roots.order { angle.index &-= roots.order }
    return SIMD2(Scalar(root.x * 0.5), Scalar(root.y * 0.5))
  }
}
