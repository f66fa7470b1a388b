// SPDX-License-Identifier: GPL-2.0-or-later

/// Single bins from the matrix of the four-step algorithm, without transforming its rows.
///
/// Bin k1 + N1 k2 of part p is the sum over j of entry (k1, p + P j) times exp(-2 pi i k2 j / J).
/// Neighbouring bins are in neighbouring rows, which are side by side in each block of columns, and
/// share the roots.
///
/// - Complexity: O(P * J) for each bin.
struct RowBins<Scalar: FFTWScalar> {
  let matrix: ColumnMatrix<Scalar>
  let blocks: ColumnBlocks
  let parts: Int
  /// N1.
  let columnLength: Int
  /// J.
  let rowLength: Int

  /// The best number of bins on either side of a peak; 0 if a block has columns of a single j.
  ///
  /// More bins take longer themselves, but shorten the ends of the signal that a ``LocalTransform``
  /// transforms directly. Both together are fastest near this number (measured for 441,000 samples:
  /// 31 bins and 8 microseconds per peak).
  var reach: Int {
    guard blocks.elementOffset(column: parts) == 1 else { return 0 }
    return min(64, max(10, Int(0.66 * Double(columnLength).squareRoot())))
  }

  /// Copies F_p[k] of neighbouring bins, which may be negative or beyond N / 2: [part][bin].
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func copy(_ bins: Range<Int>, to output: UnsafeMutablePointer<SIMD2<Double>>) {
    let length = columnLength * rowLength
    var first = bins.lowerBound
    while first < bins.upperBound {
      // The matrix has only the rows of one half of the spectrum.
      let bin = modulo(first, length)
      let row = bin % columnLength
      let isMirrored = 2 * row > columnLength
      let count: Int
      if isMirrored {
        count = min(columnLength - row, bins.upperBound - first)
        let lowest = columnLength - row - count + 1
        copyRows(
          lowest..<lowest + count, element: (length - bin) / columnLength, isReversed: true,
          to: output + (first - bins.lowerBound), pitch: bins.count)
      } else {
        count = min(columnLength / 2 - row + 1, bins.upperBound - first)
        copyRows(
          row..<row + count, element: bin / columnLength, isReversed: false,
          to: output + (first - bins.lowerBound), pitch: bins.count)
      }
      first += count
    }
  }

  /// Copies one element of neighbouring rows; for mirror images its conjugate, with the last row
  /// first.
  private func copyRows(
    _ rows: Range<Int>, element: Int, isReversed: Bool,
    to output: UnsafeMutablePointer<SIMD2<Double>>, pitch: Int
  ) {
    let width = blocks.pitch
    let lanes = (2 * width + 7) / 8
    // If every fourth column is of the same part, all vectors of a row can be added up.
    let isFolded = 4 % parts == 0 && 2 * width == 8 * lanes
    let sumCount = isFolded ? 1 : lanes
    let sums = AlignedBuffer<Scalar>(count: rows.count * 16 * sumCount)
    sums.base.update(repeating: 0, count: sums.count)
    let (real, imaginary) = (
      AlignedBuffer<Scalar>(count: 8 * lanes), AlignedBuffer<Scalar>(count: 8 * lanes)
    )
    let fine = AlignedBuffer<Scalar>(count: 8 * lanes)
    fine.base.update(repeating: 0, count: fine.count)
    for column in 0..<width {
      let root = exactUnitRoot(
        moduloProduct(element, blocks.elementOffset(column: column), rowLength), order: rowLength)
      (fine.base[2 * column], fine.base[2 * column + 1]) = (Scalar(root.x), Scalar(root.y))
    }
    let step = exactUnitRoot(
      moduloProduct(element, blocks.firstElement(of: 1) - blocks.firstElement(of: 0), rowLength),
      order: rowLength)
    var coarse = SIMD2<Double>()
    for block in 0..<blocks.count {
      // Exact from time to time, and from the previous one in between.
      coarse =
        block % 16 == 0
        ? exactUnitRoot(
          moduloProduct(element, blocks.firstElement(of: block), rowLength), order: rowLength)
        : complexProduct(coarse, step)
      setRoots(
        fine, SIMD2(Scalar(coarse.x), Scalar(coarse.y)), real, imaginary, lanes: lanes)
      let entries = matrix.entries(block: block, row: rows.lowerBound)
      if isFolded {
        Scalar.addRows(
          entries, pitch: 2 * width, rowCount: rows.count, real.base, imaginary.base,
          count: 2 * width, to: sums.base)
      } else {
        addColumns(entries, rows.count, 2 * blocks.columns(of: block).count, real, imaginary, sums)
      }
    }
    for index in 0..<rows.count {
      let target = output + (isReversed ? rows.count - 1 - index : index)
      for part in 0..<parts { target[part * pitch] = SIMD2() }
      for column in 0..<4 * sumCount {
        let (lane, place) = (2 * column).quotientAndRemainder(dividingBy: 8)
        let a = sums.base + 16 * (index * sumCount + lane) + place
        let b = a + 8
        // (x + i y)(c + i s) = (x c - y s) + i (y c + x s)
        let value = SIMD2(Double(a[0]) - Double(b[1]), Double(a[1]) + Double(b[0]))
        target[column % parts * pitch] += isReversed ? complexConjugate(value) : value
      }
    }
  }

  /// Adds the products of a block of rows column by column, `used` scalars of each row.
  private func addColumns(
    _ entries: UnsafePointer<Scalar>, _ rowCount: Int, _ used: Int,
    _ real: AlignedBuffer<Scalar>, _ imaginary: AlignedBuffer<Scalar>,
    _ sums: AlignedBuffer<Scalar>
  ) {
    let lanes = real.count / 8
    for row in 0..<rowCount {
      let values = entries + row &* 2 &* blocks.pitch
      let sum = sums.base + row &* 16 &* lanes
      for index in 0..<used {
        let offset = (index >> 3) &* 16 &+ (index & 7)
        let place = sum + offset
        place[0] += values[index] * real.base[index]
        place[8] += values[index] * imaginary.base[index]
      }
    }
  }

  /// The roots of a block, each twice, for real and imaginary parts.
  @inline(__always)
  private func setRoots(
    _ fine: AlignedBuffer<Scalar>, _ coarse: SIMD2<Scalar>, _ real: AlignedBuffer<Scalar>,
    _ imaginary: AlignedBuffer<Scalar>, lanes: Int
  ) {
    for index in stride(from: 0, to: 8 &* lanes, by: 4) {
      let root = complexProduct(
        UnsafeRawPointer(fine.base + index).loadUnaligned(as: SIMD4<Scalar>.self), coarse)
      UnsafeMutableRawPointer(real.base + index).storeBytes(
        of: SIMD4(root[0], root[0], root[2], root[2]), as: SIMD4<Scalar>.self)
      UnsafeMutableRawPointer(imaginary.base + index).storeBytes(
        of: SIMD4(root[1], root[1], root[3], root[3]), as: SIMD4<Scalar>.self)
    }
  }
}
