// SPDX-License-Identifier: GPL-2.0-or-later

/// Single bins from the matrix of the four-step algorithm, without the transforms of its rows.
///
/// Bin k1 + N1 k2 of part p is the sum over j of entry (k1, p + P j) times exp(-2 pi i k2 j / J).
/// Neighbouring bins stand in neighbouring rows, which lie side by side in each block of columns, and
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

  /// How many bins on either side of a peak pay; none where a block has columns of a single j.
  ///
  /// More of them make the ends of the signal shorter that a ``LocalTransform`` transforms directly. Both
  /// together take least time near this (measured for 441,000 samples: 31 and 8 microseconds a peak).
  var reach: Int {
    guard blocks.elementOffset(column: parts) == 1 else { return 0 }
    return min(64, max(10, Int(0.66 * Double(columnLength).squareRoot())))
  }

  /// Copies F_p[k] of neighbouring bins, which may be negative or beyond N / 2: [part][bin].
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func copy(_ bins: Range<Int>, to output: UnsafeMutablePointer<SIMD2<Double>>) {
    let length = columnLength * rowLength
    var first = bins.lowerBound
    while first < bins.upperBound {
      // Of the two halves of the spectrum the matrix has the rows of one.
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

  /// One element of neighbouring rows; of mirror images the conjugates, the last row first.
  private func copyRows(
    _ rows: Range<Int>, element: Int, isReversed: Bool,
    to output: UnsafeMutablePointer<SIMD2<Double>>, pitch: Int
  ) {
    let width = blocks.pitch
    let lanes = (2 * width + 7) / 8
    let sums = AlignedBuffer<SIMD8<Scalar>>(count: rows.count * 2 * lanes)
    sums.base.update(repeating: SIMD8(), count: sums.count)
    let (real, imaginary) = (
      AlignedBuffer<SIMD8<Scalar>>(count: lanes), AlignedBuffer<SIMD8<Scalar>>(count: lanes)
    )
    let fine = AlignedBuffer<Scalar>(count: 8 * lanes)
    fine.base.update(repeating: 0, count: fine.count)
    for column in 0..<width {
      let root = exactUnitRoot(
        moduloProduct(element, blocks.elementOffset(column: column), rowLength), order: rowLength)
      (fine.base[2 * column], fine.base[2 * column + 1]) = (Scalar(root.x), Scalar(root.y))
    }
    for block in 0..<blocks.count {
      let columns = blocks.columns(of: block)
      let coarse = exactUnitRoot(
        moduloProduct(element, blocks.firstElement(of: block), rowLength), order: rowLength)
      setRoots(fine, SIMD2(Scalar(coarse.x), Scalar(coarse.y)), real, imaginary)
      let (whole, rest) = (2 * columns.count).quotientAndRemainder(dividingBy: 8)
      for (index, row) in rows.enumerated() {
        let entries = matrix.entries(block: block, row: row)
        let sum = sums.base + index &* 2 &* lanes
        for lane in 0..<whole {
          let values = UnsafeRawPointer(entries + 8 &* lane).loadUnaligned(as: SIMD8<Scalar>.self)
          sum[2 &* lane] += values * real.base[lane]
          sum[2 &* lane &+ 1] += values * imaginary.base[lane]
        }
        guard rest > 0 else { continue }
        // A whole vector could reach beyond the matrix.
        var values = SIMD8<Scalar>()
        for place in 0..<rest { values[place] = entries[8 * whole + place] }
        sum[2 * whole] += values * real.base[whole]
        sum[2 * whole + 1] += values * imaginary.base[whole]
      }
    }
    for index in 0..<rows.count {
      let target = output + (isReversed ? rows.count - 1 - index : index)
      for part in 0..<parts { target[part * pitch] = SIMD2() }
      for column in 0..<width {
        let (lane, place) = (2 * column).quotientAndRemainder(dividingBy: 8)
        let a = sums.base[index * 2 * lanes + 2 * lane]
        let b = sums.base[index * 2 * lanes + 2 * lane + 1]
        // (x + i y)(c + i s) = (x c - y s) + i (y c + x s)
        let value = SIMD2(
          Double(a[place]) - Double(b[place + 1]), Double(a[place + 1]) + Double(b[place]))
        target[column % parts * pitch] += isReversed ? complexConjugate(value) : value
      }
    }
  }

  /// The roots of a block, each twice, for real and imaginary parts.
  @inline(__always)
  private func setRoots(
    _ fine: AlignedBuffer<Scalar>, _ coarse: SIMD2<Scalar>,
    _ real: AlignedBuffer<SIMD8<Scalar>>, _ imaginary: AlignedBuffer<SIMD8<Scalar>>
  ) {
    for lane in 0..<real.count {
      let source = UnsafeRawPointer(fine.base + 8 &* lane)
      let low = complexProduct(source.loadUnaligned(as: SIMD4<Scalar>.self), coarse)
      let high = complexProduct(
        source.loadUnaligned(
          fromByteOffset: 4 &* MemoryLayout<Scalar>.stride, as: SIMD4<Scalar>.self), coarse)
      real.base[lane] = SIMD8(
        low[0], low[0], low[2], low[2], high[0], high[0], high[2], high[2])
      imaginary.base[lane] = SIMD8(
        low[1], low[1], low[3], low[3], high[1], high[1], high[3], high[3])
    }
  }
}
