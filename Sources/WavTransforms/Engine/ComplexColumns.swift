// SPDX-License-Identifier: GPL-2.0-or-later

/// Columns of complex numbers of the four-step algorithm, transformed a strip of neighbours at a time and
/// multiplied by the twiddles.
final class ComplexColumns<Scalar: FFTWScalar> {
  /// Numbers of a strip, as [row][column]; what lies beyond the strip has no effect on it.
  let input: AlignedBuffer<Scalar>
  /// How the columns are grouped into strips.
  let strips: ColumnBlocks

  private let columnLength: Int
  private let twiddles: ColumnTwiddles<Scalar>
  private let output: AlignedBuffer<Scalar>
  private let plan: FFTPlan<Scalar>
  /// Distance of two columns in the output, in complex numbers; not a power of two, so that they do not
  /// compete for the same cache sets.
  let columnDistance: Int

  /// Prepares columns of length N1 of `parts` interleaved parts of length N1 * `rowLength`.
  init(columnLength: Int, rowLength: Int, parts: Int) {
    self.columnLength = columnLength
    // Half as many as of real columns take as much cache.
    strips = ColumnBlocks(parts: parts, rowLength: rowLength, target: 16)
    twiddles = ColumnTwiddles(
      order: columnLength * rowLength, rowCount: columnLength, blocks: strips, scale: 1)
    let pitch = strips.pitch
    columnDistance = columnLength + 8
    input = AlignedBuffer(count: 2 * columnLength * pitch)
    input.base.update(repeating: 0, count: input.count)
    output = AlignedBuffer(count: 2 * columnDistance * pitch)
    plan = FFTPlan(
      complex: TransformLayout(
        length: columnLength, count: pitch, inputStride: pitch, inputDistance: 1,
        outputStride: 1, outputDistance: columnDistance),
      input.base, output.base)
  }

  /// Whether the sums of all columns that were transformed last are finite.
  var areFinite: Bool {
    WavTransforms.areFinite(output.base, count: strips.pitch, distance: columnDistance)
  }

  /// Transforms ``input`` and stores the rows of the strip.
  ///
  /// - Parameters:
  ///   - strip: Which strip ``input`` holds.
  ///   - target: Where row 0 of the strip goes: complex numbers, at most ``ColumnBlocks/pitch``.
  ///   - rowPitch: Complex numbers from one row to the next; of each as many are written as the pitch of the
  ///     strips.
  @inline(__always)
  func transform(_ strip: Int, to target: UnsafeMutablePointer<Scalar>, rowPitch: Int) {
    plan.execute(input.base, output.base)
    let (pitch, distance) = (strips.pitch, columnDistance)
    var angle = twiddles.start(block: strip)
    var row = UnsafeMutableRawPointer(target)
    var fine = twiddles.fine.base
    for index in 0..<columnLength {
      let coarse = twiddles.next(&angle)
      var source = output.base + 2 &* index
      var place = row
      var column = 0
      while column < pitch {
        let second = source + 2 &* distance
        let pair = SIMD4<Scalar>(source[0], source[1], second[0], second[1])
        let w = UnsafeRawPointer(fine).load(as: SIMD4<Scalar>.self)
        place.storeBytes(
          of: complexProduct(complexProduct(w, coarse), pair), as: SIMD4<Scalar>.self)
        source = second + 2 &* distance
        place += 4 &* MemoryLayout<Scalar>.stride
        fine += 4
        column &+= 2
      }
      row += 2 &* rowPitch &* MemoryLayout<Scalar>.stride
    }
  }

  /// Multiplies the rows of a strip by the twiddles, then transforms its columns: a transform that ends with
  /// columns.
  ///
  /// - Parameters:
  ///   - strip: Which strip.
  ///   - source: Row 0 of the strip; as many complex numbers of each row are read as the pitch of the strips.
  ///   - rowPitch: Complex numbers from one row to the next.
  /// - Returns: The transforms, ``columnDistance`` apart; valid until the next call.
  @inline(__always)
  func transformBack(
    _ strip: Int, from source: UnsafePointer<Scalar>, rowPitch: Int
  ) -> UnsafePointer<Scalar> {
    let bytes = 2 &* strips.pitch &* MemoryLayout<Scalar>.stride
    var angle = twiddles.start(block: strip)
    var row = UnsafeRawPointer(source)
    var fine = UnsafeRawPointer(twiddles.fine.base)
    var target = UnsafeMutableRawPointer(input.base)
    for _ in 0..<columnLength {
      let coarse = twiddles.next(&angle)
      var offset = 0
      while offset < bytes {
        let w = fine.load(fromByteOffset: offset, as: SIMD4<Scalar>.self)
        let pair = row.load(fromByteOffset: offset, as: SIMD4<Scalar>.self)
        target.storeBytes(
          of: complexProduct(complexProduct(w, coarse), pair), toByteOffset: offset,
          as: SIMD4<Scalar>.self)
        offset &+= MemoryLayout<SIMD4<Scalar>>.stride
      }
      row += 2 &* rowPitch &* MemoryLayout<Scalar>.stride
      fine += bytes
      target += bytes
    }
    plan.execute(input.base, output.base)
    return UnsafePointer(output.base)
  }
}
