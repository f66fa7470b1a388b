// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavSystem
import WavTransforms

/// The estimate of the energy above a limit, with its memory.
final class EnergyEstimate {
  let estimate: EnergyAboveLimit
  private let memory: SharedRegions

  /// Prepares the estimate for `parts` parts.
  init(_ reader: SampleReader, parts: Int) throws(SystemError) {
    memory = try SharedRegions(EnergyAboveLimit.needs(count: reader.count, parts: parts))
    estimate = EnergyAboveLimit(reader, parts: parts, in: memory.regions)
  }
}
