// SPDX-License-Identifier: GPL-2.0-or-later

/// A sentence that mentions settings without their names.
///
/// A literal with settings is a sentence: `"use \(.resampling)"`.
public struct Sentence: Sendable, Equatable {
  fileprivate enum Part: Equatable {
    case text(String)
    case setting(Setting)
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

  /// Two sentences, or parts of one, behind each other.
  public static func + (first: Sentence, second: Sentence) -> Sentence {
    Sentence(parts: first.parts + second.parts)
  }
}

extension Sentence {
  /// Marks a setting; a byte that UTF-8 does not have.
  private static let mark: UInt8 = 0xff

  /// The sentence as bytes for another process of the same program: text in UTF-8, a setting as 0xFF and
  /// its number.
  public var bytes: [UInt8] {
    parts.flatMap { part -> [UInt8] in
      switch part {
      case .text(let text): Array(text.utf8)
      case .setting(let setting):
        [Self.mark, UInt8(Setting.allCases.firstIndex(of: setting) ?? 0)]
      }
    }
  }

  /// A sentence from its ``bytes``; the last ones may be missing.
  public init(bytes: some Sequence<UInt8>) {
    let pieces = Array(bytes).split(separator: Self.mark, omittingEmptySubsequences: false)
    parts = [.text(String(decoding: pieces[0], as: UTF8.self))]
    for piece in pieces.dropFirst() {
      guard let number = piece.first, Int(number) < Setting.allCases.count else { break }
      parts.append(.setting(Setting.allCases[Int(number)]))
      parts.append(.text(String(decoding: piece.dropFirst(), as: UTF8.self)))
    }
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
    public mutating func appendInterpolation(_ setting: Setting) {
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
