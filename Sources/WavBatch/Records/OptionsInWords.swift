// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavExport
import WavSpectrum
import WavTransforms

/// The options that decide the bytes of the outputs: equal words mean equal bytes.
///
/// Workers, timeouts and the like are not included. The version of the program is.
struct OptionsInWords: Sendable, Equatable {
  /// The words: `wavfft 0.1.0 format=svg+csv method=exact …`.
  let text: String
  /// The hash of the text as 16 hexadecimal digits, by FNV-1a (RFC 9923).
  let hash: String

  /// Options that were read from a summary.
  init(text: String, hash: String) {
    self.text = text
    self.hash = hash
  }

  /// Properties of a request that do not change the outputs, the path, which differs for each file,
  /// and the channel, which is listed separately.
  ///
  /// Another amount of memory may change the rounding.
  private static let others: Set = [
    "path", "descriptor", "channel", "workers", "stallTimeout", "timeLimit", "names",
    "memory", "keepsEveryBin", "sharesPage", "memoryLimit", "scratchFolder",
  ]

  /// Properties that earlier versions did not have, with the value that is not a word.
  static let silent = [
    "values": "\(BinValues.magnitude)", "figure": "\(FigureChoice())",
    "header": "\(TableHeader.plain)",
  ]

  /// The order of the words in folders of earlier versions; all other words follow.
  private static let order = [
    "salvages", "method", "start", "duration", "band", "points", "window", "length", "precision",
  ]

  /// The words for a request.
  ///
  /// They include every parameter of the method, and every property of the request that is not
  /// listed in ``others``, so that an option that is added later cannot be forgotten here.
  init(
    _ request: AnalysisRequest, channel: String, formats: [Exporter],
    bands: [SummaryBand] = []
  ) {
    var words = [
      "wavfft", programVersion, "format=\(formats.map(\.name).joined(separator: "+"))",
    ]
    words.append("channel=\(channel)")
    var values = Mirror(reflecting: request).children.flatMap { label, value in
      if let method = value as? MethodDescription {
        return MethodDescription.parameters.map { ($0.name, $0.text(method)) }
      }
      guard let label, !Self.others.contains(label) else { return [] }
      let word = Self.word(value)
      return word == Self.silent[label] ? [] : [(label, word)]
    }
    let places = Dictionary(
      uniqueKeysWithValues: (Self.order + values.map(\.0).filter { !Self.order.contains($0) })
        .enumerated().map { ($0.element, $0.offset) })
    values.sort { places[$0.0, default: 0] < places[$1.0, default: 0] }
    words += values.compactMap { name, word in word.map { "\(name)=\($0)" } }
    if !bands.isEmpty { words.append("bands=\(bands.map(\.name).joined(separator: ","))") }
    text = words.joined(separator: " ")
    hash = Self.hash(text)
  }

  /// Names of the bands in the words of options.
  ///
  /// They are the last word: the same word may be in the unit of a level reference.
  static func bands(in text: String) -> [String] {
    list("bands", in: text.split(separator: " ").last.map(String.init) ?? "", separator: ",")
  }

  /// The colours of figures and pages in the words of options.
  ///
  /// They are before the level reference: the same word may be in its unit.
  static func theme(in text: String) -> FigureTheme {
    let words = text.split(separator: " ").prefix { !$0.hasPrefix("reference=") }
    let choices = list("figure", in: words.joined(separator: " "), separator: "/")
    return choices.count > 4 ? FigureTheme(rawValue: choices[4]) ?? .auto : .auto
  }

  /// Names of the formats in the words of options.
  static func formats(in text: String) -> [String] { list("format", in: text, separator: "+") }

  private static func list(
    _ name: String, in text: String, separator: Character
  ) -> [String] {
    let word = text.split(separator: " ").first { $0.hasPrefix("\(name)=") }
    return word.map { $0.dropFirst(name.count + 1).split(separator: separator).map(String.init) }
      ?? []
  }

  /// A value as a word; nil for a nil value.
  private static func word(_ value: Any) -> String? {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional { return mirror.children.first.flatMap { word($0.value) } }
    return "\(value)"
  }

  /// The hash of a text: 64-bit FNV-1a.
  static func hash(_ text: String) -> String {
    let digest = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
