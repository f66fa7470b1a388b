// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The pieces in which a signal that is divided into segments is read: runs of segments, so that most samples are
/// read once, although segments overlap.
///
/// Chunk c owns the samples from that of its first segment on to that of the first segment of the next chunk. All
/// chunks are equally long but for the last ones, and each sample of the signal is owned by one.
struct SegmentChunks {
  let layout: SegmentLayout
  /// Segments of a chunk; an even number, since they are transformed in pairs.
  let segmentsPerChunk: Int

  /// Samples of a chunk, at least: few enough for the second-level cache and one long read.
  private static let leastSamples = 1 << 18

  /// Divides the segments; a chunk is at least as long as a segment.
  init(_ layout: SegmentLayout) {
    self.layout = layout
    let segments = (max(Self.leastSamples, layout.length) + layout.hop - 1) / layout.hop
    segmentsPerChunk = (segments + 1) / 2 * 2
  }

  /// Samples that a chunk owns.
  var ownLength: Int { segmentsPerChunk * layout.hop }

  /// Number of chunks.
  var count: Int { (layout.sampleCount + ownLength - 1) / ownLength }

  /// The segments that begin in a chunk; may be empty at the end of the signal.
  func segments(of chunk: Int) -> Range<Int> {
    let first = min(chunk * segmentsPerChunk, layout.count)
    return first..<min(first + segmentsPerChunk, layout.count)
  }

  /// The samples that a chunk owns.
  func ownSamples(of chunk: Int) -> Range<Int> {
    chunk * ownLength..<min((chunk + 1) * ownLength, layout.sampleCount)
  }

  /// The samples that a chunk reads: its own, and the rest of its last segment.
  func samples(of chunk: Int) -> Range<Int> {
    let own = ownSamples(of: chunk)
    guard let last = segments(of: chunk).last else { return own }
    return own.lowerBound..<max(own.upperBound, layout.samples(of: last).upperBound)
  }

  /// The most samples that a chunk reads.
  var mostSamples: Int { min(layout.sampleCount, ownLength + layout.length) }
}
