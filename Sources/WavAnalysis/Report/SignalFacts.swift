// SPDX-License-Identifier: GPL-2.0-or-later

import WavAudio
import WavExport
import WavSpectrum

/// Facts about the samples in words: those that are always reported, and those that are only
/// reported if significant.
extension Analysis {
  /// A line of the report.
  struct Fact {
    let label: String
    let text: String
  }

  /// All facts about the signal.
  var signalFacts: [Fact] {
    var facts = [Fact(label: "level", text: levelInWords)]
    if let offset = levels.offset, levels.constant == nil {
      facts.append(Fact(label: "DC offset", text: "\(significant(offset, 4)) of full scale"))
    }
    if let clipping = levels.clipping, clipping.runs > 0 {
      let runs = clipping.runs == 1 ? "1 run" : "\(grouped(clipping.runs)) runs"
      facts.append(
        Fact(
          label: "clipping",
          text:
            "\(grouped(clipping.samples)) samples in \(runs) at full scale, three or more in a row")
      )
    }
    if let count = levels.samplesAboveFullScale, count > 0 {
      facts.append(
        Fact(
          label: "overs",
          text: "\(grouped(count)) sample\(count == 1 ? " is" : "s are") above full scale"))
    }
    facts += outsideInWords.map { Fact(label: "outside", text: $0) }
    if let cancelling = cancellingInWords {
      facts.append(Fact(label: "channels", text: cancelling))
    }
    return facts
  }

  private var levelInWords: String {
    guard !levels.isSilent else { return "silence: every sample is 0" }
    if let constant = levels.constant { return constantInWords(constant) }
    let crest = levels.crestFactor.map { ", crest factor \(fixed($0, 2)) dB" } ?? ""
    return "RMS \(fixed(levels.rms, 2)) dBFS, sample peak \(fixed(levels.peak, 2)) dBFS" + crest
  }

  private func constantInWords(_ value: Double) -> String {
    levels.signal.count == 1
      ? "one sample of \(significant(value, 6))"
      : "DC alone: every sample is \(significant(value, 6))"
  }

  /// The parts outside the band with at least 1 % of the energy, a clause for each side.
  var outsideInWords: [String] {
    guard let surroundings, levels.constant == nil,
      case .between(let low, let high) = spectrum.band
    else { return [] }
    return [
      (surroundings.below, low == 0 ? "0 Hz" : "\(significant(low, 7)) Hz and below"),
      (surroundings.above, "\(significant(high, 7)) Hz and above"),
    ].filter { $0.0.share >= Surroundings.leastShare }.map { side, place in
      let line = side.line.map {
        $0 == 0 ? ", strongest at 0 Hz (DC)" : ", strongest at \(significant($0, 6)) Hz"
      }
      let strongest = place == "0 Hz" ? " (DC)" : line ?? ""
      return "\(percent(side.share)) of the energy is at \(place)\(strongest)"
    }
  }

  /// A sentence if the channels cancel each other in the mix; otherwise nil.
  var cancellingInWords: String? {
    guard levels.channelsCancel, let loss = levels.mixLoss else { return nil }
    let extent =
      loss.isFinite
      ? "the mix is \(fixed(loss, 1)) dB below their mean power" : "the mix is silence"
    return "the channels cancel each other: \(extent); use \(request.names[.eachChannel])"
  }

  /// The text of a figure that has no curve.
  var emptinessInWords: String? {
    if levels.isSilent {
      return cancellingInWords == nil
        ? "Silence: every sample is 0" : "The channels cancel each other: their mean is silence"
    }
    if let constant = levels.constant {
      let text = constantInWords(constant)
      return text.capitalised
    }
    let grid = spectrum.grid
    guard spectrum.bins.isEmpty else {
      let isSilent = spectrum.rows.allSatisfy { $0.magnitude == 0 }
      return isSilent && density?.segmentation.average == .median
        ? "Most segments are silent, and so is their median" : nil
    }
    return spectrum.range.lowerBound >= grid.limit
      ? "Nothing above \(significant(grid.limit, 7)) Hz can be seen"
      : "No bin lies in the band: bins are \(significant(grid.spacing, 4)) Hz apart"
  }

  /// Remarks in a figure.
  var figureRemarks: [String] {
    (outsideInWords + [cancellingInWords].compactMap { $0 }).map { $0.capitalised }
  }
}
