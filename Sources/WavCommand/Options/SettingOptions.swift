// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

extension SettingNames {
  /// The options that correspond to the settings of a comparison.
  static let options = SettingNames { setting in
    switch setting {
    case .average: "--average"
    case .band: "--band"
    case .batch: "wavfft batch"
    case .channel: "--channel"
    case .columns: "--columns"
    case .complexValues: "--values complex"
    case .detrend: "--detrend"
    case .doublePrecision: "--precision double"
    case .duration: "--duration"
    case .eachChannel: "--channel each"
    case .everyBin: "--points all"
    case .exclusion: "--exclude"
    case .floor: "--floor-db"
    case .folders: "--batch"
    case .force: "--force"
    case .fullBand: "--band full"
    case .ignoredParameters: "--ignore-parameters"
    case .inclusion: "--include"
    case .jsonReport: "--report json"
    case .learning: "--learn"
    case .length: "--length"
    case .lengthTolerance: "--tolerance-length"
    case .levelOffset: "--level-offset"
    case .memory: "--memory"
    case .method: "--method"
    case .output: "--out"
    case .outputFolder: "--out-dir"
    case .overlap: "--overlap"
    case .pageSize: "--page-size"
    case .parts: "--parts"
    case .peakDecibels: "--peak-db"
    case .peakHertz: "--peak-hz"
    case .points: "--points"
    case .rate: "--rate"
    case .relativeL2: "--rel-l2"
    case .resampling: "--resample"
    case .resolution: "--resolution"
    case .resumption: "--resume"
    case .salvage: "--salvage"
    case .scratchFolder: "--scratch-dir"
    case .segment: "--segment"
    case .shards: "--shard"
    case .singlePrecision: "--precision single"
    case .stallTimeout: "--stall-timeout"
    case .start: "--start"
    case .timeout: "--timeout"
    case .update: "--update"
    case .window: "--window"
    }
  }
}

/// An error as a sentence that speaks of options.
func sentence(_ error: any Error) -> String { Sentence(error).text(.options) }
