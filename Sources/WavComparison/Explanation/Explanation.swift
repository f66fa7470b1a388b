// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport

extension Comparison {
  /// What has changed, as sentences; if nothing has, further facts on the pair.
  public var explanation: [String] {
    guard !isSame else { return notes }
    if let relation { return [relation] + notes }
    return [channelViolation].compactMap { $0 } + (channelExplanation ?? ownExplanation) + notes
  }

  /// What has changed in the channels; nil if the mix tells everything.
  private var channelExplanation: [String]? {
    let signals = channels.filter { !($0.facts.reference.channel ?? "").contains("-") }
    let changed = signals.filter { !$0.isSameItself }
    guard !changed.isEmpty else {
      // Channels and mix are the same, so the relation of the channels has changed.
      let between = channels.filter { !$0.isSameItself }
      guard isSameItself, !between.isEmpty else { return nil }
      return between.flatMap { $0.sentences(1) }
    }
    let gains = Set(changed.map { $0.isGain ? fixed($0.offset ?? 0, 2) : "" })
    // A change that all channels have in common is described by the mix.
    if changed.count == signals.count, !isSameItself, !isGain || gains.count == 1 { return nil }
    let same = signals.filter(\.isSameItself).map(\.channelName)
    let rest = "\(same.joined(separator: " and ")) \(same.count > 1 ? "are" : "is") the same"
    return changed.flatMap { $0.sentences(2) } + (same.isEmpty ? [] : [rest])
  }

  /// The sentences on a channel, with its name.
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
          + "\(names[.levelOffset]) ignores a constant gain"
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

  /// A clause if averages of recordings of other lengths are compared; otherwise nil.
  var lengthsOfAverages: String? {
    guard facts.spectrum.isSegmented, facts.reference.isSegmented,
      let own = facts.spectrum.frames, let other = facts.reference.frames, own != other,
      let rate = facts.spectrum.sampleRate, rate == facts.reference.sampleRate
    else { return nil }
    func seconds(_ frames: Int) -> String { fixed(Double(frames) / Double(rate), 2) }
    return "it is the average of \(seconds(own)) s, the reference that of \(seconds(other)) s"
  }

  /// A clause if the samples are stored in another format; otherwise nil.
  var storedOtherwise: String? {
    guard let own = facts.spectrum.encoding, let other = facts.reference.encoding, own != other
    else {
      return nil
    }
    return "it is stored as \(own), the reference as \(other)"
  }
}
