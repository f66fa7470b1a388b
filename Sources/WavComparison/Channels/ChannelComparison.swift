// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
import WavSystem

extension SpectrumSource {
  /// Compares all channels of two recordings, and their differences.
  ///
  /// The results become part of the comparison of the mixes.
  ///
  /// - Parameters:
  ///   - comparison: The comparison of the mixes.
  ///   - spectrum: The mix of the recording.
  ///   - reference: The mix of the reference.
  ///   - rules: The rules of that comparison.
  /// - Throws: ``ComparisonError``, or what `analyze` throws.
  @available(*, noasync)
  public func compareChannels(
    of comparison: inout Comparison, _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum,
    _ rules: ComparisonRules
  ) throws {
    guard let own = spectrum.facts.channelCount, let other = reference.facts.channelCount else {
      // A table does not have the number of channels.
      let known = max(spectrum.facts.channelCount ?? 1, reference.facts.channelCount ?? 1)
      if known > 1 { comparison.notes.append(onlyTheMix(known, spectrum, reference, rules.names)) }
      return
    }
    guard own > 1 || other > 1 else { return }
    if own != other {
      comparison.channelViolation =
        "it has \(own) channel\(own == 1 ? "" : "s"), the reference \(other)"
    }
    let (views, referenceViews) = (
      try views(of: spectrum, like: reference), try views(ofReference: reference)
    )
    func compare(_ own: ComparedSpectrum, _ other: ComparedSpectrum) throws -> Comparison {
      var rules = rules
      rules.isPart = true
      if own.facts.channel != other.facts.channel { rules.ignoresParameters = true }
      return try Comparison(own, other, rules)
    }
    if own == other {
      guard !views.isEmpty, views.count == referenceViews.count else {
        comparison.notes.append(onlyTheMix(own, spectrum, reference, rules.names))
        return
      }
      comparison.channels = try zip(views, referenceViews).map { try compare($0, $1) }
    }
    let all = [spectrum] + views
    let references = [reference] + referenceViews
    func find(_ channel: String, _ spectra: [ComparedSpectrum]) -> ComparedSpectrum? {
      spectra.first { ($0.facts.channel ?? "mix") == channel }
    }
    comparison.relation = try ChannelRelation(
      count: (own, other),
      isSame: { channel, source in
        guard let first = find(channel, all), let second = find(source, references) else {
          return false
        }
        return try compare(first, second).isSame
      },
      isSilent: { channel, isReference in
        find(channel, isReference ? references : all)?.isSilent(
          below: rules.tolerances.floor) ?? false
      }
    ).sentence
  }

  private func onlyTheMix(
    _ count: Int, _ spectrum: ComparedSpectrum, _ reference: ComparedSpectrum,
    _ names: SettingNames
  ) -> String {
    guard count <= ChannelViews.mostChannels else {
      return "only the mix of the \(count) channels was compared; \(names[.channel]) N compares "
        + "one of them"
    }
    let poor = reference.channels.isEmpty && !isAudio(reference.path) ? reference : spectrum
    return
      "only the mix of the \(count) channels was compared: \(poor.path) holds no more; a .json file "
      + "that \(names[.update]) writes from audio holds all of them"
  }

  /// Whether the extension of a file is not that of a spectrum.
  func isAudio(_ path: String) -> Bool {
    SpectrumReader(extension: fileExtension(of: path)) == nil
  }

  private func views(
    of spectrum: ComparedSpectrum, like reference: ComparedSpectrum
  ) throws -> [ComparedSpectrum] {
    guard isAudio(spectrum.path) else { return spectrum.channels }
    var request = request(like: reference)
    chosen.apply(to: &request)
    try adjustLength(of: spectrum.path, in: &request, to: reference)
    return try views(spectrum.path, request, channels: spectrum.facts.channelCount ?? 1)
      .map { lengthAdjusted($0, to: reference) }
  }

  private func views(ofReference reference: ComparedSpectrum) throws -> [ComparedSpectrum] {
    guard isAudio(reference.path) else { return reference.channels }
    return try views(reference.path, request, channels: reference.facts.channelCount ?? 1)
  }

  /// All signals of an audio file except for the mix.
  func views(
    _ path: String, _ request: AnalysisRequest, channels: Int
  ) throws -> [ComparedSpectrum] {
    try ChannelViews.selections(channels: channels).map { selection in
      var request = request
      request.channel = selection
      return try analysed(
        path, request, name: ChannelViews.name(selection.description, of: path))
    }
  }
}

extension ComparedSpectrum {
  /// Whether all rows are at most at a level in dB.
  func isSilent(below floor: Double) -> Bool {
    let buffer = RowBuffer(capacity: RowComparison.rowsPerBlock)
    for start in stride(from: 0, to: rows.count, by: buffer.capacity) {
      let range = start..<min(start + buffer.capacity, rows.count)
      // A file that cannot be read was refused before.
      guard (try? rows.copy(range, to: buffer)) != nil else { return false }
      for index in 0..<range.count where buffer.level[index] > floor { return false }
    }
    return true
  }
}
