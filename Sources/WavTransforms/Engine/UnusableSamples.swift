// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Samples without a finite transform.
public enum UnusableSamples: Error, Equatable {
  /// A sample is infinite or not a number: its index in the signal, and its value.
  case notFinite(index: Int, value: Double)
  /// Sums of the samples exceed the range of the arithmetic.
  case tooLarge(Precision)
}

/// Whether `count` spectra, `distance` complex numbers apart, are those of finite samples.
///
/// Element 0 of a transform is the sum of its input, so it is not finite if any sample is not.
@inline(__always)
func areFinite<Scalar: FFTWScalar>(
  _ spectra: UnsafePointer<Scalar>, count: Int, distance: Int
) -> Bool {
  for index in 0..<count {
    let sum = spectra + 2 * index * distance
    guard (sum[0] + sum[1]).isFinite else { return false }
  }
  return true
}

extension WindowedSignal {
  /// The sample that is the cause of a sum that is not finite.
  var failure: UnusableSamples {
    guard let (index, value) = firstNonFinite() else { return .tooLarge(Scalar.precision) }
    return .notFinite(index: index, value: value)
  }
}
