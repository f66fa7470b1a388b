// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport

extension Comparison {
  /// Whether all conditions hold.
  public var isSame: Bool { violations.isEmpty }
  /// Whether they hold for the signal itself, without its channels.
  var isSameItself: Bool { ownViolations.isEmpty }
  /// Number of rows.
  public var rowCount: Int { totals.rows }
  /// Number of rows beyond the tolerances.
  public var rowsBeyond: Int { totals.rows - totals.within }
  /// Share of the rows within the tolerances, 0 to 1.
  public var shareWithin: Double { Double(totals.within) / Double(max(totals.rows, 1)) }
  /// Greatest difference of levels in dB.
  public var greatestDecibels: Double { max(totals.greatestDecibels, 0) }
  /// Mean difference of levels in dB, with its sign, of the rows above the floor.
  public var meanDecibels: Double { totals.decibelSum / Double(max(totals.aboveFloor, 1)) }
  /// Mean absolute difference of levels in dB, of the rows above the floor.
  public var meanDecibelSize: Double { totals.decibelSizeSum / Double(max(totals.aboveFloor, 1)) }
  /// The relative error sqrt(sum (a - b)^2 / sum b^2) of the magnitudes.
  public var relativeL2: Double {
    totals.differenceSquares == 0
      ? 0 : (totals.differenceSquares / totals.referenceSquares).squareRoot()
  }
  /// The relative error max |a - b| / max |b| of the magnitudes.
  public var relativeMaximum: Double {
    totals.greatestDifference == 0 ? 0 : totals.greatestDifference / totals.greatestReference
  }

  /// Why the two are not the same: a sentence for each condition that fails.
  public var violations: [String] {
    var sentences = [channelViolation].compactMap { $0 } + ownViolations
    let others = channels.filter { !$0.isSameItself }
    if sentences.isEmpty, let first = others.first {
      sentences.append("\(first.channelName): \(first.ownViolations.joined(separator: "; "))")
      if others.count > 1 {
        let names = others.dropFirst().map(\.channelName).joined(separator: " and ")
        sentences.append("\(names) \(others.count > 2 ? "differ" : "differs"), too")
      }
    } else if !others.isEmpty, others.count < channels.count {
      sentences.append(
        "\(others.map(\.channelName).joined(separator: " and ")) "
          + "\(others.count > 1 ? "differ" : "differs")")
    }
    return sentences
  }

  /// The name of the channel: `channel 2`.
  public var channelName: String { ChannelViews.name(facts.reference.channel ?? "mix") }

  /// Why the signal itself is not the same, without its channels.
  var ownViolations: [String] {
    var sentences: [String] = []
    if totals.notNumbers > 0 {
      sentences.append(
        "\(grouped(totals.notNumbers)) of \(grouped(totals.rows)) rows are not a number in one of them"
      )
    }
    let share = significant(100 * shareWithin, 6)
    if tolerances.limitsRows, shareWithin < tolerances.leastShareWithin {
      let wanted =
        tolerances.leastShareWithin < 1
        ? ", \(significant(100 * tolerances.leastShareWithin, 6)) % must be" : ""
      sentences.append(
        "\(grouped(rowsBeyond)) of \(grouped(totals.rows)) rows are beyond the tolerance (\(share) % are "
          + "within\(wanted))")
    }
    if let limit = tolerances.relativeL2, !(relativeL2 <= limit) {
      sentences.append(
        "the relative L2 distance is \(significant(relativeL2, 4)), more than "
          + "\(significant(limit, 4)) (\(names[.relativeL2]))")
    }
    if let powers = powerViolation { sentences.append(powers) }
    if tolerances.peakHertz != nil || tolerances.peakDecibels != nil,
      !tolerances.limitsCertainPeaks,
      !peaks.contains(where: { $0.reference.level > tolerances.floor }),
      columns.contains(where: { $0.level > tolerances.floor })
    {
      sentences.append("the reference has no peaks above the floor, and \(path) has")
    }
    var gone = peaks.compactMap(violation(of:))
    // The comparison is symmetric: a peak may be extra as well as missing.
    if gone.isEmpty, tolerances.limitsCertainPeaks {
      gone = ownPeaks.compactMap(violation(ofOwn:))
    }
    sentences += gone.prefix(2)
    if gone.count > 2 {
      sentences.append("\(gone.count - 2) more of the strongest peaks have moved, changed or gone")
    }
    return sentences
  }

