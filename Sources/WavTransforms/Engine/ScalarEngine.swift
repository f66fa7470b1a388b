// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples

/// What the engines have in common, each for one kind of numbers.
protocol ScalarEngine: TransformEngine {
  associatedtype Scalar: FFTWScalar
  /// What is transformed.
  var signal: WindowedSignal<Scalar> { get set }
  /// The magnitudes that are kept one by one, if they are wanted.
  var everyBin: MagnitudeStore<Scalar>? { get }
  /// Makes the spectra around peaks.
  var local: LocalTransform<Scalar> { get }
  /// Forgets what was computed, and what was remembered of the signal.
  func forgetSignal()
}

extension ScalarEngine {
  func load(_ reader: SampleReader) {
    signal.replaceReader(reader)
    forgetSignal()
  }

  func forgetSignal() {
    local.forgetSignal()
    totals.reset()
  }

  func copyMagnitudes(_ bins: Range<Int>, to output: inout MutableSpan<Double>) {
    guard let everyBin else { preconditionFailure("every bin was asked for") }
    everyBin.copy(bins, to: &output)
  }
}
