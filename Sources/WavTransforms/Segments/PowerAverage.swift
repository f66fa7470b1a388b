// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum
import WavStages

/// Averages the powers of the segments of a signal, bin by bin.
///
/// Blocks of segments are added by workers in any order, and may be added again; the average does not depend on it.
protocol PowerAverage<Scalar>: AnyObject {
  associatedtype Scalar: FFTWScalar
  /// Begins a block.
  ///
  /// - Throws: What reserving memory throws.
  func begin(_ block: Int, segments: Range<Int>) throws
  /// Adds the powers of a pair of segments, or of one, from their transform.
  func add(_ spectrum: UnsafePointer<Scalar>, segments: Range<Int>)
  /// Ends a block.
  func finish(_ block: Int)
  /// The averages of some bins, once all blocks are added.
  func averages(_ bins: Range<Int>, to output: UnsafeMutablePointer<Double>)
}

/// The mean power: a row of sums for each block, added up in block order.
final class MeanPower<Scalar: FFTWScalar>: PowerAverage {
  private let length: Int
  private let binCount: Int
  private let blockCount: Int
  private let segmentCount: Int
  private let rows: Region
  /// Powers of all N elements of the transforms of pairs.
  private let sums: AlignedBuffer<Double>

  static func need(length: Int, blockCount: Int) -> RegionNeed {
    RegionNeed(
      "the sums of powers", byteCount: (length / 2 + 1) * blockCount * 8, access: .piecewise)
  }

  init(_ layout: SegmentLayout, blockCount: Int, in supply: inout RegionSupply) {
    length = layout.length
    binCount = length / 2 + 1
    segmentCount = layout.count
    self.blockCount = blockCount
    rows = supply.next(Self.need(length: length, blockCount: blockCount))
    sums = AlignedBuffer(count: length)
  }

  func begin(_ block: Int, segments: Range<Int>) throws {
    sums.base.update(repeating: 0, count: length)
    try rows.reserve(8 * binCount * block..<8 * binCount * (block + 1))
  }

  func add(_ spectrum: UnsafePointer<Scalar>, segments: Range<Int>) {
    Scalar.addPowers(of: spectrum, count: length, to: sums.base)
  }

  func finish(_ block: Int) {
    let row = rows.pointer(at: 8 * binCount * block, to: Double.self)
    for bin in 0..<binCount {
      let mirror = bin == 0 ? 0 : length &- bin
      row[bin] = (sums.base[bin] + sums.base[mirror]) / 2
    }
  }

  func averages(_ bins: Range<Int>, to output: UnsafeMutablePointer<Double>) {
    output.update(repeating: 0, count: bins.count)
    for block in 0..<blockCount {
      let row = rows.pointer(at: 8 * (binCount * block + bins.lowerBound), to: Double.self)
      for index in 0..<bins.count { output[index] += row[index] }
    }
    for index in 0..<bins.count { output[index] /= Double(segmentCount) }
  }
}

/// The median power, divided by the ratio of median and mean of as many powers of Gaussian noise.
///
/// The powers of all segments are kept: for K segments of N samples 2 K N or 4 K N bytes.
final class MedianPower<Scalar: FFTWScalar>: PowerAverage {
  private let length: Int
  private let binCount: Int
  private let segmentCount: Int
  /// [segment][bin].
  private let powers: Region
  /// What a lone segment is paired with.
  private let spare: AlignedBuffer<Scalar>
  private let column: AlignedBuffer<Scalar>

  static func need(_ layout: SegmentLayout) -> RegionNeed {
    RegionNeed(
      "the powers of all segments",
      byteCount: (layout.length / 2 + 1) * layout.count * MemoryLayout<Scalar>.stride,
      access: .piecewise)
  }

  init(_ layout: SegmentLayout, in supply: inout RegionSupply) {
    length = layout.length
    binCount = length / 2 + 1
    segmentCount = layout.count
    powers = supply.next(Self.need(layout))
    spare = AlignedBuffer(count: binCount)
    column = AlignedBuffer(count: segmentCount)
  }

  private func row(_ segment: Int) -> UnsafeMutablePointer<Scalar> {
    powers.pointer(to: Scalar.self) + binCount * segment
  }

  func begin(_ block: Int, segments: Range<Int>) throws {
    let size = binCount * MemoryLayout<Scalar>.stride
    try powers.reserve(size * segments.lowerBound..<size * segments.upperBound)
  }

  func add(_ spectrum: UnsafePointer<Scalar>, segments: Range<Int>) {
    Scalar.splitPowers(
      of: spectrum, count: length, bins: binCount, to: row(segments.lowerBound),
      segments.count > 1 ? row(segments.lowerBound + 1) : spare.base)
  }

  func finish(_ block: Int) {}

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func averages(_ bins: Range<Int>, to output: UnsafeMutablePointer<Double>) {
    let bias = Self.bias(of: segmentCount)
    for (index, bin) in bins.enumerated() {
      for segment in 0..<segmentCount { column.base[segment] = row(segment)[bin] }
      output[index] = median(of: column.base, count: segmentCount) / bias
    }
  }

  /// The expected median of n independent exponential variables of mean 1.
  ///
  /// It is 1 - 1/2 + 1/3 - … + 1/n for odd n (B. Allen et al. 2012, eq. B12); for an even n that of the next smaller
  /// one, as SciPy has it.
  static func bias(of count: Int) -> Double {
    var bias = 1.0
    for even in stride(from: 2, to: count, by: 2) {
      bias += 1 / Double(even + 1) - 1 / Double(even)
    }
    return bias
  }
}

/// The median of some numbers, which are put in another order.
///
/// By selection (C. A. R. Hoare, "Algorithm 65: Find", Comm. ACM 4, 1961).
///
/// - Complexity: O(`count`) on average.
@inline(__always)
func median<Scalar: BinaryFloatingPoint>(
  of numbers: UnsafeMutablePointer<Scalar>, count: Int
) -> Double {
  let middle = count / 2
  var (low, high) = (0, count - 1)
  while low < high {
    let pivot = numbers[(low + high) / 2]
    var (left, right) = (low, high)
    while left <= right {
      while numbers[left] < pivot { left &+= 1 }
      while numbers[right] > pivot { right &-= 1 }
      if left <= right {
        (numbers[left], numbers[right]) = (numbers[right], numbers[left])
        left &+= 1
        right &-= 1
      }
    }
    if middle <= right {
      high = right
    } else if middle >= left {
      low = left
    } else {
      break
    }
  }
  let upper = Double(numbers[middle])
  guard count % 2 == 0 else { return upper }
  // The lower neighbour is the greatest of those before.
  var lower = numbers[0]
  for index in 1..<max(1, middle) where numbers[index] > lower { lower = numbers[index] }
  return (Double(lower) + upper) / 2
}

/// The median of some numbers, at least one, which are put in another order.
///
/// - Complexity: O(n) on average.
package func median(of numbers: inout [Double]) -> Double {
  precondition(!numbers.isEmpty, "a median of something")
  return numbers.withUnsafeMutableBufferPointer { buffer in
    buffer.baseAddress.map { median(of: $0, count: buffer.count) } ?? .nan
  }
}
