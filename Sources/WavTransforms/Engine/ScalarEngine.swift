// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples

/// The common parts of engines, for one scalar type.
protocol ScalarEngine: TransformEngine {
  associatedtype Scalar: FFTWScalar
  /// The signal to transform.
  var signal: WindowedSignal<Scalar> { get set }
  /// What is kept of every bin.
  var everyBin: BinStore<Scalar> { get }
  /// Computes the local spectra of peaks.
  var local: LocalTransform<Scalar> { get }
  /// Clears the results, and everything stored of the signal.
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
    if let rounded = everyBin.rounded { return rounded.copy(bins, to: &output) }
    guard let store = everyBin.magnitudes else { preconditionFailure("magnitudes were asked for") }
    store.copy(bins, to: &output)
  }

  func copyNumbers(_ bins: Range<Int>, to output: inout MutableSpan<SIMD2<Double>>) {
    guard let store = everyBin.numbers else { preconditionFailure("complex bins were asked for") }
    store.copy(bins, to: &output)
  }
}
