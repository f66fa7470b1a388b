// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing
import WavAnalysis
import WavSpectrum

/// Tones in averages over segments, by laws.
@Suite struct AveragedPeaksTests {
  private static let rate = 8000.0

  private func peaks(
    _ samples: [Double], segment: Int = 2000, window: Window = .hann, count: Int = 10,
    _ change: (inout AnalysisRequest) -> Void = { _ in }
  ) throws -> [Peak] {
    try withFolder { folder in
      var method = MethodDescription.welch
      method.segmentation.segment = .samples(segment)
      method.window = window
      return try analysis(of: samples, in: folder, method: method) {
        $0.band = .full
        $0.peaks = count
        change(&$0)
      }.peaks
    }
  }

  private func tone(_ frequency: Double, _ amplitude: Double, _ count: Int, phase: Double = 0)
    -> [Double]
  {
    (0..<count).map { amplitude * sin(2 * .pi * frequency * Double($0) / Self.rate + phase) }
  }

  /// Gaussian noise with a power that falls with the frequency to the power of 0, 1 or 2: by leaky sums.
  private func colouredNoise(_ count: Int, _ colour: String, seed: Int) -> [Double] {
    // Sums of many samples, as those of a transform, are Gaussian anyway.
    let white = noise(count, seed: seed)
    switch colour {
    case "brown":
      var sum = 0.0
      return white.map {
        sum = 0.9999 * sum + 1e-3 * $0
        return sum
      }
    case "pink":
      // P. Kellet's filter, within 0.5 dB of -3 dB an octave.
      var state = (0.0, 0.0, 0.0)
      return white.map {
        state.0 = 0.99765 * state.0 + $0 * 0.0990460
        state.1 = 0.96300 * state.1 + $0 * 0.2965164
        state.2 = 0.57000 * state.2 + $0 * 1.0526913
        return 0.01 * (state.0 + state.1 + state.2 + $0 * 0.1848)
      }
    default: return white.map { 0.1 * $0 }
    }
  }

  /// Frequency and level of a sine anywhere between the bins, 4 Hz apart.
  @Test(arguments: Window.allCases) func aSineHasItsFrequencyAndLevel(window: Window) throws {
    for (index, place) in [250.0, 250.08, 250.25, 250.5, 250.77].enumerated() {
      let frequency = 4 * place
      let background = noise(40_000, seed: 7 + index)
      let samples = zip(tone(frequency, 0.3, 40_000, phase: Double(index)), background)
        .map { $0 + 0.002 * $1 }
      let found = try peaks(samples, window: window)
      let peak = try #require(found.first)
      #expect(found.count == 1, "\(window) \(place): \(found)")
      #expect(abs(peak.frequency - frequency) < 0.02 * 4, "\(window) \(place): \(peak)")
      #expect(abs(peak.level - 20 * log10(0.3)) < 0.05, "\(window) \(place): \(peak)")
      #expect(peak.shape == .line)
    }
  }

  /// On a bin the neighbours of a rectangular window are noise alone, which does not move the peak.
  @Test func aSineOnABinStaysThere() throws {
    for seed in 1...8 {
      let samples = zip(tone(1000, 0.3, 40_000), noise(40_000, seed: seed)).map { $0 + 0.02 * $1 }
      let peak = try #require(try peaks(samples, window: .rectangular).first)
      #expect(abs(peak.frequency - 1000) < 0.02 * 4 && abs(peak.level + 10.458) < 0.05, "\(peak)")
    }
  }

  /// About one of a hundred recordings of noise may have a peak; with medians, whose tails chi-square does not describe,
  /// somewhat more.
  @Test(arguments: ["white", "pink", "brown"]) func noiseHasNoPeaks(colour: String) throws {
    var falseAlarms: [Peak] = []
    for seed in 1...100 {
      let samples = colouredNoise(10_000, colour, seed: 31 * seed)
      let segment = [200, 500, 1200][seed % 3]
      falseAlarms += try peaks(samples, segment: segment)
      falseAlarms += try peaks(samples, segment: segment) {
        $0.method.segmentation.average = .median
      }
    }
    #expect(falseAlarms.count <= 2, "\(falseAlarms)")
  }

  /// A slope is no tone, a tone on it is.
  @Test func aHumStandsOutOfBrownNoise() throws {
    let noise = colouredNoise(80_000, "brown", seed: 5)
    let hum = tone(100, 0.02, 80_000)
    let found = try peaks(zip(noise, hum).map { $0 + $1 }, segment: 4000)
    #expect(found.count == 1 && abs((found.first?.frequency ?? 0) - 100) < 0.04, "\(found)")
  }

