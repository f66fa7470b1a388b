// SPDX-License-Identifier: GPL-2.0-or-later

import CSndfile
import Foundation
import TestSupport
import Testing
import WavSpectrum
import WavTransforms

@testable import WavAnalysis
@testable import WavAudio

/// The defaults of precision, lengths and fine bands.
@Suite struct ChoiceTests {
  private func request(
    _ path: String, _ method: MethodDescription = .exact, precision: Precision? = nil
  ) -> AnalysisRequest {
    var request = AnalysisRequest(path: path, method: method, workers: 0)
    request.method.precision = precision
    return request
  }

  @Test(arguments: [
    ("noise-8bit.wav", Precision.single), ("noise-16bit.wav", .single),
    ("noise-16bit.flac", .single), ("noise-24bit.wav", .double), ("noise-24bit.flac", .double),
    ("noise-24bit.aiff", .double), ("noise-32bit.wav", .double), ("noise-float.wav", .double),
    ("noise-double.wav", .double),
  ])
  func precisionKeepsAllThatIsInTheSamples(name: String, expected: Precision) throws {
    let file = try SoundFile(path: fixture(name))
    #expect(request(name).precision(for: file) == expected)
    // A requested precision overrides the default.
    #expect(request(name, precision: .single).precision(for: file) == .single)
    #expect(request(name, precision: .double).precision(for: file) == .double)
  }

  @Test(arguments: [
    (SF_FORMAT_OGG | SF_FORMAT_VORBIS, Precision.single),
    (SF_FORMAT_WAV | SF_FORMAT_IMA_ADPCM, .single), (SF_FORMAT_WAV | SF_FORMAT_ULAW, .single),
    (SF_FORMAT_CAF | SF_FORMAT_ALAC_16, .single), (SF_FORMAT_CAF | SF_FORMAT_ALAC_24, .double),
    (SF_FORMAT_AIFF | SF_FORMAT_PCM_S8, .single), (SF_FORMAT_W64 | SF_FORMAT_PCM_24, .double),
  ])
  func lossyFormatsAreSingle(format: Int, expected: Precision) throws {
    try withFolder { folder in
      let path = folder.appending(path: "input").path
      var info = SF_INFO()
      (info.samplerate, info.channels, info.format) = (44100, 1, Int32(format))
      let handle = try #require(sf_open(path, Int32(SFM_WRITE), &info))
      let samples = noise(5000).map { Float($0) }
      #expect(sf_writef_float(handle, samples, 5000) == 5000)
      sf_close(handle)
      #expect(request(path).precision(for: try SoundFile(path: path)) == expected)
    }
  }

  @Test func lengthsAreThoseOfOnePart() throws {
    func length(
      _ samples: Int, parts: Int, _ rule: LengthRule = .automatic
    ) throws -> TransformLength {
      var request = request("x.wav", parts == 1 ? .exact : .decimated(parts: parts))
      request.method.length = rule
      return try request.transformLength(
        of: SampleSelection(start: 0, count: samples, channel: .mix))
    }
    #expect(try length(1003, parts: 1).length == 1003)
    let part = try length(1003, parts: 8)
    #expect(part.samples == 125 && part.length == 125 && part.zeros == 0)
    let padded = try length(1003, parts: 8, .fast)
    #expect(padded.samples == 125 && padded.length == 125)
    #expect(try length(1009, parts: 1, .fast).length == 1024)
    #expect(try length(1003, parts: 8, .fixed(200)).zeros == 75)
    #expect {
      try length(7, parts: 8)
    } throws: {
      if case .tooManyParts(8, 7, "x.wav")? = $0 as? AnalysisError { true } else { false }
    }
    #expect {
      try length(1003, parts: 8, .fixed(124))
    } throws: {
      if case .lengthTooShort(_, 125)? = $0 as? AnalysisError { true } else { false }
    }
  }
}
