// SPDX-License-Identifier: GPL-2.0-or-later

/// A setting of a comparison, or of the preceding analysis, that a sentence may advise to change.
///
/// The raw value is its name if the program has no other.
public enum ComparisonSetting: String, Sendable, CaseIterable {
  case band
  case channel
  case everyBin = "every bin"
  case floor
  case folders = "the comparison of folders"
  case fullBand = "the full band"
  case ignoredParameters = "ignored parameters"
  case jsonReport = "a report as JSON"
  case learning
  case length
  case lengthTolerance = "the tolerance of lengths"
  case levelOffset = "the level offset"
  case method
  case output
  case parts
  case peakDecibels = "peak levels"
  case peakHertz = "peak frequencies"
  case points
  case rate
  case relativeL2 = "relative L2"
  case resampling
  case update
  case window
}

/// The names of settings, such as the options of a command line.
public struct SettingNames: Sendable {
  private let name: @Sendable (ComparisonSetting) -> String

  /// Names for settings; by default plain words.
  public init(_ name: @escaping @Sendable (ComparisonSetting) -> String = \.rawValue) {
    self.name = name
  }

  subscript(_ setting: ComparisonSetting) -> String { name(setting) }
}

/// A sentence that mentions settings without their names.
///
/// A literal with settings is a sentence: `"use \(.resampling)"`.
public struct Sentence: Sendable {
  fileprivate enum Part {
    case text(String)
    case setting(ComparisonSetting)
  }

  private var parts: [Part]

  /// The sentence with names for its settings.
  public func text(_ names: SettingNames) -> String {
    parts.map {
      switch $0 {
      case .text(let text): text
      case .setting(let setting): names[setting]
      }
    }.joined()
  }

  static func + (first: Sentence, second: Sentence) -> Sentence {
    Sentence(parts: first.parts + second.parts)
  }
}

extension Sentence: ExpressibleByStringInterpolation {
  /// The parts of a literal.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var parts: [Part] = []

    /// Begins a literal.
    public init(literalCapacity: Int, interpolationCount: Int) {}

    /// Adds words.
    public mutating func appendLiteral(_ literal: String) { parts.append(.text(literal)) }

    /// Adds the description of a value.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      parts.append(.text(value.description))
    }

    /// Adds a setting.
    public mutating func appendInterpolation(_ setting: ComparisonSetting) {
      parts.append(.setting(setting))
    }

    /// Adds a part of a sentence.
    public mutating func appendInterpolation(_ sentence: Sentence) { parts += sentence.parts }
  }

  /// A sentence without settings.
  public init(stringLiteral value: String) { parts = [.text(value)] }

  /// A sentence from a literal.
  public init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }
}
