// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSpectrum

/// Reads the chunks of a signal and transforms their segments in pairs.
final class SegmentReader<Scalar: FFTWScalar> {
  let chunks: SegmentChunks
  private let samples: any StreamedSamples
  private let transform: SegmentTransform<Scalar>
  private let look: (_ piece: Int, SampleReader) -> Void
  /// Samples as they are in the file, and converted.
  private let bytes: AlignedBuffer<UInt8>
  private let signal: AlignedBuffer<Scalar>

  /// Bytes of all buffers, about.
  static func byteCount(_ chunks: SegmentChunks, bytesPerSample: Int) -> Double {
    Double(chunks.mostSamples * (bytesPerSample + MemoryLayout<Scalar>.stride))
      + SegmentTransform<Scalar>.byteCount(length: chunks.layout.length)
  }

  /// Prepares to read; `look` is given the samples that each chunk owns.
  init(
    _ chunks: SegmentChunks, of samples: any StreamedSamples, _ method: MethodDescription,
    look: @escaping (_ piece: Int, SampleReader) -> Void
  ) {
    self.chunks = chunks
    self.samples = samples
    self.look = look
    transform = SegmentTransform(
      length: chunks.layout.length, method.window,
      removingMean: method.segmentation.detrend == .constant)
    bytes = AlignedBuffer(count: chunks.mostSamples * samples.bytesPerSample)
    signal = AlignedBuffer(count: chunks.mostSamples)
  }

  /// Announces that a chunk will be read soon.
  func announce(_ chunk: Int) { samples.announce(chunks.samples(of: chunk)) }

  /// Reads a chunk and transforms its segments.
  ///
  /// - Parameters:
  ///   - chunk: Which chunk.
  ///   - take: Given the transform of each pair of segments, or of one at the end.
  /// - Throws: ``UnusableSamples``, what reading throws, and what `take` throws.
  @inline(__always)
  func transform(
    chunk: Int, _ take: (_ spectrum: UnsafePointer<Scalar>, _ segments: Range<Int>) throws -> Void
  ) throws {
    let range = chunks.samples(of: chunk)
    let layout = chunks.layout
    let reader = try samples.read(
      range,
      into: UnsafeMutableRawBufferPointer(
        start: bytes.base, count: range.count * samples.bytesPerSample))
    look(chunk, reader.extracting(0..<chunks.ownSamples(of: chunk).count))
    let segments = chunks.segments(of: chunk)
    Scalar.read(reader, from: 0, count: range.count, into: signal.base)
    // The samples at the end that no segment has are measured, too.
    for index in max(
      0, layout.usedCount - range.lowerBound)..<max(
        0, layout.usedCount - range.lowerBound, range.count)
    where !signal.base[index].isFinite {
      throw failure(of: range)
    }
    for first in stride(from: segments.lowerBound, to: segments.upperBound, by: 2) {
      let pair = first..<min(first + 2, segments.upperBound)
      let start = signal.base + (first * layout.hop - range.lowerBound)
      guard transform.transform(start, pair.count > 1 ? start + layout.hop : nil) else {
        throw failure(of: range)
      }
      try take(transform.spectrum.base, pair)
    }
  }

  /// The sample that is the cause of a sum that is not finite.
  private func failure(of range: Range<Int>) -> UnusableSamples {
    for index in 0..<range.count where !signal.base[index].isFinite {
      return .notFinite(index: range.lowerBound + index, value: Double(signal.base[index]))
    }
    return .tooLarge(Scalar.precision)
  }
}
