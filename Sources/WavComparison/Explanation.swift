// SPDX-License-Identifier: GPL-2.0-or-later

import Glibc
import WavExport
import WavSpectrum

/// A place where two spectra differ.
public struct DifferencePlace: Sendable {
  /// In Hz.
  public let frequency: Double
  /// Level of the spectrum and of the reference there, in dB.
  public let level: Double
  /// See ``level``.
  public let referenceLevel: Double
  /// Their difference in dB, levels below the floor counted as the floor.
  public let decibels: Double
}

extension Comparison {
  /// The worst places, worst first, at least half a semitone apart; empty if the two are equal.
  public var worstPlaces: [DifferencePlace] { Array(places.prefix(10)) }

  /// All places, worst first.
  private var places: [DifferencePlace] {
    let byWeight = columns.filter { $0.difference != 0 || $0.isViolation }.sorted {
      $0.isViolation != $1.isViolation
        ? $0.isViolation
        : (abs($0.difference), $1.differenceRow) > (abs($1.difference), $0.differenceRow)
    }
    var places: [DifferencePlace] = []
    for column in byWeight {
      if places.count == 50 { break }
      let frequency = column.differenceFrequency
      let isApart = places.allSatisfy {
        frequency <= 0 || $0.frequency <= 0
          ? frequency != $0.frequency
          : abs(log2($0.frequency / frequency)) >= 1.0 / 24
      }
      guard isApart else { continue }
      places.append(
        DifferencePlace(
          frequency: frequency, level: column.differenceLevel,
          referenceLevel: column.differenceReferenceLevel, decibels: column.difference))
    }
    return places
  }

  /// What has changed, in sentences; what is known of the pair anyway if they are the same.
  public var explanation: [String] {
    guard !isSame else { return notes }
    if let relation { return [relation] + notes }
    return [channelViolation].compactMap { $0 } + (channelExplanation ?? ownExplanation) + notes
  }

  /// What has changed in the channels, where the mix does not tell it all.
  private var channelExplanation: [String]? {
    let signals = channels.filter { !($0.facts.reference.channel ?? "").contains("-") }
    let changed = signals.filter { !$0.isSameItself }
    guard !changed.isEmpty else {
      // Channels and mix are the same; then it is what is between them.
      let between = channels.filter { !$0.isSameItself }
      guard isSameItself, !between.isEmpty else { return nil }
      return between.flatMap { $0.sentences(1) }
    }
    let gains = Set(changed.map { $0.isGain ? fixed($0.offset ?? 0, 2) : "" })
    // What all have in common the mix says better.
    if changed.count == signals.count, !isSameItself, !isGain || gains.count == 1 { return nil }
    let same = signals.filter(\.isSameItself).map(\.channelName)
    let rest = "\(same.joined(separator: " and ")) \(same.count > 1 ? "are" : "is") the same"
    return changed.flatMap { $0.sentences(2) } + (same.isEmpty ? [] : [rest])
  }

  /// What is said of a channel, with its name.
  private func sentences(_ most: Int) -> [String] {
    let own = ownExplanation.isEmpty ? Array(ownViolations.prefix(1)) : ownExplanation
    return own.prefix(most).map { $0.hasPrefix(channelName) ? $0 : "\(channelName): \($0)" }
  }

  /// What has changed in the signal itself.
  private var ownExplanation: [String] {
    if isSameItself { return [] }
    if let silence { return [silence] }
    if isGain, let offset {
      return [
        "it is \(fixed(abs(offset), 2)) dB \(offset > 0 ? "louder" : "softer") throughout; "
          + "--level-offset ignores a constant gain"
      ]
    }
    let shifted = [commonRatioInWords].compactMap { $0 }
    let moved = shifted.isEmpty ? movedPeaks : shifted
    var sentences = [rounding].compactMap { $0 } + moved + noiseInWords
    // What moves a peak changes the levels around it.
    if moved.isEmpty { sentences += changedTones }
    if let mainGain { sentences.append(mainGain) }
    if let extent { sentences.append(extent) }
    return sentences
  }

