// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavAudio
import WavExport
import WavSamples
import WavSpectrum
import WavTransforms

/// The values of `--channel`.
enum ChannelOption: Equatable {
  case mix
  case single(Int)
  case each

  /// The chosen channel; the mix for `each`.
  var selection: ChannelSelection {
    if case .single(let index) = self { return .single(index) }
    return .mix
  }

  init(parsing argument: String) throws {
    switch argument {
    case "mix": self = .mix
    case "left": self = .single(0)
    case "right": self = .single(1)
    case "each": self = .each
    default:
      guard let number = Int(argument), number >= 1 else {
        throw ValidationError(
          question(argument, among: ["mix", "left", "right", "each"])
            + "Choose mix, left, right, each, or a number from 1.")
      }
      self = .single(number - 1)
    }
  }
}

extension FrequencyBand {
  /// The values of `--band`: `LOW:HIGH` in Hz, or `full`.
  init(parsing argument: String) throws {
    if argument == "full" {
      self = .full
      return
    }
    let edges = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard edges.count == 2, let low = Double(edges[0]), let high = Double(edges[1]),
      low >= 0, low < high, high <= 1e12
    else {
      throw ValidationError(
        question(argument, among: ["full"])
          + "Write LOW:HIGH in Hz with 0 <= LOW < HIGH, such as 20:20000, or full.")
    }
    guard low == 0 || low >= Self.lowest else {
      throw ValidationError("LOW is \(numeral(low)) Hz; choose 0, or at least \(Self.lowest) Hz.")
    }
    self = .between(low: low, high: high)
  }
}

extension Points {
  /// Instead of more bands than this, every bin is a better choice.
  static let most = 65536

  /// The values of `--points`.
  init(parsing argument: String) throws {
    if argument == "all" {
      self = .all
    } else if let count = Int(argument), (1...Self.most).contains(count) {
      self = .bands(count)
    } else {
      throw ValidationError(
        question(argument, among: ["all"]) + "Choose a number from 1 to \(Self.most), or all.")
    }
  }
}

extension PeakDistance {
  /// The values of `--peak-distance`: a number with `Hz` or `cents`.
  init(parsing argument: String) throws {
    let text = argument.lowercased()
    for (unit, distance) in [("hz", PeakDistance.hertz), ("cents", PeakDistance.cents)]
    where text.hasSuffix(unit) {
      guard let number = Double(text.dropLast(unit.count).filter { $0 != " " }),
        (0...1e6).contains(number)
      else {
        break
      }
      self = distance(number)
      return
    }
    throw ValidationError("Write a distance in Hz or cents, such as 2Hz or 50cents.")
  }
}

extension LengthRule {
  /// The values of `--length`.
  init(parsing argument: String) throws {
    guard let rule = LengthRule(argument) else {
      throw ValidationError(
        question(argument, among: ["auto", "exact", "fast"])
          + "Choose auto, exact, fast, or a number of samples.")
    }
    self = rule
  }
}

/// The values of `--precision`.
enum PrecisionOption: String, ExpressibleByArgument, CaseIterable {
  case auto
  case single
  case double

  var precision: Precision? {
    switch self {
    case .auto: nil
    case .single: .single
    case .double: .double
    }
  }
}

extension LevelReference {
  /// The values of `--reference`.
  init(parsing argument: String) throws {
    guard let reference = LevelReference(argument) else {
      throw ValidationError(
        "Write the level of a full-scale sine and its unit, such as \"94:dB SPL\" (up to 24 characters)."
      )
    }
    self = reference
  }
}

/// The values of `--bands`.
enum BandChoice: String, ExpressibleByArgument, CaseIterable {
  case octave
  case thirdOctave = "third-octave"
  case sixth
  case twelfth
  case semitone
}

/// The values of `--weighting`.
enum WeightingChoice: String, ExpressibleByArgument, CaseIterable {
  case a = "A"
  case c = "C"
}

/// The values of `--report`.
enum ReportOption: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
  case none
}

/// The values of `--progress`.
enum ProgressOption: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}

/// The values of `--plot`.
enum PlotOption: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}

/// The values of `--format`.
extension Exporter: ExpressibleByArgument {
  /// The format of spectra with a name.
  public init?(argument: String) {
    guard let found = Self(named: argument), found.takesLines else { return nil }
    self = found
  }

  /// The names of all formats of spectra.
  public static var allValueStrings: [String] { ofLines.map(\.name) }

  /// The same names, for completion in shells.
  public static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

  /// The name of the format.
  public var defaultValueDescription: String { name }
}

extension Window: ExpressibleByArgument {}
extension BinValues: ExpressibleByArgument {}
