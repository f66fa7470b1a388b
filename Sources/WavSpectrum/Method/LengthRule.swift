// SPDX-License-Identifier: GPL-2.0-or-later

/// How the length of a transform follows from the number of samples.
public enum LengthRule: Sendable, Hashable, CustomStringConvertible {
  /// `exact` for up to 2^22 samples and for lengths with only small prime factors; otherwise
  /// `fast`.
  case automatic
  /// The number of samples, whatever its factors.
  case exact
  /// The next length with small prime factors; the samples are padded with zeros.
  case fast
  /// This length; the samples are padded with zeros, and more samples than that are an error.
  case fixed(Int)

  /// As on the command line: `auto`, `exact`, `fast`, or the length.
  public var description: String {
    switch self {
    case .automatic: "auto"
    case .exact: "exact"
    case .fast: "fast"
    case .fixed(let length): String(length)
    }
  }

  /// The greatest length that can be asked for: 2^40.
  public static let greatest = 1 << 40

  /// Reads a rule as ``description`` writes it; nil if the text is no rule, or the length is above
  /// ``greatest``.
  public init?(_ text: String) {
    switch text {
    case "auto": self = .automatic
    case "exact": self = .exact
    case "fast": self = .fast
    default:
      guard let length = Int(text), (1...Self.greatest).contains(length) else { return nil }
      self = .fixed(length)
    }
  }
}

extension LengthRule: Codable {
  /// Writes the rule as text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads the rule from text.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let rule = LengthRule(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(text) is no rule for a transform length")
    }
    self = rule
  }
}
