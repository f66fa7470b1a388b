// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavSpectrum

/// Options of spectrograms.
struct SpectrogramOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Greatest number of columns of a spectrogram, 1 to 65536; --points is that of its rows, 464 if not given. (default: 1000)",
      valueName: "count"))
  var columns: Int?

  @Option(
    help: ArgumentHelp(
      "What a cell of a spectrogram has of its segments and bins: max (nothing short is lost) or mean (power). "
        + "(default: max)",
      valueName: "how"))
  var reduce: ReductionChoice?

  @Option(
    help: ArgumentHelp(
      "Frequency axis of a spectrogram: log or linear. (default: log)", valueName: "axis"))
  var axis: AxisChoice?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Levels in dBFS of the first and the last colour of a spectrogram, such as -100:-20. (default: those of the "
        + "recording)",
      valueName: "low:high"), transform: LevelRange.init(parsing:))
  var levelRange: LevelRange?

  func validate() throws {
    if let columns, !(1...65536).contains(columns) {
      throw ValidationError("--columns is \(columns); choose a number from 1 to 65536.")
    }
  }

  /// The first option that was given.
  var given: String? {
    if columns != nil { return "--columns" }
    if reduce != nil { return "--reduce" }
    if axis != nil { return "--axis" }
    return levelRange == nil ? nil : "--level-range"
  }

  /// The choice; nil if no option was given.
  var choice: SpectrogramChoice? {
    guard given != nil else { return nil }
    var choice = SpectrogramChoice()
    if let columns { choice.columns = columns }
    if let reduce { choice.reduction = reduce == .max ? .maximum : .mean }
    if let axis { choice.spacing = axis == .log ? .logarithmic : .linear }
    choice.levelRange = levelRange?.levels
    return choice
  }
}

/// The values of `--reduce`.
enum ReductionChoice: String, ExpressibleByArgument, CaseIterable {
  case max
  case mean
}

/// The values of `--axis`.
enum AxisChoice: String, ExpressibleByArgument, CaseIterable {
  case log
  case linear
}

/// The value of `--level-range`.
struct LevelRange {
  /// In dBFS.
  let levels: ClosedRange<Double>

  init(parsing argument: String) throws {
    let ends = argument.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low >= -1000, high <= 1000,
      high - low >= 1
    else {
      throw ValidationError("Write LOW:HIGH in dBFS, at least 1 dB apart, such as -100:-20.")
    }
    levels = low...high
  }
}
