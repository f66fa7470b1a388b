// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
import WavExport
import WavSystem

/// Writes a reference whose tolerances come from repeated renders.
public struct Learning {
  private let source: SpectrumSource
  private let floor: Double

  /// Prepares to learn.
  ///
  /// `source` analyses the renders, and levels below `floor`, in dB, are ignored.
  public init(source: SpectrumSource, floor: Double) {
    self.source = source
    self.floor = floor
  }

  /// Writes the spectrum of the first of several renders, with tolerances that all of them meet.
  ///
  /// - Parameters:
  ///   - renders: Paths of at least two audio files.
  ///   - reference: Path of the reference, a `.json` file.
  /// - Returns: A description of the reference, in words.
  /// - Throws: ``ComparisonError`` when the renders cannot be compared, and what `analyze` throws.
  @available(*, noasync)
  public func write(_ renders: [String], to reference: String) throws -> String {
    if let table = renders.first(where: { !source.isAudio($0) }) {
      throw ComparisonError(
        .request,
        "\(.learning) needs audio files, and \(table) is none; name renders of the same sound")
    }
    guard fileExtension(of: reference) == "json" else {
      throw ComparisonError(
        .request,
        "\(.learning) writes the last file that is named, and \(reference) is no .json file; name the renders, then "
          + "the reference")
    }
    guard source.request.points != .all else {
      throw ComparisonError(.request, "\(.learning) learns from bands; leave out \(.everyBin)")
    }
    try requireReplaceable(reference)
    let file = try OutputFile(path: reference)
    var request = source.request
    request.path = renders[0]
    let analysis = try analyze(request, isCommitting: false)
    // All renders have segments of the same length, whatever their own.
    if request.method.isSegmented {
      request.method.segmentation.segment = .samples(analysis.length.length)
    }
    let isMix = request.channel == .mix
    let signals = try renders.map { path in
      let main = try source.analysed(path, request)
      guard isMix else { return [main] }
      return try [main] + source.views(path, request, channels: main.facts.channelCount ?? 1)
    }
    for other in signals where other.count != signals[0].count {
      throw ComparisonError(
        .incomparable,
        "\(renders[0]) and \(other[0].path) have other numbers of channels; learn from equal renders"
      )
    }
    var rules = ComparisonRules(Tolerances())
    rules.isPart = true
    for (index, spectrum) in signals[0].enumerated() {
      let same = signals.map { $0[index] }
      let pairs = try same.dropFirst().flatMap { other in
        try Comparison(other, spectrum, rules).peaks
      }
      // The comparisons have checked that the rows correspond.
      try requireCommon(same)
      spectrum.learned = LearnedTolerances(
        same, peaks: pairs, floor: floor, spacing: spectrum.facts.spacing ?? 0)
    }
    var report = ReportDocument(analysis, withTimings: false, ofFile: true)
    report.spectrum = analysis.documentRows
    try file.write(
      jsonText(
        ReferenceDocument(
          report: report, channels: Array(signals[0].dropFirst()), learned: signals[0][0].learned)))
    try OutputFile.commit([file])
    let words = signals[0][0].learned?.inWords ?? ""
    return
      "the spectrum of \(renders[0]) with tolerances learned from \(renders.count) renders: \(words)"
  }

  /// Refuses renders that have nothing in common: tolerances that they all meet would allow
  /// everything.
  private func requireCommon(_ renders: [ComparedSpectrum]) throws(ComparisonError) {
    // The difference of channels may be nearly silent, and then varies freely.
    guard !(renders[0].facts.channel ?? "").contains("-") else { return }
    let isSilent = renders.map { $0.isSilent(below: floor) }
    if let silent = isSilent.firstIndex(of: true), let other = isSilent.firstIndex(of: false) {
      throw ComparisonError(
        .incomparable,
        "\(renders[silent].path) is silent and \(renders[other].path) is not; learn from renders of the same "
          + "sound")
    }
    guard let band = LearnedTolerances.unlikeBand(renders, floor: floor) else { return }
    throw ComparisonError(
      .incomparable,
      "\(renders.map(\.path).joined(separator: " and ")) differ too much to learn from: their powers in the "
        + "third octave at \(significant(band.centre, 3)) Hz are \(fixed(band.spread, 1)) dB apart; learn from renders "
        + "of the same sound")
  }
}
