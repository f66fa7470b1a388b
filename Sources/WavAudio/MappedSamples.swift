// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSystem

/// The selected frames of an uncompressed file, mapped into memory.
public struct MappedSamples: ~Copyable {
  /// The samples; valid while the mapping lives.
  public let reader: SampleReader
  private let mapping: Mapping

  /// Maps the samples of a file; nil for a file that must be decoded.
  public init?(_ file: SoundFile, _ selection: SampleSelection) {
    guard let frames = PlainFrames(file, selection),
      let mapping = try? Mapping(file.file.descriptor, byteCount: file.byteCount, for: .reading)
    else { return nil }
    reader = SampleReader(
      coded: UnsafeRawPointer(mapping.base) + frames.bytes.lowerBound, layout: frames.layout,
      channels: file.channels, count: selection.count, channel: selection.channel)
    self.mapping = mapping
  }
}
