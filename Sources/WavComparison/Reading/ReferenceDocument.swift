// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavSystem

/// A reference as `--update` writes it: the report of the mix with its spectrum, the channels, and
/// learned tolerances.
struct ReferenceDocument: Codable {
  /// The report of the mix.
  var report: ReportDocument
  /// The channels, and the differences of neighbours; nil for a recording with one channel.
  var channelSpectra: [ChannelTable]?
  /// Tolerances of the mix learned from repeated renders; nil if there are none.
  var tolerances: LearnedTolerances?

  /// The spectrum of a signal; its rows are those of the mix.
  struct ChannelTable: Codable {
    /// `1`, `2`, … or `1-2` for half a difference.
    var channel: String
    var frequencyHz: [Double]
    var magnitude: [Double]
    /// Silence has the level null.
    var levelDbfs: [Double?]
    var power: [Double]
    var peaks: [SpectrumPoint]
    /// Tolerances of this signal learned from repeated renders; nil if there are none.
    var tolerances: LearnedTolerances?
  }

  private enum CodingKeys: String, CodingKey {
    case channelSpectra
    case tolerances
  }

  init(report: ReportDocument, channels: [ComparedSpectrum], learned: LearnedTolerances?) {
    self.report = report
    tolerances = learned
    channelSpectra = channels.isEmpty ? nil : channels.compactMap(ChannelTable.init)
  }

  init(from decoder: any Decoder) throws {
    report = try ReportDocument(from: decoder)
    let values = try decoder.container(keyedBy: CodingKeys.self)
    channelSpectra = try values.decodeIfPresent([ChannelTable].self, forKey: .channelSpectra)
    tolerances = try values.decodeIfPresent(LearnedTolerances.self, forKey: .tolerances)
  }

  func encode(to encoder: any Encoder) throws {
    try report.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encodeIfPresent(channelSpectra, forKey: .channelSpectra)
    try values.encodeIfPresent(tolerances, forKey: .tolerances)
  }
}

extension ReferenceDocument.ChannelTable {
  init?(_ spectrum: ComparedSpectrum) {
    guard let rows = spectrum.rows as? StoredRows, let powers = spectrum.powers else { return nil }
    channel = spectrum.facts.channel ?? "mix"
    frequencyHz = rows.frequency
    magnitude = rows.magnitude
    levelDbfs = rows.level.map { $0.isFinite ? $0 : nil }
    power = powers
    tolerances = spectrum.learned
    peaks = Array((spectrum.peaks ?? []).prefix(PeakPair.most))
  }

  /// The table as a spectrum with the rows of the mix.
  func spectrum(beside mix: ComparedSpectrum) throws(ComparisonError) -> ComparedSpectrum {
    guard channel.wholeMatch(of: /[1-9]\d*(-[1-9]\d*)?/) != nil,
      [magnitude.count, levelDbfs.count, power.count].allSatisfy({ $0 == frequencyHz.count }),
      frequencyHz.count == mix.rows.count, tolerances?.isSound ?? true
    else {
      throw ComparisonError(
        .unusable,
        "\(mix.path) holds channels whose tables do not fit together; make it again with \(.update)"
      )
    }
    var facts = mix.facts
    facts.channel = channel
    let spectrum = try ComparedSpectrum(
      path: ChannelViews.name(channel, of: mix.path), kind: mix.kind, facts: facts,
      rows: StoredRows(
        frequency: frequencyHz, magnitude: magnitude, level: levelDbfs.map { $0 ?? -.infinity }),
      edges: mix.edges, powers: power, peaks: peaks)
    spectrum.learned = tolerances
    return spectrum
  }
}
