// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// Samples without a finite transform.
public enum UnusableSamples: Error, Equatable {
  /// A sample is infinite or not a number: its index in the signal, and its value.
  case notFinite(index: Int, value: Double)
  /// Sums of the samples exceed the range of the arithmetic.
  case tooLarge(Precision)
}

extension WindowedSignal {
  /// Checks that `count` spectra of parts of the signal, `distance` complex numbers apart, are
  /// finite.
  ///
  /// Element 0 of a transform is the sum of its input, so it is not finite if any sample is not.
  func requireFinite(
    _ spectra: UnsafePointer<Scalar>, count: Int, distance: Int
  ) throws(UnusableSamples) {
    for index in 0..<count {
      let sum = spectra + 2 * index * distance
      guard (sum[0] + sum[1]).isFinite else { throw failure }
    }
  }

  /// The sample that is the cause.
  private var failure: UnusableSamples {
    guard let (index, value) = firstNonFinite() else {
      return .tooLarge(Scalar.self == Float.self ? .single : .double)
    }
    return .notFinite(index: index, value: value)
  }
}
