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
      valueName: "count"), completion: .suggestions("500", "1000", "2000"))
  var columns: Int?

  @Option(
    help: ArgumentHelp(
      "What a cell of a spectrogram has of its segments and bins: max (nothing short is lost) or mean (power). "
        + "(default: max)",
      valueName: "how"))
  var reduce: ReductionChoice?

  func validate() throws {
    if let columns, !(1...65536).contains(columns) {
      throw ValidationError("--columns is \(columns); choose a number from 1 to 65536.")
    }
  }

  /// The first option that was given.
  var given: String? {
    if columns != nil { return "--columns" }
    if reduce != nil { return "--reduce" }
    return nil
  }

  /// The choice; nil if no option was given.
  var choice: SpectrogramChoice? {
    guard given != nil else { return nil }
    var choice = SpectrogramChoice()
    if let columns { choice.columns = columns }
    if let reduce { choice.reduction = reduce == .max ? .maximum : .mean }
    return choice
  }
}

/// The values of `--reduce`.
enum ReductionChoice: String, ExpressibleByArgument, CaseIterable {
  case max
  case mean
}
