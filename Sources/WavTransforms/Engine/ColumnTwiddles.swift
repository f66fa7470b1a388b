// SPDX-License-Identifier: GPL-2.0-or-later

/// The twiddle factors exp(-2 pi i k1 j / L) of step 2, L = N1 * J.
///
/// Each is the product of a coarse factor for the row k1 and the block's first j, taken from exact
/// unit roots in double precision with the angle reduced modulo L in integers, and a fine factor
/// for k1 and the j within a block, from a table that all blocks share. There is no recurrence, so
/// no error builds up.
struct ColumnTwiddles<Scalar: FFTWScalar> {
  /// exp(-2 pi i k1 (j - first j) / L) as [k1][column], interleaved complex.
  let fine: AlignedBuffer<Scalar>
  private let roots: UnitRoots
  private let blocks: ColumnBlocks
  private let scale: Double

  /// Prepares the factors of rows k1 = 0 ..< `rowCount` of a transform of length `order`, all of them
  /// multiplied by `scale`.
  init(order: Int, rowCount: Int, blocks: ColumnBlocks, scale: Double) {
    self.blocks = blocks
    self.scale = scale
    let roots = UnitRoots(order: order)
    self.roots = roots
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

  /// The angle of a row of a block.
  func start(block: Int, row: Int = 0) -> Angle {
    let step = blocks.firstElement(of: block)
    return Angle(index: row * step % roots.order, step: step)
  }

  /// The coarse factor of the current row, scaled; moves on to the next row.
  @inline(__always)
  func next(_ angle: inout Angle) -> SIMD2<Scalar> {
    let root = roots[angle.index]
    angle.index &+= angle.step
    if angle.index >= roots.order { angle.index &-= roots.order }
    return SIMD2(Scalar(root.x * scale), Scalar(root.y * scale))
  }
}
