// SPDX-License-Identifier: GPL-2.0-or-later

import CFFTW
import CShims
import WavSamples
import WavSpectrum

extension Float: FFTWScalar {
  static var precision: Precision { .single }

  static func planComplex(
    _ layout: TransformLayout, _ input: UnsafeMutablePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) -> OpaquePointer? {
    var (transform, repetition) = dimensions(layout)
    return fftwf_plan_guru64_dft(
      1, &transform, 1, &repetition, complex(input), complex(output), FFTW_FORWARD, FFTW_ESTIMATE)
  }

  static func planReal(
    _ layout: TransformLayout, _ input: UnsafeMutablePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) -> OpaquePointer? {
    var (transform, repetition) = dimensions(layout)
    return fftwf_plan_guru64_dft_r2c(
      1, &transform, 1, &repetition, input, complex(output),
      FFTW_ESTIMATE | FFTW_UNALIGNED | FFTW_PRESERVE_INPUT)
  }

  static func executeComplex(
    _ plan: OpaquePointer, _ input: UnsafeMutablePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) { fftwf_execute_dft(plan, complex(input), complex(output)) }

  static func executeReal(
    _ plan: OpaquePointer, _ input: UnsafeMutablePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) { fftwf_execute_dft_r2c(plan, input, complex(output)) }

  static func alignment(of array: UnsafeMutablePointer<Float>) -> Int {
    Int(fftwf_alignment_of(array))
  }

  static func destroy(_ plan: OpaquePointer) { fftwf_destroy_plan(plan) }

  static func read(
    _ reader: SampleReader, from start: Int, count: Int, into output: UnsafeMutablePointer<Float>
  ) { reader.read(from: start, count: count, into: output) }

  @inline(__always)
  static func greater(_ first: SIMD8<Float>, _ second: SIMD8<Float>) -> SIMD8<Float> {
    first.replacing(with: second, where: second .> first)
  }

  @inline(__always)
  static func lanes(
    of values: SIMD8<Float>, from low: Float, below high: Float
  ) -> SIMDMask<SIMD8<Float>.MaskStorage> { (values .>= low) .& (values .< high) }

  static func addRows(
    _ rows: UnsafePointer<Float>, pitch: Int, rowCount: Int, _ real: UnsafePointer<Float>,
    _ imaginary: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Float>
  ) { shim_add_rows(rows, pitch, rowCount, real, imaginary, count, sums) }

  static func sums(
    of samples: UnsafePointer<Float>, _ cosines: UnsafePointer<Float>,
    _ sines: UnsafePointer<Float>, count: Int
  ) -> SIMD2<Double> {
    var sums = SIMD2<Double>()
    withUnsafeMutableBytes(of: &sums) {
      shim_add_samples(
        samples, cosines, sines, count, $0.baseAddress?.assumingMemoryBound(to: Double.self))
    }
    return sums
  }

  static func sum(_ samples: UnsafePointer<Float>, count: Int) -> Double {
    shim_sum_f(samples, count)
  }

  static func windowPair(
    _ first: UnsafePointer<Float>, _ second: UnsafePointer<Float>, means: (Double, Double),
    _ window: UnsafePointer<Float>, count: Int, to pair: UnsafeMutablePointer<Float>
  ) {
    shim_window_pair_f(
      first, second, Float(means.0), Float(means.1), window, count, pair)
  }

  static func addPowers(
    of spectrum: UnsafePointer<Float>, count: Int, to sums: UnsafeMutablePointer<Double>
  ) { shim_add_powers_f(spectrum, count, sums) }

  static func splitPowers(
    of spectrum: UnsafePointer<Float>, count: Int, bins: Int, to first: UnsafeMutablePointer<Float>,
    _ second: UnsafeMutablePointer<Float>
  ) { shim_split_powers_f(spectrum, count, bins, first, second) }

  static func reduce(
    _ powers: UnsafePointer<Float>, count: Int, _ reduction: LevelGrid.Reduction,
    into result: UnsafeMutablePointer<Float>
  ) {
    switch reduction {
    case .maximum: for index in 0..<count { result[index] = max(result[index], powers[index]) }
    case .mean: for index in 0..<count { result[index] += powers[index] }
    }
  }

  private static func complex(
    _ scalars: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<fftwf_complex> {
    UnsafeMutableRawPointer(scalars).assumingMemoryBound(to: fftwf_complex.self)
  }

  private static func dimensions(
    _ layout: TransformLayout
  ) -> (fftwf_iodim64, fftwf_iodim64) {
    (
      fftwf_iodim64(n: layout.length, is: layout.inputStride, os: layout.outputStride),
      fftwf_iodim64(n: layout.count, is: layout.inputDistance, os: layout.outputDistance)
    )
  }
}
