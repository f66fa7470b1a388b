// SPDX-License-Identifier: GPL-2.0-or-later

import WavSystem

/// How a table was made: named facts, in the order in which they are written.
///
/// docs/schemas/table.schema.json lists them.
public struct TableFacts: Sendable, Equatable {
  /// The value of a fact.
  public enum Value: Sendable, Equatable {
    /// Text on one line.
    case text(String)
    /// A count.
    case integer(Int)
    /// A finite number.
    case number(Double)
  }

  /// A fact.
  struct Fact: Sendable, Equatable {
    var name: String
    var value: Value
  }

  private(set) var facts: [Fact] = []

  /// No facts.
  public init() {}

  /// The value of a fact; nil if it is not known.
  ///
  /// Setting a known fact keeps its place.
  public subscript(name: String) -> Value? {
    get { facts.first { $0.name == name }?.value }
    set {
      let index = facts.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): facts[index].value = value
      case (let index?, nil): facts.remove(at: index)
      case (nil, let value?): facts.append(Fact(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The names of all facts, in order.
  public var names: [String] { facts.map(\.name) }

  /// A fact as text.
  public func text(_ name: String) -> String? { self[name]?.description }

  /// A fact that is a count; nil if it is not.
  public func integer(_ name: String) -> Int? {
    if case .integer(let value)? = self[name] { return value }
    return nil
  }

  /// A fact that is a number; nil if it is not.
  public func number(_ name: String) -> Double? {
    switch self[name] {
    case .number(let value)?: value
    case .integer(let value)?: Double(value)
    case .text?, nil: nil
    }
  }
}

extension TableFacts.Value: CustomStringConvertible {
  /// The value as text, with enough digits to read back as the same number.
  public var description: String {
    switch self {
    case .text(let text): text
    case .integer(let value): String(value)
    case .number(let value): value.description
    }
  }

  /// The value of a text.
  init(_ text: String) {
    if let value = Int(text) {
      self = .integer(value)
    } else if let value = Double(text), value.isFinite {
      self = .number(value)
    } else {
      self = .text(text)
    }
  }
}

/// Comments.
extension TableFacts {
  /// A line `# NAME: VALUE` for each fact.
  public var comments: [UInt8] {
    Array(facts.map { "# \($0.name): \(printable($0.value.description))\n" }.joined().utf8)
  }

  /// The facts in lines of comments; other lines are left out.
  ///
  /// Spreadsheets put commas or semicolons behind a line that is shorter than others, and quotation marks around
  /// it if it has some itself.
  public init(comments: some Sequence<Substring>) {
    for line in comments {
      let plain =
        line.first == "\""
        ? CSV.fields(of: String(line)).first?.first.map { $0[...] } ?? line : line
      guard plain.first == "#", let colon = plain.firstRange(of: ": ") else { continue }
      let name = plain[..<colon.lowerBound].dropFirst().trimming(\.isWhitespace)
      let value = plain[colon.upperBound...].trimming { $0.isWhitespace || ",;".contains($0) }
      guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) else {
        continue
      }
      self[String(name)] = Value(String(value))
    }
  }
}

extension Substring {
  /// The text without such characters at its ends.
  fileprivate func trimming(_ isLeftOut: (Character) -> Bool) -> Substring {
    var rest = drop(while: isLeftOut)
    while let last = rest.last, isLeftOut(last) { rest.removeLast() }
    return rest
  }
}

/// The facts as members of a JSON object.
extension TableFacts: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Encodes each fact as a member.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    for fact in facts {
      let key = Key(stringValue: fact.name)
      switch fact.value {
      case .text(let text): try values.encode(text, forKey: key)
      case .integer(let value): try values.encode(value, forKey: key)
      case .number(let value): try values.encode(value, forKey: key)
      }
    }
  }

  /// Decodes all members that are texts or numbers.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    for key in values.allKeys.sorted(by: { $0.stringValue < $1.stringValue }) {
      if let value = try? values.decode(Int.self, forKey: key) {
        self[key.stringValue] = .integer(value)
      } else if let value = try? values.decode(Double.self, forKey: key) {
        self[key.stringValue] = .number(value)
      } else if let text = try? values.decode(String.self, forKey: key) {
        self[key.stringValue] = .text(text)
      }
    }
  }
}
