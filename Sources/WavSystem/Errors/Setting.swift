// SPDX-License-Identifier: GPL-2.0-or-later

/// A setting of an analysis, a batch or a comparison that a sentence may mention.
///
/// The raw value is its name if the program has no other.
public enum Setting: String, Sendable, CaseIterable {
  case average
  case band
  case batch = "a batch"
  case channel
  case columns
  case complexValues = "complex values"
  case detrend
  case doublePrecision = "double precision"
  case duration
  case eachChannel = "each channel by itself"
  case everyBin = "every bin"
  case exclusion
  case floor
  case folders = "the comparison of folders"
  case force
  case fullBand = "the full band"
  case ignoredParameters = "ignored parameters"
  case inclusion
  case jsonReport = "a report as JSON"
  case learning
  case length
  case lengthTolerance = "the tolerance of lengths"
  case levelOffset = "the level offset"
  case memory = "the memory limit"
  case method
  case output
  case outputFolder = "folder of outputs"
  case overlap
  case pageSize = "page size"
  case parts
  case peakDecibels = "peak levels"
  case peakHertz = "peak frequencies"
  case points
  case rate
  case relativeL2 = "relative L2"
  case resampling
  case resolution
  case resumption
  case salvage
  case scratchFolder = "a scratch folder"
  case segment
  case shards
  case singlePrecision = "single precision"
  case stallTimeout = "the time without progress"
  case start
  case timeout = "the time limit"
  case update
  case window
}

/// The names of settings, such as the options of a command line.
public struct SettingNames: Sendable {
  private let name: @Sendable (Setting) -> String

  /// Names for settings; by default plain words.
  public init(_ name: @escaping @Sendable (Setting) -> String = \.rawValue) {
    self.name = name
  }

  /// The name of a setting.
  public subscript(_ setting: Setting) -> String { name(setting) }
}
