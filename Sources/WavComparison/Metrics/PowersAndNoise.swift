// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavSpectrum

extension Comparison {
  /// The powers in third-octave bands; nil if they are unknown.
  static func powers(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum, _ alignment: Alignment,
    _ results: ComparisonResults
  ) -> BandPowers? {
    let bins = SpectrumFacts.binsPerHertz(spectrum.facts, reference.facts)
    if let own = spectrum.powers, let other = reference.powers, alignment.isRowByRow {
      return BandPowers(own, other, edges: reference.edges, binsPerHertz: bins)
    }
    guard alignment.usesMagnitudes, spectrum.kind == .bins else { return nil }
    let totals = results.totals
    let (level, magnitude) =
      totals.greatestReference > 0
      ? (totals.greatestReferenceLevel, totals.greatestReference)
      : (totals.greatestLevel, totals.greatestOwn)
    let scale = magnitude > 0 && level.isFinite ? level - 20 * log10(magnitude) : 0
    return BandPowers(results.powers, scale: scale, binsPerHertz: bins)
  }

  /// Noise in one of the two that is not in the other.
  static func noise(
    _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum, _ bands: [BandDifference]
  ) -> (added: AddedNoise?, gone: AddedNoise?) {
    guard let own = spectrum.noiseSide, let other = reference.noiseSide,
      own.powers.count == other.powers.count,
      let bins = reference.facts.binsPerHertz ?? spectrum.facts.binsPerHertz
    else { return (nil, nil) }
    // The bins of averages scatter too little to tell noise from the skirts of other sounds.
    guard !spectrum.facts.isSegmented, !reference.facts.isSegmented else { return (nil, nil) }
    // If the sound or the gain is another, a difference that looks like noise means nothing.
    guard AddedNoise.isSameSound(own, other) else { return (nil, nil) }
    func noise(_ louder: AddedNoise.Side, _ other: AddedNoise.Side, _ sign: Double) -> AddedNoise? {
      let gained = bands.filter { $0.isViolation && sign * $0.decibels > 0 }.map(\.centre)
      guard !gained.isEmpty else { return nil }
      return AddedNoise(
        in: louder, over: other, edges: reference.edges, binsPerHertz: bins,
        noiseBandwidth: reference.noiseBandwidth
      ) { centre in gained.contains { abs($0 - centre) < 0.01 * centre } }
    }
    return (noise(own, other, 1), noise(other, own, -1))
  }
}

extension Window {
  /// Equivalent noise bandwidth of a long window in bins.
  fileprivate var binsOfNoise: Double {
    let length = 4096
    let sum = self.sum(length: length)
    return Double(length) * squareSum(length: length) / (sum * sum)
  }
}

extension ComparedSpectrum {
  /// Noise bandwidth of the window in bins, as far as known.
  fileprivate var noiseBandwidth: Double {
    (facts.window.flatMap(Window.init) ?? .rectangular).binsOfNoise
  }

  /// Tells steady lines; nil if powers are unknown.
  var concentration: Concentration? {
    powers.map { Concentration($0, edges: edges, noiseBandwidth: noiseBandwidth) }
  }

  /// The data in which to look for noise; nil if powers are unknown.
  fileprivate var noiseSide: AddedNoise.Side? {
    guard let powers, let rows = rows as? StoredRows else { return nil }
    return AddedNoise.Side(powers: powers, levels: rows.level)
  }
}
