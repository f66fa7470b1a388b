// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSystem
import WavTransforms

/// The estimate of the energy above a limit, with its memory.
final class EnergyEstimate {
  let estimate: EnergyAboveLimit
  let memory: AllocatedRegions

  /// Prepares the estimate for `parts` parts of samples in memory.
  convenience init(
    _ reader: SampleReader, parts: Int, for scope: MemoryScope
  ) throws(SystemError) {
    try self.init(count: reader.count, parts: parts, for: scope) { start, count, output in
      reader.read(from: start, count: count, into: output)
    }
  }

  /// Prepares the estimate for `parts` parts of `count` samples that a closure copies.
  init(
    count: Int, parts: Int, for scope: MemoryScope,
    read: @escaping (_ start: Int, _ count: Int, UnsafeMutablePointer<Double>) throws -> Void
  ) throws(SystemError) {
    memory = try AllocatedRegions(
      EnergyAboveLimit.needs(count: count, parts: parts), for: scope)
    estimate = EnergyAboveLimit(count: count, parts: parts, in: memory.regions, read: read)
  }
}
