// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavSamples
import WavSpectrum
import WavStages
import WavSystem
import WavTransforms

/// The selected samples, from the mapped file or decoded by the workers.
final class SelectedSamples {
  /// The samples; complete once ``stage`` is done, valid while this object lives.
  let reader: SampleReader
  /// Decodes the samples if necessary, and measures their levels.
  let stage: Stage
  /// Where the samples are read from.
  let source: SampleSource

  /// Measures the levels.
  let meter: LevelMeter
  /// Memory of the samples, if they are decoded, and of the levels.
  let memoryUse: MemoryUse

  /// Name of the stage that decodes.
  static let decoding = "decode"

  /// The memory of `reader`.
  private let storage: Storage

  private enum Storage: ~Copyable {
    case mapped(MappedSamples)
    case decoded(DecodedSamples)
  }

  /// Prepares to read and to measure.
  ///
  /// `requireMemory` is called before samples take memory, and is told whether they will.
  init(
    _ file: SoundFile, _ selection: SampleSelection, _ precision: Precision, for scope: MemoryScope,
    requireMemory: (_ isDecoded: Bool) throws -> Void
  ) throws {
    let mapped = MappedSamples(file, selection)
    try requireMemory(mapped == nil)
    let meter = try LevelMeter(file, selection, for: scope)
    self.meter = meter
    if let mapped {
      let reader = mapped.reader
      self.reader = reader
      stage = Stage(name: "levels", blockCount: meter.blockCount, weight: 0.03) { block in
        meter.measure(block: block, of: reader)
      }
      source = .mapped
      memoryUse = meter.memoryUse
      storage = .mapped(mapped)
      return
    }
    let decoded = try DecodedSamples(
      SampleDecoder(file, selection), isDouble: precision == .double, meter: meter, for: scope)
    reader = decoded.reader
    source = .decoded
    memoryUse = meter.memoryUse + decoded.memoryUse
    storage = .decoded(decoded)
    stage = Stage(name: Self.decoding, blockCount: decoded.blockCount, weight: 2) { block in
      try decoded.decode(block: block)
    }
  }
}
