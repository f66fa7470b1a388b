// SPDX-License-Identifier: GPL-2.0-or-later

import CShims
import WavStages

/// The magnitude of each bin of a range in 16 bits, in shared memory: for pages, which need no more.
///
/// Reserving half of the memory, and writing half of it, saves half of the time that a page of 121 million bins takes
/// beside the transform: 0.31 s instead of 0.61 s.
final class RoundedMagnitudes {
  private let bins: Range<Int>
  private let region: Region
  private let code: MagnitudeCode

  static func need(_ bins: Range<Int>) -> RegionNeed {
    RegionNeed(
      "the magnitudes", byteCount: max(bins.count, 1) * MemoryLayout<UInt16>.stride,
      access: .piecewise)
  }

  /// Prepares for the bins of a range, of a transform of some samples of at most full scale.
  init(_ bins: Range<Int>, sampleCount: Int, in supply: inout RegionSupply) {
    self.bins = bins
    region = supply.next(Self.need(bins))
    code = MagnitudeCode(sampleCount: sampleCount)
  }

  /// Allocates the memory before any magnitude is stored.
  var stage: Stage { .reserving(region, name: "reserve bins") }

  /// Copies the magnitudes of some bins of the range to the beginning of `output`.
  func copy(_ wanted: Range<Int>, to output: inout MutableSpan<Double>) {
    precondition(
      wanted.lowerBound >= bins.lowerBound && wanted.upperBound <= bins.upperBound, "kept bins")
    let source = region.pointer(to: UInt16.self) + (wanted.lowerBound - bins.lowerBound)
    output.withUnsafeMutableBufferPointer { output in
      precondition(output.count >= wanted.count, "a magnitude for each bin")
      guard let output = output.baseAddress else { return }
      shim_expand_codes(source, wanted.count, code.base, output)
    }
  }

  /// Stores some elements k2 of neighbouring rows k1 of the four-step algorithm, as ``MagnitudeStore`` does.
  func store(
    _ magnitudes: UnsafePointer<SIMD8<Float>>, elements: Range<Int>, rows: Range<Int>,
    rowLength: Int, columnLength: Int
  ) {
    let codes = region.pointer(to: UInt16.self)
    let length = columnLength &* rowLength
    if rows.count == 8, rows.lowerBound > 0, 2 * (rows.upperBound - 1) < columnLength {
      let first = rows.lowerBound &+ columnLength &* elements.lowerBound
      shim_round_rows(
        UnsafeRawPointer(magnitudes).assumingMemoryBound(to: Float.self), elements.count, code.base,
        codes, bins.count, first &- bins.lowerBound, length &- first &- 7 &- bins.lowerBound,
        columnLength)
      return
    }
    for (index, k2) in elements.enumerated() {
      for (lane, row) in rows.enumerated() {
        let bin = row &+ columnLength &* k2
        // Rows 0 and N1/2 already contain their mirror images, with other rounding errors.
        let isMirrored = row > 0 && 2 &* row != columnLength
        for bin in isMirrored ? [bin, length &- bin] : [bin] where bins.contains(bin) {
          codes[bin &- bins.lowerBound] = code.code(magnitudes[index][lane])
        }
      }
    }
  }
}

/// Magnitudes as 16 bits: the 6 bits of an exponent and the first 10 of the mantissa, rounded to nearest.
///
/// The error is at most 2^-11 of the magnitude, 0.0042 dB. What is smaller than 2^-60 of the greatest magnitude
/// possible is 0.
struct MagnitudeCode: Sendable {
  /// The bits of a Float that has code 0.
  let base: Int32
  private static let droppedBits: Int32 = 13

  /// For transforms of some samples of at most full scale, or up to 15 times of it, as lossy formats may decode.
  init(sampleCount: Int) {
    // All samples at full scale have the magnitude N.
    let exponents = Int32(Int.bitWidth - max(1, sampleCount).leadingZeroBitCount) + 4
    base = (127 + exponents - 64) << 23
  }

  /// The code of a magnitude.
  func code(_ magnitude: Float) -> UInt16 {
    let bits = Int32(bitPattern: magnitude.bitPattern)
    let rounded = (bits &- base &+ 1 << (Self.droppedBits - 1)) >> Self.droppedBits
    return UInt16(max(0, min(0xffff, rounded)))
  }
}
