// SPDX-License-Identifier: GPL-2.0-or-later

import ArgumentParser
import WavSpectrum

/// What a command does with spectra: its help and its completions offer no value that it always refuses.
protocol SpectrumUse: Sendable {
  /// Whether levels over time are of use: `--method spectrogram`.
  static var hasTime: Bool { get }
  /// Whether several channels can be analysed in one call: `--channel each`.
  static var hasChannels: Bool { get }
  /// Whether rows can be bins: `--points all`.
  static var hasEveryBin: Bool { get }
}

/// Recordings are analysed for their own sake.
enum WholeAnalysis: SpectrumUse {
  static let hasTime = true
  static let hasChannels = true
  static let hasEveryBin = true
}

/// Two spectra are held against each other.
enum ComparedSpectra: SpectrumUse {
  static let hasTime = false
  static let hasChannels = false
  static let hasEveryBin = true
}

/// Spectra of several recordings have common rows.
enum OverlaidSpectra: SpectrumUse {
  static let hasTime = false
  static let hasChannels = false
  static let hasEveryBin = false
}

/// The values of `--method`: all are understood, and those of use are offered.
struct MethodOption<Use: SpectrumUse>: ExpressibleByArgument {
  let name: MethodDescription.Name

  init?(argument: String) {
    guard let name = MethodDescription.Name(rawValue: argument) else { return nil }
    self.name = name
  }

  static var allValueStrings: [String] {
    MethodDescription.Name.allCases.filter { Use.hasTime || $0 != .spectrogram }.map(\.rawValue)
  }

  static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }
}
