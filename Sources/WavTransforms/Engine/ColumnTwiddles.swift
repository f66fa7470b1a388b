// SPDX-License-Identifier: GPL-2.0-or-later

/// The twiddle factors exp(-2 pi i k1 j / L) of step 2, L = N1 * J.
///
/// Each is the product of a coarse and a fine factor. The coarse one belongs to the row k1 and the
/// block's first j; it is an exact unit root in double precision, its angle reduced modulo L in
/// integers. The fine one belongs to k1 and the j within a block, and is in a table that all blocks
/// share. Without a recurrence no error builds up.
struct ColumnTwiddles<Scalar: FFTWScalar> {
  /// exp(-2 pi i k1 (j - first j) / L) as [k1][column], interleaved complex.
  let fine: AlignedBuffer<Scalar>
  private let roots: UnitRoots
  private let blocks: ColumnBlocks
  private let scale: Double

  /// Prepares the factors of rows k1 = 0 ..< `rowCount` of a transform of length `order`, each
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

  /// The state of a walk over the rows of a block: k1 * j modulo L, and its increment.
  struct Angle {
    var index: Int
    let step: Int
  }

  /// The angle of a row of a block.
  func start(block: Int, row: Int = 0) -> Angle {
    let step = blocks.firstElement(of: block)
    return Angle(index: row * step % roots.order, step: step)
  }

  /// The coarse factor of the current row, scaled; advances to the next row.
  @inline(__always)
  func next(_ angle: inout Angle) -> SIMD2<Scalar> {
    let root = roots[angle.index]
    angle.index &+= angle.step
    if angle.index >= roots.order { angle.index &-= roots.order }
    return SIMD2(Scalar(root.x * scale), Scalar(root.y * scale))
  }
}
