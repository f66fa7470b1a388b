// SPDX-License-Identifier: GPL-2.0-or-later

/// The transforms of one long row in memory: of P interleaved complex signals of length J = J1 * J2.
///
/// A row of millions of elements does not fit into any cache. So it goes four-step itself: columns of
/// length J1, twiddles, rows of length J2. Element j = j1 * J2 + j2 of part p is at index p + P * j, and
/// element k = k1 + J1 * k2 of its transform is element k2 of inner row k1.
final class LongRow<Scalar: FFTWScalar> {
  /// J1, the number of inner rows; 1 if the row is transformed as it is.
  let rowCount: Int
  /// J2.
  let rowLength: Int

  private let parts: Int
  /// Columns of the inner matrix: P * J2.
  private let columnCount: Int
  /// Complex numbers from one inner row to the next.
  private let pitch: Int
  private let columns: ComplexColumns<Scalar>
  private let rowPlan: FFTPlan<Scalar>
  /// Complex numbers from one transformed inner row to the next.
  let spectrumPitch: Int
  /// Transformed inner rows: [row][part][element].
  private let spectra: AlignedBuffer<Scalar>

  /// Inner rows that are transformed together.
  static var rowsAtATime: Int { 8 }

  /// How a row of `length` elements for each part is factored; J1 is 1 for short rows, and for
  /// lengths without a good divisor.
  static func split(_ length: Int, parts: Int) -> FourStepSplit {
    FourStepSplit(length: length, parts: parts)
      ?? FourStepSplit(columnLength: 1, rowLength: length)
  }

  /// Complex numbers of the matrix that ``prepare(_:in:)`` fills.
  static func matrixCount(_ length: Int, parts: Int) -> Int {
    let split = split(length, parts: parts)
    return split.columnLength * pitch(parts * split.rowLength)
  }

  /// Complex numbers of the inner rows that are transformed together.
  static func spectraCount(_ length: Int, parts: Int) -> Int {
    let split = split(length, parts: parts)
    let columnCount = parts * split.rowLength
    return split.columnLength == 1
      ? columnCount : FFTPlan<Scalar>.pitch(columnCount) * rowsAtATime
  }

  /// Inner rows begin at aligned addresses; behind each is room for what a narrow strip writes beyond its end.
  private static func pitch(_ columnCount: Int) -> Int { (columnCount + 16 + 7) / 8 * 8 }

  /// Prepares for rows of `length` elements for each of `parts` parts.
  init(_ length: Int, parts: Int) {
    let split = Self.split(length, parts: parts)
    self.parts = parts
    (rowCount, rowLength) = (split.columnLength, split.rowLength)
    columnCount = parts * rowLength
    pitch = Self.pitch(columnCount)
    spectrumPitch = FFTPlan<Scalar>.pitch(columnCount)
    columns = ComplexColumns(columnLength: rowCount, rowLength: rowLength, parts: parts)
    spectra = AlignedBuffer(count: 2 * Self.spectraCount(length, parts: parts))
    rowPlan = FFTPlan(
      complex: TransformLayout(
        length: rowLength, count: parts, inputStride: parts, inputDistance: 1, outputStride: 1,
        outputDistance: rowLength),
      columns.input.base, spectra.base)
  }

  /// Transforms the columns of a row into the inner matrix.
  ///
  /// - Parameters:
  ///   - row: The row: P * J complex numbers.
  ///   - matrix: Memory for ``matrixCount(_:parts:)`` complex numbers.
  func prepare(_ row: UnsafePointer<Scalar>, in matrix: UnsafeMutablePointer<Scalar>) {
    guard rowCount > 1 else { return matrix.update(from: row, count: 2 * columnCount) }
    let strips = columns.strips
    for strip in 0..<strips.count {
      let range = strips.columns(of: strip)
      let (input, width) = (columns.input.base, 2 &* strips.pitch)
      for index in 0..<rowCount {
        (input + index &* width).update(
          from: row + 2 &* (index &* columnCount &+ range.lowerBound), count: 2 &* range.count)
      }
      columns.transform(strip, to: matrix + 2 &* range.lowerBound, rowPitch: pitch)
    }
  }

  /// Transforms up to eight neighbouring inner rows of the matrix; valid until the next call.
  ///
  /// - Returns: [row][part][element], rows ``spectrumPitch`` apart.
  func transform(_ rows: Range<Int>, of matrix: UnsafeMutablePointer<Scalar>)
    -> UnsafePointer<Scalar>
  {
    for (offset, row) in rows.enumerated() {
      rowPlan.execute(matrix + 2 * row * pitch, spectra.base + 2 * offset * spectrumPitch)
    }
    return UnsafePointer(spectra.base)
  }

  /// An inner row of the matrix.
  func row(_ row: Int, of matrix: UnsafeMutablePointer<Scalar>) -> UnsafeMutablePointer<Scalar> {
    matrix + 2 * row * pitch
  }

  /// Transforms the columns of a matrix whose inner rows have been transformed: the same steps as
  /// ``prepare(_:in:)`` and ``transform(_:of:)``, in reverse.
  ///
  /// For elements in the order of the transformed inner rows this gives their transform in the order of a
  /// row.
  func combine(
    _ matrix: UnsafePointer<Scalar>, to row: UnsafeMutablePointer<Scalar>
  ) {
    guard rowCount > 1 else { return row.update(from: matrix, count: 2 * columnCount) }
    let distance = columns.columnDistance
    for strip in 0..<columns.strips.count {
      let range = columns.strips.columns(of: strip)
      let spectra = columns.transformBack(
        strip, from: matrix + 2 &* range.lowerBound, rowPitch: pitch)
      for index in 0..<rowCount {
        let target = row + 2 &* (index &* columnCount &+ range.lowerBound)
        for column in 0..<range.count {
          let source = spectra + 2 &* (column &* distance &+ index)
          target[2 &* column] = source[0]
          target[2 &* column &+ 1] = source[1]
        }
      }
    }
  }
}
