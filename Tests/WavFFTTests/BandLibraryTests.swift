// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavFFT

/// Powers of proportional bands by the library.
@Suite struct BandLibraryTests {
  private let amplitude = 0.25

  /// Two seconds of a sine of 100 Hz.
  private func withSine(_ body: (Recording, URL) throws -> Void) throws {
    try withFolder { folder in
      let file = folder.appending(path: "a.wav")
      let samples = (0..<16_000).map { amplitude * sin(2 * .pi * 100 * Double($0) / 8000) }
      try wav(pcmDouble(samples), format: 3, rate: 8000, bits: 64).write(to: file)
      try body(Recording(path: file.path), folder)
    }
  }

  @Test func aSineHasItsLevelWithAndWithoutWeighting() throws {
    try withSine { recording, folder in
      var options = SpectrumOptions()
      options.bands = .thirdOctave
      options.weighting = .a
      let path = folder.appending(path: "a.csv").path
      let spectrum = try recording.spectrum(options, writing: [path])
      let levels = try #require(spectrum.bandLevels)
      #expect(levels.scheme == .thirdOctave && levels.weighting == .a)
      #expect(levels.entries.map(\.band.name).prefix(3) == ["20", "25", "31.5"])
      let entry = try #require(levels.entries.first { $0.band.name == "100" })
      let expected = 20 * log10(amplitude)
      #expect(abs(entry.level - expected) < 1e-6)
      // IEC 61672-1, table 3: A is -19.1 dB at 100 Hz.
      #expect(abs(entry.weightedLevel - expected + 19.1) < 0.1)
      #expect(abs(levels.total - expected) < 1e-6)
      #expect(spectrum.report.contains("Third-octave bands"))
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 1 + levels.entries.count && lines[0].contains("a_weighted_level_db"))
      // All of it is below 200 Hz.
      options.band = .between(low: 200, high: 2000)
      let above = try #require(try recording.spectrum(options).bandLevels)
      #expect(abs(above.below - amplitude * amplitude / 2) < 1e-9 && above.above < 1e-9)
      options.band = .audible
      let plain = try recording.spectrum()
      #expect(plain.bandLevels == nil)
      #expect(plain.rows == spectrum.rows && plain.peaks == spectrum.peaks)
    }
  }

  @Test func meaninglessBandsAreErrors() throws {
    try withSine { recording, _ in
      for (change, words) in [
        ({ $0.method = .decimated(parts: 2) }, "choose the exact method, or welch"),
        ({ $0.method = .spectrogram }, "choose the exact method, or welch"),
        ({ $0.rows = .all }, "bands are rows, too"),
        ({ $0.bands = .semitone(a4: 0) }, "a4 of bands is 0"),
        ({ $0.bands = nil }, "there are no bands"),
      ] as [((inout SpectrumOptions) -> Void, String)] {
        var options = SpectrumOptions()
        options.bands = .octave
        options.weighting = .c
        change(&options)
        #expect {
          _ = try recording.spectrum(options)
        } throws: {
          ($0 as? WavFFTError)?.kind == .request && "\($0)".contains(words)
        }
      }
    }
  }
}
