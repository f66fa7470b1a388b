// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum

/// A floating-point type that FFTW supports: `Float` (fftw3f) or `Double` (fftw3).
///
/// Complex data is interleaved: element k of an array of complex numbers is the pair of scalars
/// 2k (real part) and 2k + 1 (imaginary part).
protocol FFTWScalar: BinaryFloatingPoint & SIMDScalar & Codable & Sendable {
  /// What the arithmetic is called.
  static var precision: Precision { get }
  /// Plans complex transforms with exp(-i...), not normalised; nil if FFTW has no plan.
  static func planComplex(
    _ layout: TransformLayout, _ input: UnsafeMutablePointer<Self>,
    _ output: UnsafeMutablePointer<Self>
  ) -> OpaquePointer?
  /// Plans real-to-complex transforms; outputs have length / 2 + 1 complex numbers each.
  static func planReal(
    _ layout: TransformLayout, _ input: UnsafeMutablePointer<Self>,
    _ output: UnsafeMutablePointer<Self>
  ) -> OpaquePointer?
  /// Executes a plan of ``planComplex(_:_:_:)`` on arrays with the alignment of the planned ones.
  static func executeComplex(
    _ plan: OpaquePointer, _ input: UnsafeMutablePointer<Self>,
    _ output: UnsafeMutablePointer<Self>)
  /// Executes a plan of ``planReal(_:_:_:)`` on arrays with any alignment.
  static func executeReal(
    _ plan: OpaquePointer, _ input: UnsafeMutablePointer<Self>,
    _ output: UnsafeMutablePointer<Self>)
  /// How far an array is from an address that suits vector instructions, in bytes: FFTW executes a plan for
  /// arrays with the alignment of the planned ones.
  static func alignment(of array: UnsafeMutablePointer<Self>) -> Int
  /// Frees a plan.
  static func destroy(_ plan: OpaquePointer)
  /// The greater of each pair of lanes.
  ///
  /// A vector comparison is one instruction only if the type is concrete; in generic code it is a
  /// loop over the lanes (measured: 5 times slower).
  static func greater(_ first: SIMD8<Self>, _ second: SIMD8<Self>) -> SIMD8<Self>
  /// Which lanes are at least `low` and below `high`.
  static func lanes(
    of values: SIMD8<Self>, from low: Self, below high: Self
  ) -> SIMDMask<SIMD8<Self>.MaskStorage>
  /// Multiplies each of some rows of numbers, `pitch` apart, by two common rows of `count` numbers,
  /// a multiple of 8, and adds the products lane by lane to 8 sums for each of the two: [row][16].
  static func addRows(
    _ rows: UnsafePointer<Self>, pitch: Int, rowCount: Int, _ real: UnsafePointer<Self>,
    _ imaginary: UnsafePointer<Self>, count: Int, to sums: UnsafeMutablePointer<Self>)
  /// The sums of the products of samples with cosines and with sines.
  static func sums(
    of samples: UnsafePointer<Self>, _ cosines: UnsafePointer<Self>, _ sines: UnsafePointer<Self>,
    count: Int
  ) -> SIMD2<Double>
  /// The sum of some samples.
  static func sum(_ samples: UnsafePointer<Self>, count: Int) -> Double
  /// Makes one complex signal of two segments of `count` samples: without their means, and under a window.
  static func windowPair(
    _ first: UnsafePointer<Self>, _ second: UnsafePointer<Self>, means: (Double, Double),
    _ window: UnsafePointer<Self>, count: Int, to pair: UnsafeMutablePointer<Self>)
  /// Adds the squared magnitudes of `count` complex numbers to sums.
  static func addPowers(
    of spectrum: UnsafePointer<Self>, count: Int, to sums: UnsafeMutablePointer<Double>)
  /// The squared magnitudes of the first `bins` bins of the two real signals of which a pair was made that has this
  /// transform of `count` complex numbers.
  static func splitPowers(
    of spectrum: UnsafePointer<Self>, count: Int, bins: Int, to first: UnsafeMutablePointer<Self>,
    _ second: UnsafeMutablePointer<Self>)
  /// Replaces each of some powers by the greater of it and another, or by their sum for a mean.
  static func reduce(
    _ powers: UnsafePointer<Self>, count: Int, _ reduction: LevelGrid.Reduction,
    into result: UnsafeMutablePointer<Self>)
  /// Copies samples of a recording, converted to this type.
  static func read(
    _ reader: SampleReader, from start: Int, count: Int, into output: UnsafeMutablePointer<Self>)
}

/// Where the elements of a set of equal one-dimensional transforms are, in elements of the arrays
/// (scalars of a real array, complex numbers of a complex one).
struct TransformLayout: Sendable {
  /// Length of each transform.
  var length: Int
  /// Number of transforms.
  var count: Int
  /// Distance of neighbouring elements of one input.
  var inputStride: Int
  /// Distance of neighbouring inputs.
  var inputDistance: Int
  /// Distance of neighbouring elements of one output.
  var outputStride: Int
  /// Distance of neighbouring outputs.
  var outputDistance: Int

  /// Describes a layout; by default inputs and outputs are contiguous.
  init(
    length: Int, count: Int = 1, inputStride: Int = 1, inputDistance: Int = 0,
    outputStride: Int = 1, outputDistance: Int = 0
  ) {
    self.length = length
    self.count = count
    self.inputStride = inputStride
    self.inputDistance = inputDistance
    self.outputStride = outputStride
    self.outputDistance = outputDistance
  }
}
