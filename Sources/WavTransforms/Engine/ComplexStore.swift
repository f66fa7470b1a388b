// SPDX-License-Identifier: GPL-2.0-or-later

import WavStages

/// X[k] for each bin of a range, in shared memory.
final class ComplexStore<Scalar: FFTWScalar> {
  private let bins: Range<Int>
  private let region: Region

  static func need(_ bins: Range<Int>) -> RegionNeed {
    RegionNeed(
      "the complex bins", byteCount: max(bins.count, 1) * 2 * MemoryLayout<Scalar>.stride,
      access: .piecewise)
  }

  init(_ bins: Range<Int>, in supply: inout RegionSupply) {
    self.bins = bins
    region = supply.next(Self.need(bins))
  }

  /// Allocates the memory before any bin is stored.
  var stage: Stage { .reserving(region, name: "reserve bins") }

  /// Copies some bins of the range to the beginning of `output`.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func copy(_ wanted: Range<Int>, to output: inout MutableSpan<SIMD2<Double>>) {
    precondition(
      wanted.lowerBound >= bins.lowerBound && wanted.upperBound <= bins.upperBound, "kept bins")
    let source = region.pointer(to: Scalar.self) + 2 * (wanted.lowerBound - bins.lowerBound)
    for index in 0..<wanted.count {
      output[index] = SIMD2(Double(source[2 &* index]), Double(source[2 &* index &+ 1]))
    }
  }

  /// Neighbouring transforms: element t of transform l is bin `first` + l + `step` * t.
  struct Spectra {
    /// The first element of the first transform.
    let base: UnsafePointer<Scalar>
    /// Complex numbers from one transform to the next.
    let distance: Int
    /// Number of transforms.
    let count: Int
    /// Bin of element 0 of the first transform.
    let first: Int
    /// Bins from one element to the next.
    let step: Int
  }

  /// Stores some elements of a few transforms; bins outside the range are left out.
  ///
  /// For a fixed element the transforms fill contiguous memory, so that cache lines are written whole.
  ///
  /// - Parameters:
  ///   - spectra: The transforms.
  ///   - elements: Which of their elements.
  ///   - length: N, if the transforms are rows of the four-step algorithm, which also hold conj X[N - k].
  @inline(__always)
  func store(_ spectra: Spectra, elements: Range<Int>, mirroredIn length: Int? = nil) {
    let target = region.pointer(to: Scalar.self)
    for element in elements {
      for lane in 0..<spectra.count {
        let source = spectra.base + 2 &* (lane &* spectra.distance &+ element)
        let bin = spectra.first &+ lane &+ spectra.step &* element
        if bins.contains(bin) {
          let place = target + 2 &* (bin &- bins.lowerBound)
          (place[0], place[1]) = (source[0], source[1])
        }
        guard let length else { continue }
        let row = spectra.first &+ lane
        // Rows 0 and N1/2 already contain their mirror images, with other rounding errors.
        if row == 0 || 2 &* row == spectra.step { continue }
        let mirror = length &- bin
        if bins.contains(mirror) {
          let place = target + 2 &* (mirror &- bins.lowerBound)
          (place[0], place[1]) = (source[0], -source[1])
        }
      }
    }
  }
}
