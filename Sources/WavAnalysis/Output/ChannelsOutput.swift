// SPDX-License-Identifier: GPL-2.0-or-later

import WavExport
import WavSpectrum
import WavSystem
import WavWorkers

/// Writes the channels of a recording to the same outputs: a figure with a curve for each, tables with columns of each.
///
/// - Parameters:
///   - channels: The analyses, one for each channel, with the same request but for the channel.
///   - outputs: The outputs; figures and pages show at most ``OverlayFigure/mostCurves`` channels.
///   - announce: Receives the size of a page of every bin as a sentence, before it is written.
/// - Precondition: There is a channel, and none is a spectrogram or has a row for every bin. For pages the analyses
///   have kept theirs.
/// - Throws: `RunFailure` when an output cannot be written.
@available(*, noasync)
public func writeChannels(
  _ channels: [Analysis], to outputs: [SpectrumOutput], announce: (String) -> Void = { _ in }
) throws {
  do {
    for output in outputs {
      if output.format.isPage {
        let contents = ChannelsOfAnalyses(analyses: channels).pageContents()
        try write(
          contents, hasEveryBin: channels[0].request.page == .everyBin, to: output.file, announce)
        continue
      }
      guard let encode = output.format.channels else {
        preconditionFailure("\(output.format.name) does not take channels")
      }
      try write(to: output.file, isContained: output.format.figure?.usesImageLibrary == true) {
        try output.comments(of: channels[0].commentedFacts?.ofEachChannel)
          + encode(ChannelsOfAnalyses(analyses: channels))
      }
      try output.writeSidecar(channels[0].tableFacts?.ofEachChannel, channels[0])
    }
  } catch let error as SystemError {
    throw RunFailure(error, as: .cannotWriteOutput)
  }
}

/// Reports as an array of JSON documents.
public func arrayOfReports(_ documents: [String]) -> String {
  "[\n" + documents.map { $0.dropLast() }.joined(separator: ",\n") + "\n]\n"
}

/// The channels of a recording, for exporters.
private struct ChannelsOfAnalyses: ChannelsResult {
  let analyses: [Analysis]

  var channels: [ChannelResult] { analyses.map(\.channelResult) }

  func report() throws -> String {
    arrayOfReports(
      try analyses.map { analysis in
        try analysis.report(withRows: analysis.bandLevels == nil)
      })
  }

  func figure() -> Scene {
    let first = analyses[0]
    if analyses.count == 1 {
      return switch first.channelResult {
      case .lines(let result): result.figure()
      case .density(let result): result.figure()
      case .bands(let result): result.figure()
      }
    }
    let curves = zip(names, analyses).map { OverlaidCurve(name: $0, rows: $1.levelRows) }
    let bands = first.bandLevels?.entries.map(\.band)
    let range =
      bands.flatMap { bands in
        bands.first.flatMap { low in bands.last.map { low.lowEdge...$0.highEdge } }
      } ?? first.spectrum.range
    return OverlayFigure(
      curves, over: range, text: text, a4: first.request.a4, choice: first.request.figure,
      levelTitle: first.bandLevels.map {
        BandFigure.levelTitle($0.weighting, text.reference, first.request.figure.scale)
      },
      loss: loss, peaks: bands == nil ? markedPeaks : []
    ).scene()
  }

  /// The page: a curve for each channel, and what the first one has beside it.
  func pageContents() -> PageContents {
    let pages = analyses.compactMap(\.pageContents)
    guard pages.count == analyses.count, let first = pages.first else {
      preconditionFailure("pages of the channels")
    }
    guard pages.count > 1 else { return first }
    var description = first.description
    description.use(text)
    description.use(analyses[0].request.figure)
    description.series = []
    // Each curve has its own.
    description.bands = nil
    description.facts.removeAll { $0.first == "Signal" }
    var whole = PageContents(description, [])
    for (page, name) in zip(pages, names) { whole.append(page, names: [name]) }
    return whole
  }

