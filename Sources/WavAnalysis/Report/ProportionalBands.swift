// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension ReportDocument {
  /// The powers of proportional bands.
  ///
  /// Infinite levels, those of silence, are left out.
  public struct ProportionalBands: Codable, Sendable {
    package var scheme: String
    package var weighting: String
    package var totalDbfs: Double?
    package var weightedTotalDb: Double?
    package var powerBelow: Double
    package var powerAbove: Double
    package var bands: [Entry]

    /// A band.
    public struct Entry: Codable, Sendable {
      package var name: String
      package var midbandHz: Double
      package var lowHz: Double
      package var highHz: Double
      package var power: Double
      package var levelDbfs: Double?
      package var weightedPower: Double?
      package var weightedLevelDb: Double?
      package var bins: Double
      package var isComplete: Bool

      init(_ entry: BandLevels.Entry, isWeighted: Bool) {
        name = entry.band.name
        midbandHz = entry.band.midband
        lowHz = entry.band.lowEdge
        highHz = entry.band.highEdge
        power = entry.power
        levelDbfs = entry.level.isFinite ? entry.level : nil
        if isWeighted {
          weightedPower = entry.weightedPower
          weightedLevelDb = entry.weightedLevel.isFinite ? entry.weightedLevel : nil
        }
        bins = entry.binCount
        isComplete = entry.isComplete
      }
    }

    init(_ levels: BandLevels) {
      let isWeighted = levels.weighting != .z
      scheme = levels.scheme.description
      weighting = levels.weighting.rawValue
      totalDbfs = levels.total.isFinite ? levels.total : nil
      if isWeighted, levels.weightedTotal.isFinite { weightedTotalDb = levels.weightedTotal }
      (powerBelow, powerAbove) = (levels.below, levels.above)
      bands = levels.entries.map { Entry($0, isWeighted: isWeighted) }
    }
  }
}
