// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum

/// What a reader of an overlay needs to know: in what the spectra differ.
extension Overlay {
  /// Noise bandwidths that differ by less are equal: 1 % is 0.04 dB.
  private static let sameBandwidth = 1.01

  /// Sentences, without full stops, on what cannot be compared; empty if everything can.
  public var notes: [String] {
    var differences: [String] = []
    let methods = distinct(spectra.compactMap { $0.facts.method?.inWords })
    if methods.count > 1 { differences.append("method (\(methods.joined(separator: ", ")))") }
    let windows = distinct(spectra.compactMap(\.facts.window))
    if windows.count > 1 { differences.append("window (\(windows.joined(separator: ", ")))") }
    if let widths = bandwidths, widths.upperBound > Self.sameBandwidth * widths.lowerBound {
      differences.append(
        "noise bandwidth of a bin (\(significant(widths.lowerBound, 3)) to \(significant(widths.upperBound, 3)) Hz)"
      )
    }
    let unknown = zip(names, spectra).filter { $0.1.facts.noiseBandwidth == nil }.map(\.0)
    var notes: [String] = []
    if !differences.isEmpty {
      notes.append(
        "Levels of noise do not compare\(hasDecimated ? "" : ", those of steady tones do"): "
          + enumeration(differences) + (differences.count == 1 ? " differs" : " differ"))
    }
    if !unknown.isEmpty {
      notes.append(
        "Whether noise compares is not known: a table does not say how "
          + enumeration(unknown) + (unknown.count == 1 ? " was" : " were") + " made")
    }
    return notes + limits + silences
  }

  private var hasDecimated: Bool { spectra.contains { $0.facts.parts ?? 1 > 1 } }

  /// What decimation and sampling rates do not show.
  private var limits: [String] {
    zip(names, spectra).compactMap { name, spectrum in
      guard let rate = spectrum.facts.sampleRate else { return nil }
      if let parts = spectrum.facts.parts, parts > 1 {
        let limit = significant(Double(rate) / Double(2 * parts), 7)
        return
          "\(name) is decimated in \(parts) parts: nothing is above \(limit) Hz, and what was there is folded back"
      }
      return rateLimitInWords(rate, to: edges[edges.count - 1]).map { "\(name): \($0)" }
    }
  }

  /// Which spectra have no curve.
  private var silences: [String] {
    let silent = zip(names, levels).filter { $0.1.allSatisfy { $0 ?? -.infinity == -.infinity } }
    return silent.isEmpty || silent.count == names.count
      ? [] : ["No curve, because it is silent here: \(enumeration(silent.map(\.0)))"]
  }

  /// Least and greatest noise bandwidth of a bin in Hz, as far as known.
  private var bandwidths: ClosedRange<Double>? {
    let known = spectra.compactMap(\.facts.noiseBandwidth)
    guard let least = known.min(), let most = known.max() else { return nil }
    return least...most
  }

  /// What all spectra have in common.
  var commonFactsInWords: String {
    func common<Value: Equatable>(_ value: (SpectrumFacts) -> Value?, _ text: (Value) -> String)
      -> String?
    {
      let values = spectra.map { value($0.facts) }
      guard let first = values[0], values.allSatisfy({ $0 == first }) else { return nil }
      return text(first)
    }
    let facts = [
      common(\.method) { $0.inWords },
      common(\.sampleRate) { "\($0) Hz" },
      common(\.spacing) { "bins \(significant($0, 3)) Hz apart" },
      common(\.window) { "window \($0)" },
      common(\.channel) { $0 == "mix" ? "mix of the channels" : "channel \($0)" },
    ].compactMap { $0 }
    return facts.joined(separator: ", ")
  }
}

/// The values without repetitions, in their order.
private func distinct(_ values: [String]) -> [String] {
  values.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
}
