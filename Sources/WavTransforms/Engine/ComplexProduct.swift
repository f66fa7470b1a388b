// SPDX-License-Identifier: GPL-2.0-or-later

/// Two complex numbers side by side, each times the same complex number.
@inline(__always)
func complexProduct<Scalar: FFTWScalar>(
  _ pair: SIMD4<Scalar>, _ factor: SIMD2<Scalar>
) -> SIMD4<Scalar> {
  let swapped = SIMD4<Scalar>(pair[1], pair[0], pair[3], pair[2])
  let imaginary = SIMD4<Scalar>(-factor.y, factor.y, -factor.y, factor.y)
  return pair * SIMD4(repeating: factor.x) + swapped * imaginary
}

/// Two complex numbers side by side, each times its partner.
@inline(__always)
func complexProduct<Scalar: FFTWScalar>(
  _ first: SIMD4<Scalar>, _ second: SIMD4<Scalar>
) -> SIMD4<Scalar> {
  let real = SIMD4<Scalar>(second[0], second[0], second[2], second[2])
  let imaginary = SIMD4<Scalar>(-second[1], second[1], -second[3], second[3])
  let swapped = SIMD4<Scalar>(first[1], first[0], first[3], first[2])
  return first * real + swapped * imaginary
}

/// The product of two complex numbers.
@inline(__always)
func complexProduct(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
  SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
}

/// The complex conjugate of a number.
@inline(__always)
func complexConjugate(_ a: SIMD2<Double>) -> SIMD2<Double> { SIMD2(a.x, -a.y) }
