// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavStages
import WavSystem

/// The samples of a compressed file, decoded by the workers into shared memory.
public final class DecodedSamples {
  private let decoder: SampleDecoder
  private let meter: LevelMeter?
  private let memory: AllocatedRegions
  private let isDouble: Bool

  /// Prepares to decode, in double or single precision, and to measure the decoded samples.
  ///
  /// - Throws: `SystemError` when memory is short.
  public init(
    _ decoder: SampleDecoder, isDouble: Bool, meter: LevelMeter? = nil,
    for scope: MemoryScope = .workers
  ) throws(SystemError) {
    self.decoder = decoder
    self.meter = meter
    self.isDouble = isDouble
    memory = try AllocatedRegions(
      [
        RegionNeed(
          "the decoded samples", byteCount: decoder.count * (isDouble ? 8 : 4), access: .piecewise)
      ], for: scope)
  }

  /// Memory of the samples.
  public var memoryUse: MemoryUse { memory.use }

  private var region: Region { memory.regions[0] }

  /// Number of blocks that can be decoded independently.
  public var blockCount: Int { decoder.blockCount }

  /// The samples, once all blocks are decoded; valid while this object lives.
  public var reader: SampleReader {
    isDouble
      ? SampleReader(UnsafePointer(region.pointer(to: Double.self)), count: decoder.count)
      : SampleReader(UnsafePointer(region.pointer(to: Float.self)), count: decoder.count)
  }

  /// Decodes a block to its place in the shared memory.
  ///
  /// - Throws: ``AudioError`` when the file is damaged, `SystemError` when memory is short.
  public func decode(block: Int) throws {
    let samples = decoder.samples(of: block)
    let stride = isDouble ? 8 : 4
    try region.reserve(samples.lowerBound * stride..<samples.upperBound * stride)
    if isDouble {
      let target = region.pointer(to: Double.self) + samples.lowerBound
      try decoder.decode(block: block, into: target, meter)
    } else {
      let target = region.pointer(to: Float.self) + samples.lowerBound
      try decoder.decode(block: block, into: target, meter)
    }
  }
}
