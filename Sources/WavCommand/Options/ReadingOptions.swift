// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavExport
import WavSpectrum

/// Options on how a result is read: what levels stand for, and which peaks are listed.
struct ReadingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What 0 dBFS stands for, such as \"94:dB SPL\": figures show levels in that unit, JSON names it, tables and "
        + "reports keep dBFS.",
      valueName: "level:unit"), completion: .suggestions("94:dB SPL"),
    transform: LevelReference.init(parsing:))
  var reference: LevelReference?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Number of strongest peaks to list, of those that stand out of the noise. (default: 10)",
      valueName: "count"), completion: .suggestions("0", "5", "10", "20", "50"))
  var peaks: Int?

  func validate() throws {
    if let peaks, !(0...1000).contains(peaks) {
      throw ValidationError("--peaks is \(peaks); choose a number from 0 to 1000.")
    }
  }

  /// Adds the options to a request.
  func apply(to request: inout AnalysisRequest) {
    request.reference = reference
    if let peaks { request.peaks = peaks }
  }
}
