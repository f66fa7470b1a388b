// SPDX-License-Identifier: GPL-2.0-or-later

import WavAnalysis
import WavAudio
import WavSamples
import WavSpectrum
import WavTransforms

/// Options of an analysis that were given, and not left to their defaults or to the reference.
public struct ChosenOptions: Sendable {
  /// `--method` or `--parts`.
  public var method: MethodDescription?
  /// See ``MethodDescription`` and `AnalysisRequest`.
  public var window: Window?
  /// See ``MethodDescription`` and `AnalysisRequest`.
  public var channel: ChannelSelection?
  /// See ``MethodDescription`` and `AnalysisRequest`.
  public var band: FrequencyBand?
  /// See ``MethodDescription`` and `AnalysisRequest`.
  public var points: Points?

  /// No options.
  public init() {}

  /// Puts what was given in place of what a reference says.
  func apply(to request: inout AnalysisRequest) {
    if let method { request.method = request.method.with(method) }
    if let window { request.method.window = window }
    if let channel { request.channel = channel }
    if let band { request.band = band }
    if let points { request.points = points }
  }

  /// The first option that says otherwise than a reference, as a clause; nil if there is none.
  func contradiction(to reference: AnalysisRequest) -> Sentence? {
    if let method, method.parts != reference.method.parts {
      return "\(.method) is \(method.inWords), that of the reference \(reference.method.inWords)"
    }
    if let window, window != reference.method.window {
      return "\(.window) is \(window.rawValue), "
        + "that of the reference \(reference.method.window.rawValue)"
    }
    if let channel, channel != reference.channel {
      return "\(.channel) is \(channel), that of the reference \(reference.channel)"
    }
    if let band, band != reference.band {
      return "\(.band) is \(band), that of the reference \(reference.band)"
    }
    if let points, points != reference.points {
      return "\(.points) is \(points), that of the reference \(reference.points)"
    }
    return nil
  }
}