  /// Why a pair violates the tolerances of peaks, as a sentence; otherwise nil.
  private func violation(of pair: PeakPair) -> String? {
    let (reference, decibels) = (pair.reference, pair.decibels)
    guard tolerances.peakHertz != nil || tolerances.peakDecibels != nil,
      reference.level > tolerances.floor, pair.isCertain || !tolerances.limitsCertainPeaks
    else { return nil }
    let name = "the peak at \(inHertz(reference.frequency))"
    guard let found = pair.found else { return "\(name) is gone" }
    let distance = abs(found.frequency - reference.frequency)
    if let limit = tolerances.peakHertz, distance > limit {
      return
        "\(name) is now at \(inHertz(found.frequency)), more than \(significant(limit, 3)) "
        + "Hz away (\(names[.peakHertz]))"
    }
    if let limit = tolerances.peakDecibels, !(abs(decibels) <= limit) {
      return "\(name) has changed by \(signed(decibels)) dB, more than \(significant(limit, 6)) dB "
        + "(\(names[.peakDecibels]))"
    }
    return nil
  }

  /// The same for a peak of the spectrum that the reference does not have.
  private func violation(ofOwn pair: PeakPair) -> String? {
    guard violation(of: pair) != nil else { return nil }
    let name = "the peak at \(inHertz(pair.reference.frequency))"
    return name + (pair.found == nil ? " is new" : " is elsewhere in the reference")
  }

  /// A sentence on the third-octave bands beyond the tolerance; nil if there are none.
  private var powerViolation: String? {
    let beyond = bands.filter(\.isViolation)
    guard let worst = beyond.max(by: { abs($0.decibels) < abs($1.decibels) }) else { return nil }
    return "the power of \(beyond.count) of \(bands.count) third-octave bands has changed, most at "
      + "\(significant(worst.centre, 3)) Hz: \(powerInWords(worst.level)) instead of "
      + "\(powerInWords(worst.referenceLevel)) (\(signed(worst.decibels)) dB)"
  }

  private func powerInWords(_ level: Double) -> String {
    level < tolerances.floor
      ? "less than \(significant(tolerances.floor, 6)) dBFS" : "\(fixed(level, 1)) dBFS"
  }

  /// The tolerances as clauses, each of which can be used alone: `levels within 0.1 dB above -120
  /// dB`.
  var tolerancesInWords: String {
    var words: [String] = []
    func add(_ value: Double?, _ text: (String) -> String) {
      if let value { words.append(text(significant(value, 6))) }
    }
    if let learned = tolerances.learned {
      return "as learned from \(learned.renders) renders: \(learned.inWords), above "
        + "\(significant(tolerances.floor, 6)) dB"
    }
    let above = "above \(significant(tolerances.floor, 6)) dB"
    if tolerances.mask != nil {
      words.append("levels within the mask \(above)")
    } else {
      add(tolerances.decibels) {
        "levels within \($0) dB\(allowsChanceInRows ? " and chance" : "") \(above)"
      }
    }
    let parts = [
      tolerances.absolute.map { "\(significant($0, 6)) absolute" },
      tolerances.relative.map { "\(significant($0, 6)) relative" },
    ].compactMap { $0 }
    if !parts.isEmpty { words.append("magnitudes within \(parts.joined(separator: " and "))") }
    add(tolerances.relativeL2) { "relative L2 within \($0)" }
    if tolerances.leastShareWithin < 1 {
      add(100 * tolerances.leastShareWithin) { "for \($0) % of the rows" }
    }
    if !bands.isEmpty {
      add(tolerances.power) {
        "third-octave powers within \($0) dB\(tolerances.allowsChance ? " and chance" : "")"
      }
    }
    if let peak = tolerances.peakHertz { words.append("peaks within \(significant(peak, 3)) Hz") }
    add(tolerances.peakDecibels) { "peaks within \($0) dB" }
    if tolerances.ignoresOffset { words.append("whatever the gain") }
    return words.joined(separator: ", ")
  }
}

extension Tolerances {
  /// Whether there is a condition for each row.
  var limitsRows: Bool {
    decibels != nil || mask != nil || absolute != nil || relative != nil
  }
}
