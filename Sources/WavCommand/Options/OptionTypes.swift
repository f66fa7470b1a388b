// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavAnalysis
import WavAudio
import WavSpectrum
import WavTransforms
import WavWorkers

/// What `--channel` takes.
enum ChannelOption: ExpressibleByArgument, Equatable {
  case mix
  case single(Int)
  case each

  init?(argument: String) {
    switch argument {
    case "mix": self = .mix
    case "left": self = .single(0)
    case "right": self = .single(1)
    case "each": self = .each
    default:
      guard let number = Int(argument), number >= 1 else { return nil }
      self = .single(number - 1)
    }
  }

  var defaultValueDescription: String { "mix" }
}

/// What `--band` takes: `LOW:HIGH` in Hz, or `full`.
struct BandOption: ExpressibleByArgument {
  let band: FrequencyBand

  init(_ band: FrequencyBand) { self.band = band }

  init?(argument: String) {
    if argument == "full" {
      band = .full
      return
    }
    let edges = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard edges.count == 2, let low = Double(edges[0]), let high = Double(edges[1]),
      low >= 0, low < high, high.isFinite
    else { return nil }
    band = .between(low: low, high: high)
  }

  var defaultValueDescription: String { "20:20000" }
}

/// What `--points` takes.
struct PointsOption: ExpressibleByArgument {
  /// More bands than this are better served by every bin.
  static let most = 65536
  let points: Points

  init(_ points: Points) { self.points = points }

  init?(argument: String) {
    if argument == "all" {
      points = .all
    } else if let count = Int(argument), (1...Self.most).contains(count) {
      points = .bands(count)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String { "4096" }
}

/// What `--length` takes.
struct LengthOption: ExpressibleByArgument {
  let rule: LengthRule

  init(_ rule: LengthRule) { self.rule = rule }

  init?(argument: String) {
    switch argument {
    case "auto": rule = .automatic
    case "exact": rule = .exact
    case "fast": rule = .fast
    default:
      guard let length = Int(argument), (1...(1 << 40)).contains(length) else { return nil }
      rule = .fixed(length)
    }
  }

  var defaultValueDescription: String { "auto" }
}

/// What `--precision` takes.
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

/// What `--method` takes.
enum MethodOption: String, ExpressibleByArgument, CaseIterable {
  case exact
  case decimated
}

/// What `--report` takes.
enum ReportOption: String, ExpressibleByArgument, CaseIterable {
  case text
  case json
  case none
}

/// What `--progress` takes.
enum ProgressOption: String, ExpressibleByArgument, CaseIterable {
  case auto
  case always
  case never
}

extension SpectrumFormat: ExpressibleByArgument {}
extension Window: ExpressibleByArgument {}
