// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum

/// The signal to transform, read from a file piece by piece: windowed, then zeros.
struct StreamedSignal<Scalar: FFTWScalar> {
  /// Number of samples used; all later elements are zero.
  let sampleCount: Int
  /// The file.
  let samples: any StreamedSamples
  private let weights: WindowWeights<Scalar>

  /// The first `sampleCount` samples under a window of that length.
  init(_ samples: any StreamedSamples, sampleCount: Int, window: Window) {
    precondition(sampleCount <= samples.count, "enough samples")
    self.samples = samples
    self.sampleCount = sampleCount
    weights = WindowWeights(window, length: sampleCount)
  }

  /// The elements of a range that are samples.
  func present(_ range: Range<Int>) -> Range<Int> { range.clamped(to: 0..<sampleCount) }

  /// Copies the elements of a range to `output`.
  ///
  /// - Parameters:
  ///   - range: Which elements.
  ///   - output: Where to.
  ///   - buffer: Room for the samples as they are in the file.
  ///   - look: Given the samples of the range, before the window, if there are any.
  /// - Throws: What reading throws.
  @inline(__always)
  func copy(
    _ range: Range<Int>, to output: UnsafeMutablePointer<Scalar>,
    through buffer: UnsafeMutableRawBufferPointer, look: (SampleReader) -> Void = { _ in }
  ) throws {
    let present = present(range)
    if !present.isEmpty {
      let reader = try samples.read(
        present,
        into: UnsafeMutableRawBufferPointer(
          rebasing: buffer[..<(present.count * samples.bytesPerSample)]))
      look(reader)
      Scalar.read(reader, from: 0, count: present.count, into: output)
      weights.apply(from: present.lowerBound, count: present.count, to: output)
    }
    (output + present.count).update(repeating: 0, count: range.count - present.count)
  }

  /// Announces that the elements of a range will be copied soon.
  func announce(_ range: Range<Int>) {
    let present = present(range)
    if !present.isEmpty { samples.announce(present) }
  }

  /// The sample that is the cause of a sum that is not finite; reads all samples.
  func failure() throws -> UnusableSamples {
    let chunk = AlignedBuffer<Double>(count: 1 << 16)
    let bytes = AlignedBuffer<UInt8>(count: chunk.count * samples.bytesPerSample)
    let buffer = UnsafeMutableRawBufferPointer(start: bytes.base, count: bytes.count)
    for start in stride(from: 0, to: sampleCount, by: chunk.count) {
      let range = present(start..<start + chunk.count)
      let reader = try samples.read(
        range,
        into: UnsafeMutableRawBufferPointer(
          rebasing: buffer[..<(range.count * samples.bytesPerSample)]))
      reader.read(from: 0, count: range.count, into: chunk.base)
      if let index = (0..<range.count).first(where: { !chunk.base[$0].isFinite }) {
        return .notFinite(index: start + index, value: chunk.base[index])
      }
    }
    return .tooLarge(Scalar.precision)
  }
}
