// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavExport
import WavSpectrum
import WavTransforms

@testable import WavAnalysis

/// Reports state what was analysed and found.
@Suite struct ReportTests {
  /// 2 s of 16-bit stereo at 8 kHz.
  ///
  /// The left channel has a sine of 1000 Hz at -20 dBFS and one above the limit of two parts, 3000
  /// Hz, at -26 dBFS; the right channel is silent.
  private func stereo(
    in folder: URL, outputs: [Exporter] = [], _ change: (inout AnalysisRequest) -> Void
  ) throws -> Analysis {
    let samples = (0..<16000).flatMap { n -> [Float] in
      let phase = 2 * Double.pi * Double(n) / 8000
      return [Float(0.1 * sin(1000 * phase) + 0.05 * sin(3000 * phase)), 0]
    }
    let file = folder.appending(path: "two tones.wav")
    try wav(pcmFloat(samples), format: 3, channels: 2, bits: 32).write(to: file)
    return try analysis(of: file, in: folder, method: .exact, outputs: outputs, change)
  }

  private func object(_ text: Data) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: text) as? [String: Any])
  }

  private func json(_ analysis: Analysis) throws -> [String: Any] {
    try object(Data(ReportDocument(analysis, withTimings: false).json().utf8))
  }

  @Test func theJSONReportTellsWhatWasAnalysed() throws {
    try withFolder { folder in
      let report = try json(
        stereo(in: folder) {
          $0.method = .decimated(parts: 2)
          $0.channel = .single(0)
          $0.start = 0.25
          $0.duration = 1.250125
          $0.method.window = .hann
          $0.method.length = .fixed(6000)
          $0.method.precision = .double
        })
      let input = try #require(report["input"] as? [String: Any])
      #expect(input["path"] as? String == folder.appending(path: "two tones.wav").path)
      #expect(input["sample_rate_hz"] as? Int == 8000)
      #expect(input["channels"] as? Int == 2)
      #expect(input["frames"] as? Int == 16000)
      #expect(input["channel"] as? String == "1")
      #expect(input["start_frame"] as? Int == 2000)
      #expect(input["selected_frames"] as? Int == 10001)
      let transform = try #require(report["transform"] as? [String: Any])
      #expect(transform["method"] as? String == "decimated")
      #expect(transform["parts"] as? Int == 2)
      #expect(transform["precision"] as? String == "double")
      #expect(transform["used_samples"] as? Int == 10000)
      #expect(transform["unused_samples"] as? Int == 1)
      #expect(transform["length"] as? Int == 6000)
      #expect(transform["zeros"] as? Int == 1000)
      #expect(transform["bin_spacing_hz"] as? Double == 8000.0 / 12000)
      #expect(transform["limit_hz"] as? Double == 2000)
      let window = try #require(transform["window"] as? [String: Any])
      #expect(window["name"] as? String == "hann")
      #expect(window["sum"] as? Double == 5000)
      #expect(window["square_sum"] as? Double == 3750)
      #expect(window["coherent_gain"] as? Double == 0.5)
      let bandwidth = try #require(window["noise_bandwidth_hz"] as? Double)
      #expect(abs(bandwidth - 1.5 * 8000 / 10000) < 1e-12)
      let band = try #require(report["band"] as? [String: Any])
      // Bins k * 2/3 Hz with 20 < f, and for two parts k < 3000.
      #expect(band["points"] as? Int == 2999 - 30)
      #expect(band["low_hz"] as? Double == 20 && band["high_hz"] as? Double == 20000)
      let loss = try #require(report["loss"] as? [String: Any])
      #expect(loss["limit_hz"] as? Double == 2000)
      #expect(loss["original_limit_hz"] as? Double == 4000)
      #expect(abs((loss["band_share"] as? Double ?? 0) - 2000.0 / 3980) < 1e-12)
      #expect(loss["octaves"] as? Double == 1)
      #expect(abs((loss["band_octaves"] as? Double ?? 0) - log2(200)) < 1e-12)
      // Amplitudes 0.1 and 0.05: a fifth of the energy.
      #expect(abs((loss["energy_share_above"] as? Double ?? 0) - 0.2) < 1e-3)
      #expect(report["spectrum"] == nil)
    }
  }

  @Test func theExactReportHasNoLoss() throws {
    try withFolder { folder in
      _ = try stereo(in: folder, outputs: [.json]) { _ in }
      let report = try object(Data(contentsOf: folder.appending(path: "x.json")))
      #expect(report["loss"] == nil)
      let transform = try #require(report["transform"] as? [String: Any])
      #expect(transform["method"] as? String == "exact")
      #expect(transform["zeros"] as? Int == 0)
      #expect((report["input"] as? [String: Any])?["channel"] as? String == "mix")
      let rows = try #require(report["spectrum"] as? [[String: Any]])
      #expect(rows.count == (report["band"] as? [String: Any])?["rows"] as? Int)
      // Mixed with silence, the sine has half its amplitude.
      let strongest = try #require(
        rows.max {
          ($0["magnitude"] as? Double ?? 0) < ($1["magnitude"] as? Double ?? 0)
        })
      #expect(strongest["frequency_hz"] as? Double == 1000)
      #expect(abs((strongest["magnitude"] as? Double ?? 0) - 0.05 * 8000) < 1e-3)
      #expect(abs((strongest["level_dbfs"] as? Double ?? 0) + 26.0206) < 1e-4)
      #expect(abs((strongest["power"] as? Double ?? 0) - 0.00125) < 1e-7)
      #expect(strongest["low_hz"] as? Double ?? 1e9 <= 1000)
      #expect(strongest["high_hz"] as? Double ?? 0 > 1000)
    }
  }

  @Test func silenceHasNoLevels() throws {
    try withFolder { folder in
      let found = try analysis(
        of: [Double](repeating: 0, count: 1000), in: folder, method: .decimated(parts: 2),
        outputs: [.json])
      let report = try object(Data(contentsOf: folder.appending(path: "x.json")))
      #expect((report["peaks"] as? [Any])?.isEmpty == true)
      #expect((report["loss"] as? [String: Any])?["energy_share_above"] is NSNull)
      let rows = try #require(report["spectrum"] as? [[String: Any]])
      #expect(!rows.isEmpty && rows.allSatisfy { $0["level_dbfs"] is NSNull })
      let text = textReport(found, withTimings: false)
      #expect(text.contains("none: the recording is silent"))
      #expect(text.contains("No peaks: the band is silent"))
    }
  }

  @Test func theTextReportHasTheSameNumbers() throws {
    try withFolder { folder in
      let found = try stereo(in: folder) {
        $0.method = .decimated(parts: 2)
        $0.channel = .single(0)
        $0.start = 0.25
        $0.duration = 1.250125
        $0.method.window = .hann
        $0.method.length = .fixed(6000)
        $0.method.precision = .double
      }
      let lines = textReport(found, withTimings: false).split(separator: "\n").map(String.init)
      for line in [
        folder.appending(path: "two tones.wav").path,
        "Method       decimated in 2 parts, double precision",
        "Samples      10,000 used, 1 at the end left out (2 parts of equal length)",
        "Transform    6,000 long for each part (5,000 samples and 1,000 zeros)",
        "Bins         0.6667 Hz apart, 2,969 in 20–20000 Hz",
        "Window       hann, sum 5000, sum of squares 3750, coherent gain 0.5, noise bandwidth 1.2 Hz",
        "Nyquist loss",
        "  limit      2000 Hz instead of 4000 Hz",
        "  band       50.3 % of it is gone, 1 of 7.64 octaves",
        "  energy     20 % of it is above the limit and folds back (periodogram of the whole recording)",
      ] {
        #expect(lines.contains(line), "\(line) in \(lines)")
      }
      #expect(
        lines.contains { $0.hasPrefix("  1.25 s from 0.25 s on, 8000 Hz, channel 1 of 2, ") })
    }
  }

  @Test func timingsAreListedOnDemand() throws {
    try withFolder { folder in
      let found = try stereo(in: folder) { _ in }
      #expect(!found.timings.isEmpty && found.timings.allSatisfy { $0.seconds >= 0 })
      #expect(!textReport(found, withTimings: false).contains("Seconds"))
      let text = textReport(found, withTimings: true)
      for timing in found.timings { #expect(text.contains(timing.phase)) }
      #expect(text.contains("total"))
    }
  }

  /// An offset is a fact about the samples, whatever the method; segments without their means have none.
  @Test(arguments: [MethodDescription.exact, .welch, .spectrogram])
  func anOffsetIsReportedByEveryMethod(method: MethodDescription) throws {
    let samples = (0..<40_000).map { 0.3 + 0.1 * sin(2 * .pi * 440 * Double($0) / 8000) }
    try withFolder { folder in
      let found = try analysis(of: samples, in: folder, method: method)
      let offset = try #require(found.levels.offset)
      #expect(abs(offset - 0.3) < 1e-3)
      #expect(textReport(found, withTimings: false).contains("DC offset"))
    }
  }

  /// Levels of a spectrogram are those of segments; its density and its certainty are those of their average alone.
  @Test func aSpectrogramSpeaksOfSegments() throws {
    try withFolder { folder in
      let report = textReport(
        try analysis(of: noise(20_000), in: folder, method: .spectrogram), withTimings: false)
      #expect(!report.contains("Certainty") && !report.contains("\nNoise"))
      #expect(report.contains("of a tone between two bins up to 1.42 dB low"))
      let welch = textReport(
        try analysis(of: noise(20_000), in: folder, method: .welch), withTimings: false)
      #expect(welch.contains("Certainty") && welch.contains("\nNoise"))
    }
  }

  @Test func aBandWithoutBinsIsNotSilent() throws {
    try withFolder { folder in
      let report = textReport(
        try analysis(of: [0.5, -0.5, 0.5], rate: 48000, in: folder, method: .welch) {
          $0.method.segmentation.segment = .samples(2)
        }, withTimings: false)
      #expect(report.contains("No peaks: no bin is in the band"))
    }
  }

  /// One loud segment among silent ones: the median is silent, and the figure says why.
  @Test func aSilentMedianIsExplained() throws {
    var samples = [Double](repeating: 0, count: 20_000)
    samples[10_000] = 0.9
    try withFolder { folder in
      let found = try analysis(of: samples, in: folder, method: .welch, outputs: [.svg]) {
        $0.method.segmentation.average = .median
      }
      #expect(textReport(found, withTimings: false).contains("most segments are silent"))
      let figure = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(figure.contains("Most segments are silent"))
    }
  }
}
