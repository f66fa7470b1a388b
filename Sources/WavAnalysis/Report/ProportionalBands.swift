// SPDX-License-Identifier: GPL-2.0-or-later

import WavSpectrum

extension ReportDocument {
  /// The powers of proportional bands.
  ///
  /// A band has the names of the columns of tables. Infinite levels, those of silence, are null.
  public struct ProportionalBands: Codable, Sendable {
    package var scheme: String
    package var weighting: String
    package var totalDbfs: Double?
    package var weightedTotalDb: Double?
    package var powerBelow: Double
    package var powerAbove: Double
    package var bands: [Entry]

    /// A band; it has weighted values if there is a weighting.
    public struct Entry: Codable, Sendable {
      package var band: String
      package var frequencyHz: Double
      package var lowHz: Double
      package var highHz: Double
      package var power: Double
      package var levelDbfs: Double?
      package var aWeightedPower: Double?
      package var aWeightedLevelDb: Double?
      package var cWeightedPower: Double?
      package var cWeightedLevelDb: Double?
      package var bins: Double
      package var isComplete: Bool

      init(_ entry: BandLevels.Entry, _ weighting: FrequencyWeighting) {
        band = entry.band.name
        frequencyHz = entry.band.midband
        lowHz = entry.band.lowEdge
        highHz = entry.band.highEdge
        power = entry.power
        levelDbfs = entry.level.isFinite ? entry.level : nil
        let level = entry.weightedLevel.isFinite ? entry.weightedLevel : nil
        switch weighting {
        case .a: (aWeightedPower, aWeightedLevelDb) = (entry.weightedPower, level)
        case .c: (cWeightedPower, cWeightedLevelDb) = (entry.weightedPower, level)
        case .z: break
        }
        bins = entry.binCount
        isComplete = entry.isComplete
      }

      /// Encodes the levels of silence as null.
      public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(band, forKey: .band)
        try values.encode(frequencyHz, forKey: .frequencyHz)
        try values.encode(lowHz, forKey: .lowHz)
        try values.encode(highHz, forKey: .highHz)
        try values.encode(power, forKey: .power)
        try values.encode(levelDbfs, forKey: .levelDbfs)
        if aWeightedPower != nil {
          try values.encode(aWeightedPower, forKey: .aWeightedPower)
          try values.encode(aWeightedLevelDb, forKey: .aWeightedLevelDb)
        }
        if cWeightedPower != nil {
          try values.encode(cWeightedPower, forKey: .cWeightedPower)
          try values.encode(cWeightedLevelDb, forKey: .cWeightedLevelDb)
        }
        try values.encode(bins, forKey: .bins)
        try values.encode(isComplete, forKey: .isComplete)
      }
    }

    /// Encodes the levels of silence as null.
    public func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(scheme, forKey: .scheme)
      try values.encode(weighting, forKey: .weighting)
      try values.encode(totalDbfs, forKey: .totalDbfs)
      if weighting != FrequencyWeighting.z.rawValue {
        try values.encode(weightedTotalDb, forKey: .weightedTotalDb)
      }
      try values.encode(powerBelow, forKey: .powerBelow)
      try values.encode(powerAbove, forKey: .powerAbove)
      try values.encode(bands, forKey: .bands)
    }

    init(_ levels: BandLevels) {
      let isWeighted = levels.weighting != .z
      scheme = levels.scheme.description
      weighting = levels.weighting.rawValue
      totalDbfs = levels.total.isFinite ? levels.total : nil
      if isWeighted, levels.weightedTotal.isFinite { weightedTotalDb = levels.weightedTotal }
      (powerBelow, powerAbove) = (levels.below, levels.above)
      bands = levels.entries.map { Entry($0, levels.weighting) }
    }
  }
}
