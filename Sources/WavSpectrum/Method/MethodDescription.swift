// SPDX-License-Identifier: GPL-2.0-or-later

/// How a spectrum is computed: the method and every parameter that decides its bytes.
///
/// This is the only list of them. The command line creates a description, the report prints it, and
/// resumed batches and comparisons compare two of them, all through ``parameters``.
public struct MethodDescription: Sendable, Hashable, Codable {
  /// The methods.
  public enum Name: String, Sendable, Codable, CaseIterable {
    /// One transform of all samples, without any loss.
    case exact
    /// Every P-th sample in P parts, whose magnitudes are added.
    case decimated
  }

  /// The method.
  public let name: Name
  /// Number of interleaved parts P, 1 to 4096; 1 for the exact method.
  public let parts: Int
  /// The window over all samples used.
  public var window = Window.rectangular
  /// How the transform length follows from the number of samples.
  public var length = LengthRule.automatic
  /// Arithmetic; nil means that the samples decide: single for up to 16 bits and for lossy formats.
  public var precision: Precision?

  /// A method with the default of every other parameter.
  public init(_ name: Name, parts: Int = 1) {
    self.name = name
    self.parts = parts
  }

  /// One transform of all samples.
  public static let exact = MethodDescription(.exact, parts: 1)

  /// Every P-th sample in P parts.
  public static func decimated(parts: Int) -> MethodDescription {
    MethodDescription(.decimated, parts: parts)
  }

  /// Another method with the same window, length and precision.
  public func with(_ method: MethodDescription) -> MethodDescription {
    var result = method
    (result.window, result.length, result.precision) = (window, length, precision)
    return result
  }

  /// The method in a few words, also for those who do not know its name.
  public var explanation: String {
    switch name {
    case .exact: "exact: one transform of all samples"
    case .decimated: inWords
    }
  }

  /// The method in a few words: `decimated in 8 parts`.
  public var inWords: String {
    switch name {
    case .exact: "exact"
    case .decimated: "decimated in \(parts) part\(parts == 1 ? "" : "s")"
    }
  }
}

/// A parameter of a ``MethodDescription`` as text.
public struct MethodParameter: Sendable {
  /// Its name, as on the command line: `window`.
  public let name: String
  /// Its value as text; nil if it follows from the samples.
  public let text: @Sendable (MethodDescription) -> String?
  /// Sets it from text; false if the text is no such value.
  public let set: @Sendable (_ text: String, inout MethodDescription) -> Bool
}

extension MethodDescription {
  /// All parameters.
  ///
  /// Add each new property of the description here.
  public static let parameters = [
    MethodParameter(
      name: "method", text: { "\($0.name.rawValue):\($0.parts)" },
      set: { text, method in
        let words = text.split(separator: ":", omittingEmptySubsequences: false)
        guard words.count == 2, let name = Name(rawValue: String(words[0])),
          let parts = Int(words[1]), (1...4096).contains(parts), name != .exact || parts == 1
        else { return false }
        method = method.with(MethodDescription(name, parts: parts))
        return true
      }),
    MethodParameter(
      name: "window", text: \.window.rawValue,
      set: { text, method in
        guard let window = Window(rawValue: text) else { return false }
        method.window = window
        return true
      }),
    MethodParameter(
      name: "length", text: \.length.description,
      set: { text, method in
        guard let length = LengthRule(text) else { return false }
        method.length = length
        return true
      }),
    MethodParameter(
      name: "precision", text: \.precision?.rawValue,
      set: { text, method in
        guard let precision = Precision(rawValue: text) else { return false }
        method.precision = precision
        return true
      }),
  ]
}