  @Test func eachListIsTheBeginningOfALongerOne() throws {
    var samples = noise(40_000, seed: 9).map { 0.01 * $0 }
    for (index, frequency) in [300.0, 320, 440, 700, 1003, 1025, 2222, 3333].enumerated() {
      for (place, value) in tone(frequency, 0.1 / Double(index + 1), 40_000).enumerated() {
        samples[place] += value
      }
    }
    for distance in [nil, PeakDistance.note] {
      let all = try peaks(samples, count: 20) { $0.peakDistance = distance }
      #expect(all.count == (distance == nil ? 8 : 7), "\(all)")
      for count in 1..<all.count {
        #expect(
          try peaks(samples, count: count) { $0.peakDistance = distance }
            == Array(all.prefix(count)))
      }
      #expect(zip(all, all.dropFirst()).allSatisfy { $0.level >= $1.level })
    }
    #expect(try peaks(samples, count: 0).isEmpty)
  }

  /// Side lobes of a strong tone are no tones, whatever the window.
  @Test(arguments: Window.allCases) func aStrongToneIsAlone(window: Window) throws {
    let samples = zip(tone(1001.3, 0.9, 60_000), noise(60_000, seed: 2)).map { $0 + 1e-5 * $1 }
    let found = try peaks(samples, window: window)
    #expect(found.count == 1, "\(window): \(found)")
  }

  /// Segments that all are the same do not average rounding errors.
  @Test(arguments: [Precision.single, .double], [1000.0, 440])
  func roundingIsNoTone(precision: Precision, frequency: Double) throws {
    let exact = tone(frequency, 0.5, 60_000)
    let rounded = exact.map { ($0 * 32768).rounded() / 32768 }
    // As 64-bit floating point neither is rounded to 16 bits on purpose; the file says so of the second.
    let found = try peaks(exact, segment: 8000) { $0.method.precision = precision }
    #expect(found.count == 1, "\(found)")
    try withFolder { folder in
      let file = folder.appending(path: "a.wav")
      try wav(pcm16(rounded.map { Int16($0 * 32768) })).write(to: file)
      var method = MethodDescription.welch
      method.segmentation.segment = .samples(8000)
      method.precision = precision
      let peaks = try analysis(of: file, in: folder, method: method, outputs: []) { _ in }.peaks
      #expect(peaks.count == 1, "\(peaks)")
    }
  }

  /// A tone that is wider than the window's main lobe is a note.
  @Test func aWaveringToneIsANote() throws {
    var phase = 0.0
    var drift = 0.0
    let jitter = noise(80_000, seed: 3)
    let samples = (0..<80_000).map { index -> Double in
      drift = 0.999 * drift + jitter[index]
      phase += 2 * .pi * (1000 + drift) / Self.rate
      return 0.3 * sin(phase) + 1e-3 * jitter[(index * 7919) % 80_000]
    }
    let found = try peaks(samples, segment: 4000)
    let peak = try #require(found.first)
    #expect(peak.shape == .note && abs(peak.frequency - 1000) < 20, "\(found)")
  }

  @Test func silenceAndOffsetsHaveNoPeaks() throws {
    #expect(try peaks([Double](repeating: 0, count: 9000)).isEmpty)
    #expect(try peaks([Double](repeating: 0.3, count: 9000)).isEmpty)
    #expect(
      try peaks([Double](repeating: 0.3, count: 9000)) {
        $0.method.segmentation.detrend = .none
      }.isEmpty)
    for count in 1...12 {
      #expect(try peaks(noise(count), segment: count, window: .rectangular).isEmpty)
    }
  }

  /// `aboveFloor` is the distance from the noise in the same bins.
  @Test func theDistanceFromTheFloorIsThatFromTheNoise() throws {
    let samples = zip(tone(1000, 0.1, 400_000), noise(400_000, seed: 4)).map { $0 + 0.1 * $1 }
    let peak = try #require(try peaks(samples).first)
    // A sine of amplitude A has A^2 / 2 in 1.5 bins of 4 Hz, the noise 0.1^2 / 12 in 4000 Hz.
    let expected = 10 * log10(0.005 / (0.01 / 12 / 4000 * 1.5 * 4))
    #expect(abs((peak.aboveFloor ?? 0) - expected) < 0.5, "\(peak) \(expected)")
  }
}
