// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum

extension Overlay {
  /// The report as text for people: a short table of the spectra, and what cannot be compared.
  public var textReport: String {
    let header = ["", "rate in Hz", "length in s", "peak in Hz", "dBFS"]
    let rows = zip(names, spectra).map { name, spectrum in
      [
        name, spectrum.facts.sampleRate.map(String.init) ?? "unknown",
        spectrum.facts.seconds.map { fixed($0, 2) } ?? "unknown",
      ]
        + (spectrum.peak.map {
          [fixed($0.frequency, 3) + (spectrum.isPeakMeasured ? "" : "*"), fixed($0.level, 2)]
        } ?? ["none", ""])
    }
    let range = "\(significant(edges[0], 7))–\(significant(edges[edges.count - 1], 7)) Hz"
    var lines = ["\(spectra.count) spectra, \(range)"]
    lines += tableLines(header, rows, namesFirst: true)
    if spectra.contains(where: { !$0.isPeakMeasured && $0.peak != nil }) {
      lines.append("  * the strongest row: a table lists no peaks")
    }
    lines += notes.map { "  \($0)." }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The table of the bands: middle and edges in Hz, and the level of each spectrum in dBFS.
  ///
  /// Where a spectrum has no bin its field is empty. Bands in which no spectrum has one are left out.
  public func csv() -> String {
    var lines = [
      CSV.line(["frequency_hz", "low_hz", "high_hz"] + names.map { "level_dbfs \($0)" })
    ]
    for band in usedBands {
      let fields =
        [middle(of: band), edges[band], edges[band + 1]].map(\.description)
        + levels.map { $0[band].map(\.description) ?? "" }
      lines.append(fields.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The same as a JSON document, with what is known of each spectrum.
  public func json() throws -> String {
    try jsonText(
      Document(
        spectra: zip(names, spectra).map(Document.Entry.init), notes: notes,
        bands: usedBands.map { band in
          Document.Band(
            frequencyHz: middle(of: band), lowHz: edges[band], highHz: edges[band + 1],
            levelsDbfs: levels.map { $0[band].flatMap { $0.isFinite ? $0 : nil } })
        }))
  }

  private var usedBands: [Int] {
    (0..<edges.count - 1).filter { band in levels.contains { $0[band] != nil } }
  }

  private func middle(of band: Int) -> Double { (edges[band] * edges[band + 1]).squareRoot() }

  /// The JSON document, with keys in snake case.
  ///
  /// Silence, and a band without a bin, have the level null.
  private struct Document: Encodable {
    struct Entry: Encodable {
      let name: String
      let path: String
      let sampleRateHz: Int?
      let channel: String?
      let seconds: Double?
      let method: String?
      let window: String?
      let binSpacingHz: Double?
      let noiseBandwidthHz: Double?
      let strongestPeak: SpectrumPoint?
      let isPeakMeasured: Bool

      init(_ name: String, _ spectrum: OverlaidSpectrum) {
        let facts = spectrum.facts
        self.name = name
        path = printable(spectrum.path)
        sampleRateHz = facts.sampleRate
        channel = facts.channel
        seconds = facts.seconds
        method = facts.method?.inWords
        window = facts.window
        binSpacingHz = facts.spacing
        noiseBandwidthHz = facts.noiseBandwidth
        strongestPeak = spectrum.peak
        isPeakMeasured = spectrum.isPeakMeasured
      }
    }
    struct Band: Encodable {
      let frequencyHz: Double
      let lowHz: Double
      let highHz: Double
      let levelsDbfs: [Double?]
    }

    let schema = DocumentSchema.overlay
    let spectra: [Entry]
    let notes: [String]
    let bands: [Band]
  }
}

extension SpectrumFacts {
  /// Length of the analysed part in seconds; nil if unknown.
  var seconds: Double? {
    guard let frames, let sampleRate else { return nil }
    return Double(frames) / Double(sampleRate)
  }
}
