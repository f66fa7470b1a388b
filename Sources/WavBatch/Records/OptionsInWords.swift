// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavRendering
import WavSpectrum
import WavTransforms

/// The options that decide what outputs look like: the same words, the same bytes.
///
/// Workers, timeouts and the like are none of them. The version of the program is one.
struct OptionsInWords: Sendable, Equatable {
  /// The words: `wavfft 0.1.0 format=svg+csv method=exact …`.
  let text: String
  /// The text as 16 hexadecimal digits, by FNV-1a (RFC 9923).
  let hash: String

  /// Options that were read from a summary.
  init(text: String, hash: String) {
    self.text = text
    self.hash = hash
  }

  init(_ request: AnalysisRequest, channel: String, formats: [SpectrumFormat]) {
    var words = ["wavfft", programVersion]
    func add(_ name: String, _ value: String) { words.append("\(name)=\(value)") }
    add("format", formats.map(\.rawValue).joined(separator: "+"))
    add("method", request.method.name)
    if case .decimated(let parts) = request.method { add("parts", String(parts)) }
    add("channel", channel)
    if let start = request.start { add("start", "\(start)") }
    if let duration = request.duration { add("duration", "\(duration)") }
    add("band", request.band.description)
    add("points", request.points.description)
    add("window", request.window.rawValue)
    add("length", request.length.description)
    add("precision", request.precision?.rawValue ?? "auto")
    add("peaks", String(request.peaks))
    text = words.joined(separator: " ")
    hash = Self.hash(text)
  }

  /// The digest of a text: FNV-1a of 64 bits.
  static func hash(_ text: String) -> String {
    let digest = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