  /// That samples are stored in another way, as a fact.
  var storedOtherwise: String? {
    guard let own = facts.spectrum.encoding, let other = facts.reference.encoding, own != other
    else {
      return nil
    }
    return "it is stored as \(own), the reference as \(other)"
  }

  /// That what has been added is what rounding to fewer bits adds.
  ///
  /// Steps of q add noise of a power from q^2 / 12, of rounding, to q^2 / 4, with triangular dither (S. Lipshitz,
  /// R. Wannamaker and J. Vanderkooy, "Quantization and Dither", J. AES 40, 1992), spread over all
  /// frequencies up to half the rate. A quarter of the one and twice the other are let through.
  private var rounding: String? {
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

  /// That one of the two is silent.
  private var silence: String? {
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

  /// That all lines have moved by the same ratio.
  private var commonRatioInWords: String? {
    guard let commonRatio else { return nil }
    let cents = commonRatio.cents
    // No digits that are not known.
    let places = min(max(0, Int((-log10(2 * max(commonRatio.doubt, 1e-9))).rounded(.up))), 1)
    let amount = fixed(abs(cents), places)
    let direction = cents > 0 ? "higher" : "lower"
    let start =
      "all lines are \(amount) cents \(direction), at \(fixed(commonRatio.ratio, places + 4)) times their "
      + "frequencies in the reference"
    guard let own = facts.spectrum.sampleRate, let other = facts.reference.sampleRate,
      own != other, abs(1200 * log2(Double(own) / Double(other)) - cents) < 2
    else { return start }
    return start + ": as if a recording of \(other) Hz were called one of \(own) Hz"
  }

  /// Lines that are elsewhere: one that was there is gone from there, and one that was not is beside it.
  private var movedPeaks: [String] {
    let curves = columns.curves
    let (own, other) = (Prominence(curves.spectrum), Prominence(curves.reference))
    return peaks.compactMap { pair in
      guard let found = pair.found, pair.isCertain, abs(pair.decibels) < 3,
        abs(found.frequency - pair.reference.frequency) > 0.1 * spacing, isOnlyCounterpart(pair),
        concentration.spectrum?.isLine(found.level, at: found.frequency) ?? false,
        concentration.reference?.isLine(pair.reference.level, at: pair.reference.frequency) ?? false
      else { return nil }
      // Within a column nobody sees the old place beside the new one.
      if abs(pair.cents) > 12 {
        let isGone =
          own.prominence(of: level(curves.spectrum, pair.reference.frequency), at: found.frequency)
          < PeakPair.leastProminence
        let isNew =
          other.prominence(
            of: level(curves.reference, found.frequency), at: pair.reference.frequency)
          < PeakPair.leastProminence
        guard isGone, isNew else { return nil }
      }
      return "the peak at \(inHertz(pair.reference.frequency)) has moved to "
        + "\(significant(found.frequency, 7)) Hz, \(signed(pair.cents)) cents"
    }
  }

  /// Whether the peak that was found has no other counterpart, seen from its own side.
  private func isOnlyCounterpart(_ pair: PeakPair) -> Bool {
    guard let found = pair.found,
      let own = ownPeaks.first(where: { $0.reference.frequency == found.frequency })
    else { return true }
    return own.found.map { abs($0.frequency - pair.reference.frequency) < 1e-6 * $0.frequency }
      ?? false
  }

  /// Level of the column that a frequency falls into, or of the next one.
  private func level(_ curve: SpectrumCurve, _ frequency: Double) -> Double {
    curve.min { abs($0.frequency - frequency) < abs($1.frequency - frequency) }?.level ?? -.infinity
  }

  /// That noise has come or gone.
  private var noiseInWords: [String] {
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

  /// Tones that are new, gone, or have another level: where the difference is confined to a place.
  private var changedTones: [String] {
    let beyond = columns.filter(\.isViolation).count
    let isConfined = beyond * 4 <= columns.count
    let curves = columns.curves
    let (own, other) = (Prominence(curves.spectrum), Prominence(curves.reference))
    return places.lazy.filter { place in
      guard abs(place.decibels) > (tolerances.decibels ?? 0) else { return false }
      // Noise has no components; lines stand out of it.
      let (prominence, level) =
        place.decibels > 0 ? (own, place.level) : (other, place.referenceLevel)
      let curve = place.decibels > 0 ? curves.spectrum : curves.reference
      guard !isSkirt(place.frequency, level, curve) else { return false }
      let above = prominence.prominence(of: level, at: place.frequency)
      guard above >= PeakPair.leastProminence || isConfined && above >= 10 else { return false }
      // Of something broad it cannot be said that it is one thing, and new.
      return abs(place.decibels) <= 6 || isLine(place) ?? true
    }.prefix(3).map { place in
      let name = inHertz(place.frequency)
      let change = "\(signed(place.decibels)) dB"
      if place.decibels > 6 {
        return
          "there is a new component at \(name), \(inWords(place.level)) dBFS where the reference "
          + "has \(inWords(place.referenceLevel)) (\(change))"
      }
      if place.decibels < -6 {
        return "the component at \(name) is gone or weak, \(inWords(place.level)) dBFS where the "
          + "reference has \(inWords(place.referenceLevel)) (\(change))"
      }
      return
        "the \(isLine(place) ?? false ? "component" : "level") at \(name) has changed by \(change)"
    }
  }

  /// Whether the stronger side has a steady line at a place; nil if that is not known.
  private func isLine(_ place: DifferencePlace) -> Bool? {
    place.decibels > 0
      ? concentration.spectrum?.isLine(place.level + removedOffset, at: place.frequency)
      : concentration.reference?.isLine(place.referenceLevel, at: place.frequency)
  }

  /// Whether there is something stronger within half a semitone.
  private func isSkirt(_ frequency: Double, _ level: Double, _ curve: SpectrumCurve) -> Bool {
    curve.contains {
      $0.level > level + 0.5 && $0.frequency > 0
        && abs(log2($0.frequency / max(frequency, 1e-9))) < 1.0 / 24
    }
  }

  /// A level in words; what is below the floor counts as the floor.
  private func inWords(_ level: Double) -> String {
    level < tolerances.floor
      ? "below \(significant(tolerances.floor, 6))" : fixed(level, 1)
  }

  /// A gain under which the strong components agree, though not the weak ones: those of noise and dither.
  ///
  /// What a gain leaves of the magnitudes follows from their sums: with a the spectrum, b the reference,
  /// 1 - (sum a b)^2 / (sum a^2 sum b^2) of the squares.
  private var mainGain: String? {
    guard let offset, abs(offset) > 2 * (tolerances.decibels ?? 0.05), !tolerances.ignoresOffset
    else { return nil }
    let (products, reference) = (totals.products, totals.referenceSquares)
    // From sum (a - b)^2 = sum a^2 - 2 sum a b + sum b^2.
    let own = totals.differenceSquares + 2 * products - reference
    guard own > 0, reference > 0, 1 - products * products / (own * reference) < 1e-4 else {
      return nil
    }
    return
      "its strong components are \(fixed(abs(offset), 2)) dB \(offset > 0 ? "louder" : "softer") "
      + "alike, which looks like a gain; the weak ones are not"
  }

  /// How much of the frequency axis is concerned, and where.
  private var extent: String? {
    let beyond = columns.filter(\.isViolation)
    guard let first = beyond.first, let last = beyond.last, beyond.count > 3 else { return nil }
    let share = Double(beyond.count) / Double(columns.count)
    let mean = beyond.reduce(0) { $0 + $1.difference } / Double(beyond.count)
    let range =
      "from \(significant(first.differenceFrequency, 4)) to \(significant(last.differenceFrequency, 4)) Hz"
    let how =
      share > 0.5
      ? "they differ nearly everywhere" : "they differ in \(percent(share)) of the frequency axis"
    return "\(how), \(range), by \(signed(mean)) dB on the average of these places"
  }
}
