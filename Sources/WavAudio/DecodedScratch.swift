// SPDX-License-Identifier: GPL-2.0-or-later

import SystemPackage
import WavSamples
import WavStages
import WavSystem

/// The samples of a compressed file, decoded by the workers to a scratch file: for recordings larger than memory.
///
/// A worker takes some 1 MB of memory, however long the blocks are.
public final class DecodedScratch: StreamedSamples {
  private let decoder: SampleDecoder
  private let isDouble: Bool
  private let scratch: any Scratch
  private let file: BulkFile

  /// Prepares to decode, in double or single precision.
  ///
  /// - Parameters:
  ///   - decoder: Decodes the file.
  ///   - isDouble: Whether samples are kept in double precision.
  ///   - scratch: Room for ``byteCount(_:isDouble:)`` bytes.
  /// - Throws: ``AudioError`` when the file cannot be opened once more.
  public init(
    _ decoder: SampleDecoder, isDouble: Bool, in scratch: any Scratch
  ) throws(AudioError) {
    precondition(
      scratch.byteCount >= Self.byteCount(decoder, isDouble: isDouble), "room for all samples")
    self.decoder = decoder
    self.isDouble = isDouble
    self.scratch = scratch
    file = try decoder.reopenedInBulk()
  }

  /// Bytes that the samples take.
  public static func byteCount(_ decoder: SampleDecoder, isDouble: Bool) -> Int {
    decoder.count * (isDouble ? 8 : 4)
  }

  /// Number of blocks that can be decoded independently.
  public var blockCount: Int { decoder.blockCount }
  /// Number of samples.
  public var count: Int { decoder.count }
  /// Bytes of a decoded sample.
  public var bytesPerSample: Int { isDouble ? 8 : 4 }

  /// Decodes a block to its place in the scratch file, and measures its samples.
  ///
  /// - Throws: ``AudioError`` when the file is damaged, and what writing to the scratch throws.
  public func decode(block: Int, _ meter: LevelMeter? = nil) throws {
    if isDouble {
      try decode(block, as: Double.self, meter)
    } else {
      try decode(block, as: Float.self, meter)
    }
  }

  private func decode<Scalar: BinaryFloatingPoint & BitwiseCopyable>(
    _ block: Int, as type: Scalar.Type, _ meter: LevelMeter?
  ) throws {
    try decoder.decode(block: block, as: type, forgetting: file, meter) { samples, first in
      try scratch.write(samples, at: first * bytesPerSample)
    }
  }

  /// Reads samples, once all blocks are decoded.
  ///
  /// - Throws: What reading from the scratch throws.
  public func read(
    _ samples: Range<Int>, into buffer: UnsafeMutableRawBufferPointer
  ) throws -> SampleReader {
    precondition(samples.lowerBound >= 0 && samples.upperBound <= count, "samples of the selection")
    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(samples.count * bytesPerSample)])
    try scratch.read(into: room, at: samples.lowerBound * bytesPerSample)
    guard let base = UnsafeRawPointer(room.baseAddress) else {
      preconditionFailure("a buffer for samples has an address")
    }
    return isDouble
      ? SampleReader(base.assumingMemoryBound(to: Double.self), count: samples.count)
      : SampleReader(base.assumingMemoryBound(to: Float.self), count: samples.count)
  }

  /// Announces that samples will be read soon, so that the device can begin.
  public func announce(_ samples: Range<Int>) {
    scratch.announce(samples.lowerBound * bytesPerSample..<samples.upperBound * bytesPerSample)
  }
}
