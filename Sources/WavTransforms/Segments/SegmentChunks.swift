// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

/// The pieces in which a signal that is divided into segments is read: runs of segments, so that most samples are
/// read once, although segments overlap.
///
/// Chunk c owns the samples from that of its first segment on to that of the first segment of the next chunk. All
/// chunks are equally long but for the last ones, and each sample of the signal is owned by one.
struct SegmentChunks {
  let layout: SegmentLayout
  /// Segments of a chunk.
  let segmentsPerChunk: Int

  /// Samples of a chunk, at least: few enough for the second-level cache and one long read.
  private static let leastSamples = 1 << 18

  /// Divides the segments; a chunk is at least as long as a segment, and a multiple of `unit` segments.
  init(_ layout: SegmentLayout, unit: Int = 2) {
    self.layout = layout
    let segments = (max(Self.leastSamples, layout.length) + layout.hop - 1) / layout.hop
    segmentsPerChunk = (segments + unit - 1) / unit * unit
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

  /// Number of blocks of equally many chunks, of which there are at most `most`.
  func blockCount(atMost most: Int) -> Int {
    let perBlock = (count + most - 1) / most
    return (count + perBlock - 1) / perBlock
  }

  /// Number of blocks if each has a row of sums of all bins: few for long segments, at most 64.
  var blockCountOfSums: Int {
    let rows = (32 << 20) / (8 * (layout.length / 2 + 1))
    return blockCount(atMost: min(64, max(4, rows)))
  }

  /// The segments that begin in neighbouring chunks.
  func segments(of chunks: Range<Int>) -> Range<Int> {
    segments(of: chunks.lowerBound).lowerBound..<segments(of: chunks.upperBound - 1).upperBound
  }

  /// The chunks of one of some blocks.
  func chunks(of block: Int, of blockCount: Int) -> Range<Int> {
    let perBlock = (count + blockCount - 1) / blockCount
    return block * perBlock..<min((block + 1) * perBlock, count)
  }
}
