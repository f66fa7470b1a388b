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
    /// Segments whose powers are averaged: how much noise there is.
    case welch
    /// Segments one after the other: when there is what.
    case spectrogram

    /// Whether the recording is divided into segments.
    public var isSegmented: Bool { self == .welch || self == .spectrogram }
  }

  /// The method.
  public let name: Name
  /// Number of interleaved parts P, 1 to 4096; 1 for all methods but the decimated one.
  public let parts: Int
  /// The window over all samples used, or over each segment.
  public var window: Window
  /// How the transform length follows from the number of samples.
  public var length = LengthRule.automatic
  /// Arithmetic; nil means that the samples decide: single for up to 16 bits and for lossy formats.
  public var precision: Precision?
  /// The segments; of no importance to methods without any.
  public var segmentation = Segmentation()

  /// A method with the default of every other parameter.
  public init(_ name: Name, parts: Int = 1) {
    self.name = name
    self.parts = parts
    window = name.isSegmented ? .hann : .rectangular
  }

  /// One transform of all samples.
  public static let exact = MethodDescription(.exact, parts: 1)

  /// Every P-th sample in P parts.
  public static func decimated(parts: Int) -> MethodDescription {
    MethodDescription(.decimated, parts: parts)
  }

  /// Segments whose powers are averaged.
  public static let welch = MethodDescription(.welch)

  /// Segments one after the other.
  public static let spectrogram = MethodDescription(.spectrogram)

  /// Whether the recording is divided into segments.
  public var isSegmented: Bool { name.isSegmented }

  /// Another method with the same window, length, precision and segments.
  public func with(_ method: MethodDescription) -> MethodDescription {
    var result = method
    (result.window, result.length, result.precision) = (window, length, precision)
    result.segmentation = segmentation
    return result
  }

  /// The method in a few words, also for those who do not know its name.
  public var explanation: String {
    switch name {
    case .exact: "exact: one transform of all samples"
    case .decimated: inWords
    case .welch:
      "welch: segments of the recording, \(segmentation.average == .mean ? "mean" : "median") of their powers"
    case .spectrogram: "spectrogram: segments of the recording, one after the other"
    }
  }

  /// The method in a few words: `decimated in 8 parts`.
  public var inWords: String {
    switch name {
    case .exact: "exact"
    case .decimated: "decimated in \(parts) part\(parts == 1 ? "" : "s")"
    case .welch: segmentation.average == .mean ? "welch" : "welch with medians"
    case .spectrogram: "spectrogram"
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
  /// Every parameter that has a value as text, by its name.
  public var texts: [String: String] {
    Dictionary(
      uniqueKeysWithValues: Self.parameters.compactMap { parameter in
        parameter.text(self).map { (parameter.name, $0) }
      })
  }

  /// All parameters.
  ///
  /// Add each new property of the description here.
  public static let parameters = [
    MethodParameter(
      name: "method", text: { "\($0.name.rawValue):\($0.parts)" },
      set: { text, method in
        let words = text.split(separator: ":", omittingEmptySubsequences: false)
        guard words.count == 2, let name = Name(rawValue: String(words[0])),
          let parts = Int(words[1]), (1...4096).contains(parts), name == .decimated || parts == 1
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
      name: "length", text: { $0.isSegmented ? nil : $0.length.description },
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
    segmentParameter("segment", \.segment.description) { text, segments in
      guard let rule = SegmentRule(text) else { return false }
      segments.segment = rule
      return true
    },
    segmentParameter("overlap", \.overlap.description) { text, segments in
      guard let overlap = Double(text), (0...Segmentation.greatestOverlap).contains(overlap) else {
        return false
      }
      segments.overlap = overlap
      return true
    },
    segmentParameter("average", \.average.rawValue) { text, segments in
      guard let average = Segmentation.Average(rawValue: text) else { return false }
      segments.average = average
      return true
    },
    segmentParameter("detrend", \.detrend.rawValue) { text, segments in
      guard let detrend = Segmentation.Detrend(rawValue: text) else { return false }
      segments.detrend = detrend
      return true
    },
  ]

  /// A parameter that only methods with segments have.
  private static func segmentParameter(
    _ name: String, _ text: @escaping @Sendable (Segmentation) -> String,
    set: @escaping @Sendable (_ text: String, inout Segmentation) -> Bool
  ) -> MethodParameter {
    MethodParameter(
      name: name, text: { $0.isSegmented ? text($0.segmentation) : nil },
      set: { set($0, &$1.segmentation) })
  }
}
