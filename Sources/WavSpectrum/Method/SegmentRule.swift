// SPDX-License-Identifier: GPL-2.0-or-later

/// How the length of segments follows from a recording.
public enum SegmentRule: Sendable, Hashable, CustomStringConvertible {
  /// Near the resolution of the method, at most an eighth of the recording, and fast to transform.
  case automatic
  /// A number of samples.
  case samples(Int)
  /// A duration in seconds.
  case seconds(Double)
  /// A distance of bins in Hz.
  case resolution(Double)

  /// The greatest length of a segment in samples: 2^30.
  public static let greatest = 1 << 30

  /// As on the command line: `auto`, `65536`, `0.5s`, `2.0Hz`.
  public var description: String {
    switch self {
    case .automatic: "auto"
    case .samples(let count): String(count)
    case .seconds(let seconds): "\(seconds)s"
    case .resolution(let hertz): "\(hertz)Hz"
    }
  }

  /// Reads a rule as ``description`` writes it; nil if the text is no rule, or out of range.
  public init?(_ text: String) {
    let text = text.filter { $0 != " " }
    func number(without unit: String) -> Double? {
      guard text.lowercased().hasSuffix(unit), let number = Double(text.dropLast(unit.count)),
        number > 0, number < 1e9
      else { return nil }
      return number
    }
    if text == "auto" {
      self = .automatic
    } else if let count = Int(text) {
      guard (2...Self.greatest).contains(count) else { return nil }
      self = .samples(count)
    } else if let hertz = number(without: "hz") {
      self = .resolution(hertz)
    } else if let seconds = number(without: "s") {
      self = .seconds(seconds)
    } else {
      return nil
    }
  }

  /// The length in samples before it is limited or rounded to a fast one; `resolution` in Hz is the distance of
  /// bins that the automatic rule aims at.
  public func samples(at sampleRate: Int, automatic resolution: Double) -> Double {
    switch self {
    case .automatic: Double(sampleRate) / resolution
    case .samples(let count): Double(count)
    case .seconds(let seconds): seconds * Double(sampleRate)
    case .resolution(let hertz): Double(sampleRate) / hertz
    }
  }
}

extension SegmentRule: Codable {
  /// Writes the rule as text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads the rule from text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let rule = SegmentRule(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is no rule for the length of segments")
    }
    self = rule
  }
}
