// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum

/// The signal to transform: samples of a recording, windowed on the fly, then zeros.
struct WindowedSignal<Scalar: FFTWScalar> {
  /// Number of samples used; all later elements are zero.
  let sampleCount: Int
  private var reader: SampleReader
  private let weights: WindowWeights<Scalar>

  /// The first `sampleCount` samples of a reader, under a window of that length.
  init(_ reader: SampleReader, sampleCount: Int, window: Window) {
    precondition(sampleCount <= reader.count, "enough samples")
    self.reader = reader
    self.sampleCount = sampleCount
    weights = WindowWeights(window, length: sampleCount)
  }

  /// Replaces the samples under the window; the reader must have at least ``sampleCount``.
  mutating func replaceReader(_ reader: SampleReader) {
    precondition(sampleCount <= reader.count, "enough samples")
    self.reader = reader
  }

  /// Copies `count` elements from index `start` on to `output`.
  func copy(from start: Int, count: Int, to output: UnsafeMutablePointer<Scalar>) {
    let present = min(max(sampleCount - start, 0), count)
    if present > 0 {
      Scalar.read(reader, from: start, count: present, into: output)
      weights.apply(from: start, count: present, to: output)
    }
    (output + present).update(repeating: 0, count: count - present)
  }

  /// Prefetches elements into the cache.
  @inline(__always)
  func prefetch(from start: Int, count: Int) {
    if start &+ count <= sampleCount { reader.prefetch(from: start, count: count) }
  }

  /// Index and value of the first sample that is not finite; nil if there is none.
  ///
  /// Reads all samples.
  func firstNonFinite() -> (index: Int, value: Double)? {
    let chunk = AlignedBuffer<Double>(count: 65536)
    for start in stride(from: 0, to: sampleCount, by: chunk.count) {
      let count = min(chunk.count, sampleCount - start)
      reader.read(from: start, count: count, into: chunk.base)
      if let index = (0..<count).first(where: { !chunk.base[$0].isFinite }) {
        return (start + index, chunk.base[index])
      }
    }
    return nil
  }
}
