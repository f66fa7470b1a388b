// SPDX-License-Identifier: GPL-2.0-or-later

/// The columns of the four-step algorithm, in strips of neighbours: transformed, separated and
/// multiplied by the twiddles.
///
/// Two neighbouring real columns are the real and imaginary part of one complex transform, because
/// FFTW's complex transforms of many interleaved columns use vector registers fully and its real
/// ones do not.
final class RealColumns<Scalar: FFTWScalar> {
  /// Samples of a strip, as [row][column]; columns beyond the strip must be zero.
  let input: AlignedBuffer<Scalar>
  /// How the columns are grouped into strips.
  let strips: ColumnBlocks
  /// Number of rows that are kept: N1 / 2 + 1; the others are their mirror images.
  let rowCount: Int

  private let columnLength: Int
  private let twiddles: ColumnTwiddles<Scalar>
  private let output: AlignedBuffer<Scalar>
  private let plan: FFTPlan<Scalar>
  /// Distance of two column pairs in the output, in complex numbers; not a power of two, so that
  /// they do not compete for the same cache sets.
  private let pairDistance: Int

  /// Prepares columns of length N1 of `parts` interleaved parts of length N1 * `rowLength`.
  init(columnLength: Int, rowLength: Int, parts: Int) {
    self.columnLength = columnLength
    rowCount = columnLength / 2 + 1
    strips = ColumnBlocks(parts: parts, rowLength: rowLength)
    // The factor 1/2 of separating two columns is part of the twiddles.
    twiddles = ColumnTwiddles(
      order: columnLength * rowLength, rowCount: rowCount, blocks: strips, scale: 0.5)
    let pairs = strips.pitch / 2
    pairDistance = columnLength + 8
    input = AlignedBuffer(count: columnLength * strips.pitch)
    output = AlignedBuffer(count: pairDistance * strips.pitch)
    plan = FFTPlan(
      complex: TransformLayout(
        length: columnLength, count: pairs, inputStride: pairs, inputDistance: 1,
        outputStride: 1, outputDistance: pairDistance),
      input.base, output.base)
  }

  /// Transforms ``input``.
  ///
  /// - Returns: Whether the sum of each pair of columns is finite.
  @inline(__always)
  func transform() -> Bool {
    plan.execute(input.base, output.base)
    return areFinite(output.base, count: strips.pitch / 2, distance: pairDistance)
  }

  /// Separates the pairs of columns, multiplies by the twiddles, and stores rows 0 … N1 / 2 of the
  /// strip.
  ///
  /// For the transform Z of a + i b, with Y[k] = conj Z[N1 - k]: A = (Z + Y) / 2, B = (Z - Y) / 2i.
  ///
  /// - Parameters:
  ///   - strip: The strip that ``input`` held.
  ///   - target: Where to store row 0 of the strip: ``ColumnBlocks/pitch`` complex numbers.
  ///   - rowPitch: Distance of two rows in complex numbers.
  @inline(__always)
  func separate(_ strip: Int, to target: UnsafeMutablePointer<Scalar>, rowPitch: Int) {
    let pairs = strips.pitch / 2
    let distance = pairDistance
    let length = columnLength
    let output = output.base
    let gap = (rowPitch &- strips.pitch) &* 2 &* MemoryLayout<Scalar>.stride
    var angle = twiddles.start(block: strip)
    var target = UnsafeMutableRawPointer(target)
    var fine = twiddles.fine.base
    for row in 0..<rowCount {
      let mirror = row == 0 ? 0 : length &- row
      let coarse = twiddles.next(&angle)
      var z = output + 2 &* row
      var y = output + 2 &* mirror
      for _ in 0..<pairs {
        // Lanes: Z.re, Z.im, then -i Z = (Z.im, -Z.re); the same for Y, conjugated.
        let zz = SIMD4<Scalar>(z[0], z[1], z[1], -z[0])
        let yy = SIMD4<Scalar>(y[0], -y[1], y[1], y[0])
        let w = UnsafeRawPointer(fine).load(as: SIMD4<Scalar>.self)
        let product = complexProduct(complexProduct(w, coarse), zz + yy)
        target.storeBytes(of: product, as: SIMD4<Scalar>.self)
        z += 2 &* distance
        y += 2 &* distance
        fine += 4
        target += 4 &* MemoryLayout<Scalar>.stride
      }
      target += gap
    }
  }
}
