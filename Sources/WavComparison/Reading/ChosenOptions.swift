// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
import WavExport
import WavSamples
import WavSpectrum
import WavSystem
import WavTransforms

/// Options of an analysis that the user gave, in contrast to defaults.
public struct ChosenOptions: Sendable {
  /// The method, with the parameters that were given.
  public var method = MethodDescription.exact
  /// Names of the ``MethodDescription/parameters`` that were given.
  public var parameters: Set<String> = []
  /// See `AnalysisRequest`.
  public var channel: ChannelSelection?
  /// See ``channel``.
  public var band: FrequencyBand?
  /// See ``channel``.
  public var points: Points?

  /// No options.
  public init() {}

  private var given: [MethodParameter] {
    MethodDescription.parameters.filter { parameters.contains($0.name) }
  }

  /// Overrides the request of a reference with the given options.
  func apply(to request: inout AnalysisRequest) {
    for parameter in given {
      if let text = parameter.text(method) { _ = parameter.set(text, &request.method) }
    }
    if let channel { request.channel = channel }
    if let band { request.band = band }
    if let points { request.points = points }
  }

  /// Whether a parameter has the value of a reference, or one with the same result.
  private func agrees(
    _ parameter: MethodParameter, with reference: MethodDescription, _ facts: SpectrumFacts
  ) -> Bool {
    let (own, other) = (method.withoutSinglePart, reference.withoutSinglePart)
    if parameter.text(own) == parameter.text(other) { return true }
    switch parameter.name {
    // Arithmetic decides the rounding only.
    case "precision": return true
    case "length":
      guard let samples = facts.samples, let parts = facts.parts, let length = facts.transformLength
      else { return false }
      return TransformLength(samples: max(1, samples / parts), rule: method.length)?.length
        == length
    case "segment":
      guard let rate = facts.sampleRate, let length = facts.transformLength else { return false }
      return method.segmentation.segment.length(at: rate) == length
    default: return false
    }
  }

  /// The first option that contradicts a reference, as a clause; nil if there is none.
  func contradiction(to reference: AnalysisRequest, _ facts: SpectrumFacts) -> Sentence? {
    for parameter in given where !agrees(parameter, with: reference.method, facts) {
      let words: (MethodDescription) -> String = {
        switch parameter.name {
        case "method": $0.inWords
        case "segment": $0.segmentation.segment.typed
        default: parameter.text($0) ?? "chosen by the samples"
        }
      }
      let name: Sentence =
        Setting(rawValue: parameter.name).map { "\($0)" } ?? "\(parameter.name)"
      return "\(name) is \(words(method)), that of the reference \(words(reference.method))"
    }
    if let channel, channel != reference.channel {
      return "\(.channel) is \(channel), that of the reference \(reference.channel)"
    }
    if let band, band != reference.band {
      return "\(.band) is \(band.typed), that of the reference \(reference.band.typed)"
    }
    if let points, points != reference.points {
      return "\(.points) is \(points), that of the reference \(reference.points)"
    }
    return nil
  }
}
