// SPDX-License-Identifier: GPL-2.0-or-later

import WavComparison

extension SettingNames {
  /// The options that correspond to the settings of a comparison.
  static let options = SettingNames { setting in
    switch setting {
    case .band: "--band"
    case .channel: "--channel"
    case .everyBin: "--points all"
    case .floor: "--floor-db"
    case .folders: "--batch"
    case .fullBand: "--band full"
    case .ignoredParameters: "--ignore-parameters"
    case .jsonReport: "--report json"
    case .learning: "--learn"
    case .length: "--length"
    case .lengthTolerance: "--tolerance-length"
    case .levelOffset: "--level-offset"
    case .method: "--method"
    case .output: "--out"
    case .parts: "--parts"
    case .peakDecibels: "--peak-db"
    case .peakHertz: "--peak-hz"
    case .points: "--points"
    case .rate: "--rate"
    case .relativeL2: "--rel-l2"
    case .resampling: "--resample"
    case .update: "--update"
    case .window: "--window"
    }
  }
}
