// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavExport
import WavSpectrum

/// Options of methods that divide the recording into segments.
struct SegmentOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Length of a segment for --method welch or spectrogram: a number of samples, or a duration such as 0.5s. "
        + "(default: bins near 1 Hz apart, for spectrograms 10 Hz, at most an eighth of the recording)",
      valueName: "length"), completion: .suggestions("4096", "65536", "0.1s", "1s"),
    transform: SegmentRule.init(parsingLength:))
  var segment: SegmentRule?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The same as a distance of bins: 1Hz. Rounded to a length that is fast to transform.",
      valueName: "hz"), completion: .suggestions("0.1Hz", "1Hz", "10Hz"),
    transform: SegmentRule.init(parsingResolution:))
  var resolution: SegmentRule?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How much of a segment is also in the next one, 0% to 99%. (default: 50%)",
      valueName: "percent"), completion: .suggestions("0%", "50%", "75%"),
    transform: Overlap.init(parsing:))
  var overlap: Overlap?

  @Option(
    help: ArgumentHelp(
      "How the powers of segments are averaged: mean, or median, which short events do not change. (default: mean)",
      valueName: "average"))
  var average: Segmentation.Average?

  @Option(
    help: ArgumentHelp(
      "What is subtracted from each segment: constant (its mean) or none. (default: constant)",
      valueName: "what"))
  var detrend: Segmentation.Detrend?

  func validate() throws {
    if segment != nil, resolution != nil {
      throw ValidationError(
        "--segment and --resolution both choose the length of segments; leave one of them out.")
    }
  }

  /// The first option that was given.
  var given: String? {
    if segment != nil { return "--segment" }
    if resolution != nil { return "--resolution" }
    if overlap != nil { return "--overlap" }
    if average != nil { return "--average" }
    return detrend == nil ? nil : "--detrend"
  }

  /// Names of the parameters of the method that were given.
  var givenParameters: Set<String> {
    var names: Set<String> = []
    if segment != nil || resolution != nil { names.insert("segment") }
    if overlap != nil { names.insert("overlap") }
    if average != nil { names.insert("average") }
    if detrend != nil { names.insert("detrend") }
    return names
  }

  /// The segments, with default values for options that were not given.
  var segmentation: Segmentation {
    var result = Segmentation()
    if let rule = segment ?? resolution { result.segment = rule }
    if let overlap { result.overlap = overlap.share }
    if let average { result.average = average }
    if let detrend { result.detrend = detrend }
    return result
  }
}

/// The value of `--overlap`.
struct Overlap {
  /// As a share of a segment.
  let share: Double

  init(parsing argument: String) throws {
    let text = argument.filter { $0 != " " }
    guard text.hasSuffix("%"), let percent = Double(text.dropLast()),
      (0...100 * Segmentation.greatestOverlap).contains(percent)
    else { throw ValidationError("Write a percentage from 0% to 99%, such as 50%.") }
    share = percent / 100
  }
}

extension SegmentRule {
  /// The values of `--segment`.
  init(parsingLength argument: String) throws {
    switch SegmentRule(argument) {
    case .samples(let count)?: self = .samples(count)
    case .seconds(let seconds)?: self = .seconds(seconds)
    case .resolution?:
      throw ValidationError("Write a distance of bins as --resolution \(argument).")
    default:
      let seconds = TimeText(argument).map { ", here \(numeral($0.seconds))s" } ?? " such as 0.5s"
      throw ValidationError(
        "Choose a number of samples from 2 to \(Self.greatest), or a duration in seconds\(seconds)."
      )
    }
  }

  /// The values of `--resolution`: a number of Hz, with or without the unit.
  init(parsingResolution argument: String) throws {
    let hasUnit = argument.lowercased().hasSuffix("hz")
    guard case .resolution(let hertz)? = SegmentRule(hasUnit ? argument : argument + "Hz") else {
      throw ValidationError("Write the distance of bins in Hz, such as 1Hz.")
    }
    self = .resolution(hertz)
  }
}

extension Segmentation.Average: ExpressibleByArgument {}
extension Segmentation.Detrend: ExpressibleByArgument {}
