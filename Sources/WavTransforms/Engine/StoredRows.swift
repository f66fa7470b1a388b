// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages

/// The transformed rows of a short transform, kept in shared memory for the local spectra of peaks.
///
/// Row k1 has F_p[k1 + N1 k2] of each part p: [k1][p][k2]. For long transforms the rows would
/// double the memory, so single bins are computed from the matrix instead (``RowBins``).
final class StoredRows<Scalar: FFTWScalar> {
  private let parts: Int
  /// N1.
  private let columnLength: Int
  /// J.
  private let rowLength: Int
  /// Complex numbers from one row to the next.
  private let pitch: Int
  private let region: Region

  /// Bins on either side of a peak: here they cost next to nothing.
  static var reach: Int { 24 }

  static func need(parts: Int, rowLength: Int, rowCount: Int) -> RegionNeed {
    RegionNeed(
      "the transformed rows",
      byteCount: rowCount * 2 * FFTPlan<Scalar>.pitch(parts * rowLength)
        * MemoryLayout<Scalar>.stride, access: .piecewise)
  }

  init(
    parts: Int, columnLength: Int, rowLength: Int, rowCount: Int, in supply: inout RegionSupply
  ) {
    self.parts = parts
    self.columnLength = columnLength
    self.rowLength = rowLength
    pitch = FFTPlan<Scalar>.pitch(parts * rowLength)
    region = supply.next(Self.need(parts: parts, rowLength: rowLength, rowCount: rowCount))
  }

  /// Allocates the memory of some rows before they are stored.
  func reserve(_ rows: Range<Int>) throws {
    let bytes = 2 * pitch * MemoryLayout<Scalar>.stride
    try region.reserve(rows.lowerBound * bytes..<rows.upperBound * bytes)
  }

  /// First element of a row.
  @inline(__always)
  func row(_ row: Int) -> UnsafeMutablePointer<Scalar> {
    region.pointer(to: Scalar.self) + 2 &* row &* pitch
  }

  /// Copies F_p[k] of neighbouring bins, which may be negative or beyond N / 2: [part][bin].
  ///
  /// - Complexity: O(P) for each bin.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func copy(_ bins: Range<Int>, to output: UnsafeMutablePointer<SIMD2<Double>>) {
    let length = columnLength * rowLength
    for (place, bin) in bins.enumerated() {
      var (element, row) = modulo(bin, length).quotientAndRemainder(dividingBy: columnLength)
      // Only the rows of one half of the spectrum are stored.
      let isMirrored = 2 * row > columnLength
      if isMirrored { (element, row) = (rowLength - 1 - element, columnLength - row) }
      for part in 0..<parts {
        let source = self.row(row) + 2 &* (part &* rowLength &+ element)
        let value = SIMD2(Double(source[0]), Double(source[1]))
        output[part * bins.count + place] = isMirrored ? complexConjugate(value) : value
      }
    }
  }
}
