// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavComparison
import WavExport

/// Options that decide how far a spectrum may differ from its reference.
struct ToleranceOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest difference of levels, for every row. (default: 0.1, unless another tolerance is given)",
      valueName: "db"), completion: .suggestions("0.1", "0.5", "1"))
  var toleranceDb: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Levels below this count as this: what is below in both is equal.", valueName: "dbfs"))
  var floorDb = -120.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "For every row |a - b| <= atol + rtol * |b| on magnitudes.", valueName: "number"))
  var atol: Double?

  @Option(parsing: .unconditional, help: ArgumentHelp("See --atol.", valueName: "number"))
  var rtol: Double?

  @Option(
    help: ArgumentHelp(
      "Tolerances by frequency instead of --tolerance-db: a table of Hz and dB.", valueName: "path"),
    completion: .file())
  var mask: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest sqrt(sum (a - b)^2 / sum b^2) over the magnitudes.", valueName: "number"))
  var relL2: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Share of the rows that must be within the tolerances for rows, such as 99.9%. (default: 100%)",
      valueName: "share"), completion: .suggestions("99%", "99.9%"),
    transform: ToleranceOptions.share)
  var minWithin = 1.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest distance of each of the ten strongest peaks, at most 100.", valueName: "hz"))
  var peakHz: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest change of the level of each of the ten strongest peaks, at most 40.", valueName: "db"
    ))
  var peakDb: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Largest difference of the powers in third-octave bands. (default: that of --tolerance-db and what "
        + "chance explains)",
      valueName: "db"))
  var tolerancePower: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Frames by which recordings may differ in length: what both have is compared, and what a spectrum has more "
        + "than a recording counts as silence.",
      valueName: "frames"))
  var toleranceLength = 0

  @Flag(help: "Ignore a constant difference of levels: a gain.")
  var levelOffset = false

  func validate() throws {
    let numbers: [(String, Double?)] = [
      ("--tolerance-db", toleranceDb), ("--atol", atol), ("--rtol", rtol), ("--rel-l2", relL2),
      ("--peak-hz", peakHz), ("--peak-db", peakDb), ("--tolerance-power", tolerancePower),
    ]
    for (name, number) in numbers {
      if let number, !(number >= 0 && number < .infinity) {
        throw ValidationError("\(name) is \(numeral(number)); choose a number of at least 0.")
      }
    }
    // Beyond that any peak could match any other.
    if let peakHz, peakHz > 100 {
      throw ValidationError(
        "--peak-hz is \(numeral(peakHz)); peaks that far apart are not the same, choose at most 100 Hz."
      )
    }
    if let peakDb, peakDb > 40 {
      throw ValidationError(
        "--peak-db is \(numeral(peakDb)); a peak that is 40 dB weaker is gone, choose at most 40 dB."
      )
    }
    if toleranceLength < 0 {
      throw ValidationError("--tolerance-length is \(toleranceLength); choose at least 0 frames.")
    }
    if floorDb.isNaN || floorDb > 1000 {
      throw ValidationError("--floor-db is \(numeral(floorDb)); choose a level, such as -120.")
    }
    if mask != nil, toleranceDb != nil {
      throw ValidationError("--mask takes the place of --tolerance-db; leave one of them out.")
    }
  }

  /// The tolerances.
  ///
  /// - Throws: `ComparisonError` when the mask cannot be read.
  func tolerances() throws -> Tolerances {
    var tolerances = Tolerances()
    tolerances.decibels = toleranceDb
    tolerances.floor = floorDb
    tolerances.absolute = atol
    tolerances.relative = rtol
    tolerances.mask = try mask.map { try ToleranceMask(path: $0) }
    tolerances.relativeL2 = relL2
    tolerances.leastShareWithin = minWithin
    tolerances.power = tolerancePower
    tolerances.peakHertz = peakHz
    tolerances.peakDecibels = peakDb
    tolerances.ignoresOffset = levelOffset
    return tolerances
  }

  private static func share(_ argument: String) throws -> Double {
    let number = Double(argument.hasSuffix("%") ? String(argument.dropLast()) : argument)
    guard argument.hasSuffix("%"), let number, number > 0, number <= 100 else {
      throw ValidationError("Write a percentage above 0% and up to 100%, such as 99.9%.")
    }
    return number / 100
  }
}
