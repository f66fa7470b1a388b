// SPDX-License-Identifier: GPL-2.0-or-later

import WavSamples
import WavStages

/// The surveys of a streamed signal, one for each reading (``LocalSurvey``).
final class LocalSurveys<Scalar: FFTWScalar> {
  private let signal: StreamedSignal<Scalar>
  private let parts: Int
  private let interpolation: LocalInterpolation
  fileprivate private(set) var surveys: [LocalSurvey<Scalar>] = []

  /// Prepares for a signal of parts of a length.
  init(of signal: StreamedSignal<Scalar>, parts: Int, _ length: TransformLength) {
    self.signal = signal
    self.parts = parts
    interpolation = LocalInterpolation(length, reach: 0)
  }

  fileprivate func need(binCount: Int) -> RegionNeed {
    LocalSurvey<Scalar>.need(binCount: binCount, interpolation, parts: parts)
  }

  fileprivate func add(_ bins: [Int], in region: Region) -> Stage {
    let survey = LocalSurvey(bins, of: signal, parts: parts, interpolation, in: region)
    surveys.append(survey)
    return survey.stage
  }
}

/// The common parts of engines over the disk, for one scalar type.
protocol StreamedScalarEngine: SurveyedEngine {
  associatedtype Scalar: FFTWScalar
  /// Computes the spectra around peaks.
  var local: LocalSurveys<Scalar> { get }
}

extension StreamedScalarEngine {
  func load(_ reader: SampleReader) { preconditionFailure("a streamed signal is not replaced") }

  func orderedMagnitudes(_ bins: Range<Int>) -> [Double]? { nil }

  func surveyNeed(binCount: Int) -> RegionNeed { local.need(binCount: binCount) }

  func survey(_ bins: [Int], in region: Region) -> Stage { local.add(bins, in: region) }

  func knows(around bin: Int) -> Bool { local.surveys.contains { $0.knows(bin) } }

  func magnitude(of bin: Int) -> Double {
    for survey in local.surveys {
      if let magnitude = survey.magnitude(of: bin) { return magnitude }
    }
    preconditionFailure("bin \(bin) was surveyed")
  }

  func localSpectrum(around bin: Int) -> LocalSpectrum {
    for survey in local.surveys {
      if let spectrum = survey.spectrum(around: bin) { return spectrum }
    }
    preconditionFailure("bin \(bin) was surveyed")
  }
}
