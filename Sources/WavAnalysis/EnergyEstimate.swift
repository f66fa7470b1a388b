// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSystem
import WavTransforms

/// The estimate of the energy above a limit, with its memory.
final class EnergyEstimate {
  let estimate: EnergyAboveLimit
  let memory: AllocatedRegions

  /// Prepares the estimate for `parts` parts.
  init(_ reader: SampleReader, parts: Int, for scope: MemoryScope) throws(SystemError) {
    memory = try AllocatedRegions(
      EnergyAboveLimit.needs(count: reader.count, parts: parts), for: scope)
    estimate = EnergyAboveLimit(reader, parts: parts, in: memory.regions)
  }
}
