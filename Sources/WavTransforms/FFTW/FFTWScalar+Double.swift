// SPDX-License-Identifier: GPL-2.0-or-later

import CFFTW
import CShims
import WavSamples
import WavSpectrum

extension Double: FFTWScalar {
  static var precision: Precision { .double }

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

  static func alignment(of array: UnsafeMutablePointer<Double>) -> Int {
    Int(fftw_alignment_of(array))
  }

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

  static func addRows(
    _ rows: UnsafePointer<Double>, pitch: Int, rowCount: Int, _ real: UnsafePointer<Double>,
    _ imaginary: UnsafePointer<Double>, count: Int, to sums: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<rowCount {
      let values = rows + row &* pitch
      let target = UnsafeMutableRawPointer(sums + 16 &* row)
      var (first, second) = (vector(at: sums + 16 &* row), vector(at: sums + (16 &* row &+ 8)))
      for index in stride(from: 0, to: count, by: 8) {
        let value = vector(at: values + index)
        first += value * vector(at: real + index)
        second += value * vector(at: imaginary + index)
      }
      target.storeBytes(of: first, as: SIMD8<Double>.self)
      target.storeBytes(of: second, toByteOffset: 64, as: SIMD8<Double>.self)
    }
  }

  static func sums(
    of samples: UnsafePointer<Double>, _ cosines: UnsafePointer<Double>,
    _ sines: UnsafePointer<Double>, count: Int
  ) -> SIMD2<Double> {
    var (re, im) = (SIMD4<Double>(), SIMD4<Double>())
    let whole = count & ~3
    for index in stride(from: 0, to: whole, by: 4) {
      let x = UnsafeRawPointer(samples + index).loadUnaligned(as: SIMD4<Double>.self)
      re += x * UnsafeRawPointer(cosines + index).loadUnaligned(as: SIMD4<Double>.self)
      im += x * UnsafeRawPointer(sines + index).loadUnaligned(as: SIMD4<Double>.self)
    }
    var sum = SIMD2(re.sum(), im.sum())
    for index in whole..<count {
      sum += SIMD2(samples[index] * cosines[index], samples[index] * sines[index])
    }
    return sum
  }

  static func sum(_ samples: UnsafePointer<Double>, count: Int) -> Double {
    shim_sum_d(samples, count)
  }

  static func windowPair(
    _ first: UnsafePointer<Double>, _ second: UnsafePointer<Double>, means: (Double, Double),
    _ window: UnsafePointer<Double>, count: Int, to pair: UnsafeMutablePointer<Double>
  ) {
    shim_window_pair_d(
      first, second, Double(means.0), Double(means.1), window, count, pair)
  }

  static func addPowers(
    of spectrum: UnsafePointer<Double>, count: Int, to sums: UnsafeMutablePointer<Double>
  ) { shim_add_powers_d(spectrum, count, sums) }

  static func splitPowers(
    of spectrum: UnsafePointer<Double>, count: Int, bins: Int,
    to first: UnsafeMutablePointer<Double>,
    _ second: UnsafeMutablePointer<Double>
  ) { shim_split_powers_d(spectrum, count, bins, first, second) }

  static func reduce(
    _ powers: UnsafePointer<Double>, count: Int, _ reduction: LevelGrid.Reduction,
    into result: UnsafeMutablePointer<Double>
  ) {
    switch reduction {
    case .maximum: for index in 0..<count { result[index] = max(result[index], powers[index]) }
    case .mean: for index in 0..<count { result[index] += powers[index] }
    }
  }

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

/// Eight numbers from an address.
@inline(__always)
private func vector(at address: UnsafePointer<Double>) -> SIMD8<Double> {
  UnsafeRawPointer(address).loadUnaligned(as: SIMD8<Double>.self)
}
