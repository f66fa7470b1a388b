// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages

/// The magnitude of each bin of a range, in shared memory.
final class MagnitudeStore<Scalar: FFTWScalar> {
  private let bins: Range<Int>
  private let region: Region

  static func need(_ bins: Range<Int>) -> RegionNeed {
    RegionNeed(
      "the magnitudes", byteCount: max(bins.count, 1) * MemoryLayout<Scalar>.stride,
      access: .piecewise)
  }

  init(_ bins: Range<Int>, in supply: inout RegionSupply) {
    self.bins = bins
    region = supply.next(Self.need(bins))
  }

  /// The magnitude of the first bin of the range.
  var base: UnsafeMutablePointer<Scalar> { region.pointer(to: Scalar.self) }

  /// Allocates the memory before any magnitude is stored.
  var stage: Stage { .reserving(region, name: "reserve bins") }

  /// Copies the magnitudes of some bins of the range to the beginning of `output`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func copy(_ wanted: Range<Int>, to output: inout MutableSpan<Double>) {
    precondition(
      wanted.lowerBound >= bins.lowerBound && wanted.upperBound <= bins.upperBound, "kept bins")
    let source = region.pointer(to: Scalar.self) + (wanted.lowerBound - bins.lowerBound)
    for index in 0..<wanted.count { output[index] = Double(source[index]) }
  }

  /// Stores contiguous magnitudes of the bins from `first` on; bins outside the range are left out.
  func store(_ magnitudes: UnsafePointer<Scalar>, first: Int, count: Int) {
    let kept = Range(uncheckedBounds: (first, first + count)).clamped(to: bins)
    (region.pointer(to: Scalar.self) + (kept.lowerBound - bins.lowerBound)).update(
      from: magnitudes + (kept.lowerBound - first), count: kept.count)
  }

  /// Stores some elements k2 of neighbouring rows k1 of the four-step algorithm, one row per lane.
  ///
  /// They are the bins k = k1 + N1 * k2 and their mirror images N - k. For a fixed k2 the rows fill
  /// contiguous memory, so that cache lines are written whole.
  func store(
    _ magnitudes: UnsafePointer<SIMD8<Scalar>>, elements: Range<Int>, rows: Range<Int>,
    rowLength: Int, columnLength: Int
  ) {
    let target = region.pointer(to: Scalar.self)
    let length = columnLength &* rowLength
    let isWhole = rows.count == 8 && rows.lowerBound > 0 && 2 * (rows.upperBound - 1) < columnLength
    if isWhole {
      storeWhole(
        magnitudes, elements: elements, firstRow: rows.lowerBound, columnLength: columnLength,
        length: length)
      return
    }
    for (index, k2) in elements.enumerated() {
      for (lane, row) in rows.enumerated() {
        let value = magnitudes[index][lane]
        let bin = row &+ columnLength &* k2
        if bins.contains(bin) { target[bin &- bins.lowerBound] = value }
        // Rows 0 and N1/2 already contain their mirror images, with other rounding errors.
        if row == 0 || 2 &* row == columnLength { continue }
        let mirror = length &- bin
        if bins.contains(mirror) { target[mirror &- bins.lowerBound] = value }
      }
    }
  }

  /// The same for eight rows: whole vectors, but for those that the range does not hold as a whole.
  @inline(__always)
  private func storeWhole(
    _ magnitudes: UnsafePointer<SIMD8<Scalar>>, elements: Range<Int>, firstRow: Int,
    columnLength: Int, length: Int
  ) {
    let (low, high) = (bins.lowerBound, bins.upperBound)
    let target = region.pointer(to: Scalar.self)
    func store(_ vector: SIMD8<Scalar>, _ bin: Int) {
      if bin >= low, bin &+ 8 <= high {
        UnsafeMutableRawPointer(target + (bin &- low)).storeBytes(
          of: vector, as: SIMD8<Scalar>.self)
      } else if bin &+ 8 > low, bin < high {
        // At the ends of the range, and near the middle, where some lanes are only mirror images.
        for lane in 0..<8 where bins.contains(bin &+ lane) {
          target[bin &+ lane &- low] = vector[lane]
        }
      }
    }
    for (index, k2) in elements.enumerated() {
      let vector = magnitudes[index]
      let bin = firstRow &+ columnLength &* k2
      store(vector, bin)
      let reversed = SIMD8(
        lowHalf: SIMD4(vector[7], vector[6], vector[5], vector[4]),
        highHalf: SIMD4(vector[3], vector[2], vector[1], vector[0]))
      store(reversed, length &- bin &- 7)
    }
  }
}
