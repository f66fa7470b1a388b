// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport

extension Comparison {
  /// A sentence if one of the two is silent; otherwise nil.
  var silence: String? {
    func words(_ path: String, _ level: Double) -> String? {
      if level == -.infinity { return "\(path) is silent" }
      let floor = tolerances.floor
      return level > floor || bands.contains { max($0.level, $0.referenceLevel) < floor }
        ? nil : "nothing of \(path) is above \(significant(floor, 6)) dB"
    }
    let own = words(path, totals.greatestLevel)
    let other = words(referencePath, totals.greatestReferenceLevel)
    return own != nil && other != nil ? nil : own ?? other
  }

  /// Sentences on noise that was added or is gone.
  var noiseInWords: [String] {
    func words(_ noise: AddedNoise?, _ what: String) -> String? {
      noise.map {
        "noise \(what), about \(fixed($0.level, 0)) dBFS in "
          + "\(significant($0.range.lowerBound, 3))–\(significant($0.range.upperBound, 3)) Hz"
      }
    }
    return [
      words(noise.added, "has been added"),
      words(noise.gone, "of the reference is missing"),
    ].compactMap { $0 }
  }

  /// A sentence if the added noise is that of rounding to fewer bits; otherwise nil.
  ///
  /// Rounding with steps of q adds noise with a power of q^2 / 12, or q^2 / 4 with triangular
  /// dither (S. Lipshitz, R. Wannamaker and J. Vanderkooy, "Quantization and Dither", J. AES 40,
  /// 1992), spread over all frequencies up to half the rate. Accepted are a quarter of the lower
  /// power to twice the upper one.
  var rounding: String? {
    guard let bits = facts.spectrum.bits, let rate = facts.spectrum.sampleRate,
      bits < facts.reference.bits ?? 32, facts.reference.encoding != nil
    else { return nil }
    let gained = bands.filter(\.isViolation)
    guard !gained.isEmpty, gained.allSatisfy({ $0.decibels > 0 }) else { return nil }
    let added = gained.reduce(0) {
      $0 + (pow(10, $1.level / 10) - pow(10, $1.referenceLevel / 10)) / 2
    }
    let width = gained.reduce(0) { $0 + $1.range.upperBound - $1.range.lowerBound }
    let step = exp2(1 - Double(bits))
    let expected = step * step / 12 * width / (Double(rate) / 2)
    guard (0.25...6).contains(added / expected) else { return nil }
    return
      "it has been rounded to \(bits) bits: what has been added, \(fixed(10 * log10(2 * added), 0)) dBFS in "
      + "\(gained.count) third-octave bands, is what rounding adds"
  }
}
