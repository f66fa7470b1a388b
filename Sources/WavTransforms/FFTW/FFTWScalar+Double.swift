// SPDX-License-Identifier: GPL-2.0-or-later

import CFFTW
import WavAudio

extension Double: FFTWScalar {
  static func planComplex(
    _ layout: TransformLayout, _ input: UnsafeMutablePointer<Double>,
    _ output: UnsafeMutablePointer<Double>
  ) -> OpaquePointer? {
    var (transform, repetition) = dimensions(layout)
    return fftw_plan_guru64_dft(
      1, &transform, 1, &repetition, complex(input), complex(output), FFTW_FORWARD, FFTW_ESTIMATE)
  }

  static func planReal(
    _ layout: TransformLayout, _ input: UnsafeMutablePointer<Double>,
    _ output: UnsafeMutablePointer<Double>
  ) -> OpaquePointer? {
    var (transform, repetition) = dimensions(layout)
    return fftw_plan_guru64_dft_r2c(
      1, &transform, 1, &repetition, input, complex(output),
      FFTW_ESTIMATE | FFTW_UNALIGNED | FFTW_PRESERVE_INPUT)
  }

  static func executeComplex(
    _ plan: OpaquePointer, _ input: UnsafeMutablePointer<Double>,
    _ output: UnsafeMutablePointer<Double>
  ) { fftw_execute_dft(plan, complex(input), complex(output)) }

  static func executeReal(
    _ plan: OpaquePointer, _ input: UnsafeMutablePointer<Double>,
    _ output: UnsafeMutablePointer<Double>
  ) { fftw_execute_dft_r2c(plan, input, complex(output)) }

  static func destroy(_ plan: OpaquePointer) { fftw_destroy_plan(plan) }

  static func read(
    _ reader: SampleReader, from start: Int, count: Int, into output: UnsafeMutablePointer<Double>
  ) { reader.read(from: start, count: count, into: output) }

  @inline(__always)
  static func greater(_ first: SIMD8<Double>, _ second: SIMD8<Double>) -> SIMD8<Double> {
    first.replacing(with: second, where: second .> first)
  }

  @inline(__always)
  static func lanes(
    of values: SIMD8<Double>, from low: Double, below high: Double
  ) -> SIMDMask<SIMD8<Double>.MaskStorage> { (values .>= low) .& (values .< high) }

  private static func complex(
    _ scalars: UnsafeMutablePointer<Double>
  ) -> UnsafeMutablePointer<fftw_complex> {
    UnsafeMutableRawPointer(scalars).assumingMemoryBound(to: fftw_complex.self)
  }

  private static func dimensions(
    _ layout: TransformLayout
  ) -> (fftw_iodim64, fftw_iodim64) {
    (
      fftw_iodim64(n: layout.length, is: layout.inputStride, os: layout.outputStride),
      fftw_iodim64(n: layout.count, is: layout.inputDistance, os: layout.outputDistance)
    )
  }
}