  /// The strongest peaks of all channels, each in the channel where it is strongest, with the number of that.
  private var markedPeaks: [OverlaidPeak] {
    let (request, grid) = (analyses[0].request, analyses[0].spectrum.grid)
    let all = analyses.enumerated().flatMap { index, analysis in
      analysis.peaks.map { OverlaidPeak(peak: $0, curve: index, named: "ch. \(index + 1)") }
    }.sorted { $0.peak.level > $1.peak.level }
    // Frequencies between bins differ a little from channel to channel.
    let distinct = all.reduce(into: [OverlaidPeak]()) { kept, peak in
      if kept.allSatisfy({ abs($0.peak.frequency - peak.peak.frequency) >= grid.spacing }) {
        kept.append(peak)
      }
    }
    return Array(distinct.prefix(request.peaks))
  }

  /// What decimation lost of all channels: their shares of energy differ, and are in the remarks.
  private var loss: NyquistLoss? {
    let losses = analyses.compactMap(\.loss)
    guard losses.count == analyses.count else { return nil }
    return NyquistLoss(
      grid: analyses[0].spectrum.grid, band: analyses[0].request.band, energyShareAbove: nil,
      foldedRanges: losses.flatMap(\.foldedRanges))
  }

  /// How much of the energy of each channel folds back.
  private var foldedEnergies: [String] {
    zip(names, analyses).compactMap { name, analysis in
      analysis.loss?.energyShareAbove.map {
        "\(name): \(aboutPercent($0)) of the energy is above the limit and folds back"
      }
    }
  }

  /// What the legend calls the channels.
  private var names: [String] {
    analyses.indices.map { index in
      let side = analyses.count == 2 ? [" (left)", " (right)"][index] : ""
      return "channel \(index + 1)\(side)"
    }
  }

  private var text: FigureText {
    let first = analyses[0]
    let channels = "each of \(analyses.count) channels"
    var text =
      first.bandLevels.map { bandFigureText(first, $0, channels: channels) }
      ?? figureText(first, channels: channels)
    let silent = zip(names, analyses).filter { $0.1.emptinessInWords != nil }.map(\.0)
    let isEmpty = silent.count == analyses.count
    if !isEmpty { text.emptiness = nil }
    text.remarks =
      remarks + foldedEnergies
      + (isEmpty || silent.isEmpty ? [] : ["no curve: " + enumeration(silent)])
    let strongest = zip(names, analyses).compactMap { name, analysis in
      analysis.peaks.first.map {
        "\(name): strongest at \(significant($0.frequency, 6)) Hz with \(fixed($0.level, 1)) dBFS. "
      }
    }
    text.description =
      "\(text.title), each of \(analyses.count) channels, \(first.methodInWords), from "
      + "\(first.bandInWords), levels in dBFS. " + strongest.joined()
      + text.remarks.map { $0.capitalised + ". " }.joined()
      + (first.loss.map {
        "Decimation loses everything above \(significant($0.limit, 7)) Hz, \(percent($0.lostShare)) of the band."
      } ?? "")
    return text
  }

  /// Remarks on all channels, and those that only some of them have, with their names.
  private var remarks: [String] {
    let first = analyses[0]
    if let levels = first.bandLevels { return levels.remarks }
    let limit = rateLimitInWords(first.file.sampleRate, to: first.spectrum.range.upperBound)
    let density =
      first.density == nil
      ? nil : "the density of noise is in tables, and in the figure of a single channel"
    return [limit, density].compactMap { $0 } + ownRemarks
  }

  private var ownRemarks: [String] {
    let own = analyses.map(\.figureRemarks)
    if own.allSatisfy({ $0 == own[0] }) { return own[0] }
    return zip(names, own).flatMap { name, own in own.map { "\(name): \($0)" } }
  }
}

extension BandLevels {
  /// What is less certain in curves of bands: which bands are wide depends on their frequency alone.
  fileprivate var remarks: [String] {
    let few = entries.last(where: \.hasFewBins).map {
      "bands below \(significant($0.band.highEdge, 3)) Hz are less than five bins wide"
    }
    let cut = entries.contains { !$0.isComplete }
    return [few].compactMap { $0 }
      + (cut ? ["the highest band is cut at half the sampling rate"] : [])
  }
}

extension Analysis {
  /// The rows as figures show them.
  fileprivate var levelRows: [LevelRow] {
    bandLevels?.entries.map {
      LevelRow(
        frequency: $0.band.midband, level: $0.weightedLevel,
        edges: $0.band.lowEdge...$0.band.highEdge)
    } ?? rows.map { LevelRow($0, limit: spectrum.grid.limit) }
  }
}
