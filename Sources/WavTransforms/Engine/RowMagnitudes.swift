// SPDX-License-Identifier: GPL-2.0-or-later

/// Magnitudes and powers of up to eight transformed rows, one row per lane.
final class RowMagnitudes<Scalar: FFTWScalar> {
  /// The sum over the parts of |F_p|, a vector for each element.
  let magnitudes: AlignedBuffer<SIMD8<Scalar>>
  /// The sum over the parts of |F_p|^2.
  let squares: AlignedBuffer<SIMD8<Scalar>>

  private let parts: Int
  private let rowLength: Int
  /// Complex numbers from one row to the next.
  private let pitch: Int

  /// Elements that are measured together: few enough for the first-level cache.
  static var elementsAtATime: Int { 256 }

  /// Prepares for rows of `parts` spectra of `rowLength` complex numbers each, `pitch` complex numbers apart.
  init(parts: Int, rowLength: Int, pitch: Int) {
    self.parts = parts
    self.rowLength = rowLength
    self.pitch = pitch
    magnitudes = AlignedBuffer(count: Self.elementsAtATime)
    squares = AlignedBuffer(count: Self.elementsAtATime)
  }

  /// Measures some elements of rows, [row][part][element]; parts are summed in order.
  @inline(__always)
  func measure(_ elements: Range<Int>, of output: UnsafePointer<Scalar>, rows: Int) {
    let magnitudes = UnsafeMutableRawPointer(magnitudes.base).assumingMemoryBound(to: Scalar.self)
    let squares = UnsafeMutableRawPointer(squares.base).assumingMemoryBound(to: Scalar.self)
    let count = elements.count
    for row in 0..<rows {
      for part in 0..<parts {
        let spectrum =
          output + 2 &* (row &* pitch &+ part &* rowLength &+ elements.lowerBound)
        if part == 0 {
          for index in 0..<count {
            let (re, im) = (spectrum[2 &* index], spectrum[2 &* index &+ 1])
            let power = re * re + im * im
            squares[8 &* index &+ row] = power
            magnitudes[8 &* index &+ row] = power.squareRoot()
          }
        } else {
          for index in 0..<count {
            let (re, im) = (spectrum[2 &* index], spectrum[2 &* index &+ 1])
            let power = re * re + im * im
            squares[8 &* index &+ row] += power
            magnitudes[8 &* index &+ row] += power.squareRoot()
          }
        }
      }
    }
  }
}
