// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import TestSupport
import Testing

/// Compares the report on the samples with definitions and laws.
@Suite struct SignalTests {
  private let rate = 8000

  /// Two seconds of samples, given as a function of time in seconds.
  private func samples(rate: Int = 8000, _ value: (Double) -> Double) -> [Float] {
    (0..<2 * rate).map { Float(value(Double($0) / Double(rate))) }
  }

  private func sine(_ frequency: Double, _ amplitude: Double = 1) -> (Double) -> Double {
    { amplitude * sin(2 * .pi * frequency * $0) }
  }

  /// Reproducible noise.
  private func noise(_ seed: UInt64) -> (Double) -> Double {
    { time in
      var state = (UInt64(time * 1e6) &+ 1) &* (2 * seed + 1) &* 0x9E37_79B9_7F4A_7C15
      state ^= state >> 31
      state = state &* 0xBF58_476D_1CE4_E5B9
      state ^= state >> 29
      return Double(Int64(bitPattern: state) >> 11) * 0x1p-52
    }
  }

  private struct Report {
    let text: String
    let signal: [String: Any]
    func number(_ key: String) -> Double? { signal[key] as? Double }
  }

  /// The report on channels in floating point.
  private func report(
    _ channels: [[Float]], rate: Int = 8000, _ options: [String] = []
  ) throws -> Report {
    try withFolder { folder in
      let frames = (0..<channels[0].count).flatMap { frame in channels.map { $0[frame] } }
      try wav(
        pcmFloat(frames), format: 3, channels: UInt16(channels.count), rate: UInt32(rate), bits: 32
      ).write(to: folder.appending(path: "x.wav"))
      return try report(folder, options)
    }
  }

  /// The report on 16-bit samples.
  private func report16(_ codes: [Int], _ options: [String] = []) throws -> Report {
    try withFolder { folder in
      try wav(pcm16(codes.map { Int16($0) })).write(to: folder.appending(path: "x.wav"))
      return try report(folder, options)
    }
  }

  private func report(_ folder: URL, _ options: [String]) throws -> Report {
    let text = try Program.run(["x.wav"] + options, in: folder)
    #expect(text.status == 0, "\(text.error)")
    let json = try Program.run(["x.wav", "--report", "json"] + options, in: folder)
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let signal = try #require(document["signal"] as? [String: Any])
    // Every key exists, whether it applies or not.
    #expect(signal.count == 13)
    return Report(text: text.output, signal: signal)
  }

  @Test func aFullScaleSineHasTheLevelsOfItsDefinitions() throws {
    let found = try report([samples(sine(1000))])
    #expect(abs(found.number("rms_dbfs") ?? 9) < 1e-5)
    #expect(abs(found.number("sample_peak_dbfs") ?? 9) < 1e-5)
    #expect(abs((found.number("crest_factor_db") ?? 9) - 3.0103) < 1e-4)
    #expect(
      found.text.contains(
        "  level      RMS 0.00 dBFS, sample peak 0.00 dBFS, crest factor 3.01 dB\n"),
      "\(found.text)")
    let half = try report([samples(sine(1000, 0.5))])
    #expect(abs((half.number("rms_dbfs") ?? 9) + 6.0206) < 1e-4)
    #expect(abs((half.number("sample_peak_dbfs") ?? 9) + 6.0206) < 1e-4)
    #expect(abs((half.number("crest_factor_db") ?? 9) - 3.0103) < 1e-4)
    // All samples of a square wave are at its peak.
    let square = try report([samples { sin(2 * .pi * 1000 * $0 + 0.1) > 0 ? 0.5 : -0.5 }])
    #expect(abs((square.number("rms_dbfs") ?? 9) - (-6.0206 + 3.0103)) < 1e-4)
    #expect(abs(square.number("crest_factor_db") ?? 9) < 1e-9)
  }

  @Test(arguments: [[], ["--length", "exact"], ["--precision", "double"], ["--parts", "4"]])
  func theRMSIsThePowerOfAllBins(options: [String]) throws {
    try withFolder { folder in
      let noise = samples(noise(1))
      try wav(pcmFloat(noise), format: 3, bits: 32).write(to: folder.appending(path: "x.wav"))
      let found = try report(folder, options)
      _ = try Program.run(["x.wav", "--band", "full", "--out", "x.csv"] + options, in: folder)
      let power = try table(folder.appending(path: "x.csv")).rows.reduce(0) { $0 + $1[5] }
      let mean = noise.reduce(0) { $0 + Double($1) * Double($1) } / Double(noise.count)
      #expect(abs(power / mean - 1) < 1e-5)
      #expect(abs((found.number("rms_dbfs") ?? 9) - 10 * log10(2 * power)) < 1e-4)
    }
  }

  @Test func theSelectionAndTheChannelCount() throws {
    let (left, right) = (samples(sine(500, 0.5)), samples(sine(500, 0.1)))
    for (options, amplitude) in [
      (["--channel", "left"], 0.5), (["--channel", "right"], 0.1), ([], 0.3),
      (["--start", "0.5", "--duration", "1"], 0.3),
    ] {
      let found = try report([left, right], options)
      #expect(abs((found.number("sample_peak_dbfs") ?? 9) - 20 * log10(amplitude)) < 1e-4)
      #expect(found.signal["channels_cancel"] is NSNull == options.contains("--channel"))
    }
  }

  @Test func outputsAreTheSameForAnyNumberOfWorkers() throws {
    try withFolder { folder in
      for file in ["bach.wav", "noise-24bit.flac", "three-channels.wav"] {
        var first: Data?
        for workers in ["1", "2", "7"] {
          let result = try Program.run(
            [Program.fixture(file), "--workers", workers, "--out", "x.json"], in: folder)
          #expect(result.status == 0)
          let data = try Data(contentsOf: folder.appending(path: "x.json"))
          if let first { #expect(data == first) } else { first = data }
        }
      }
    }
  }

  @Test func aSignificantOffsetIsReported() throws {
    let steady = try report([samples { 0.02 + 0.3 * sin(2 * .pi * 400 * $0) }])
    #expect(abs((steady.number("dc_offset_fs") ?? 9) - 0.02) < 1e-6)
    #expect(steady.text.contains("  DC offset  0.02 of full scale"), "\(steady.text)")
    let noisy = try report([samples(noise(2))])
    #expect(noisy.signal["dc_offset_fs"] is NSNull)
    #expect(!noisy.text.contains("DC offset"))
    // A slow sound with an incomplete period has a mean, but that is not an offset.
    let slow = try report([samples(sine(0.9, 0.5))])
    #expect(slow.signal["dc_offset_fs"] is NSNull)
  }

  @Test func clippingIsReportedAndTouchingFullScaleIsNot() throws {
    func sine(_ gain: Double, _ period: Double) -> [Int] {
      (0..<16000).map {
        max(-32768, min(32767, Int((gain * 32767 * sin(2 * .pi * Double($0) / period)).rounded())))
      }
    }
    let clipped = try report16(sine(1.2, 80))
    #expect(clipped.number("clipped_runs") == 400)
    let count = sine(1.2, 80).filter { $0 == 32767 || $0 == -32768 }.count
    #expect(clipped.number("clipped_samples") == Double(count))
    #expect(count == 6000)
    #expect(
      clipped.text.contains(
        "  clipping   6,000 samples in 400 runs at full scale, three or more in a row"),
      "\(clipped.text)")
    #expect(clipped.signal["samples_above_full_scale"] is NSNull)
    for whole in [sine(1, 80), sine(1, 1600), sine(0.5, 80) + [32767, 32767]] {
      let found = try report16(whole)
      #expect(found.number("clipped_samples") == 0)
      #expect(!found.text.contains("clipping"))
    }
  }

  @Test func channelsAreClippedEvenIfTheMixIsNot() throws {
    try withFolder { folder in
      let left = (0..<8000).map { $0 % 100 < 10 ? Int16.max : Int16($0 % 100) }
      let right = (0..<8000).map { _ in Int16(0) }
      try wav(pcm16(zip(left, right).flatMap { [$0, $1] }), channels: 2).write(
        to: folder.appending(path: "x.wav"))
      let mix = try report(folder, [])
      #expect(mix.number("clipped_samples") == 800)
      #expect((mix.number("sample_peak_dbfs") ?? 0) < -6)
      #expect(try report(folder, ["--channel", "right"]).number("clipped_samples") == 0)
      #expect(try report(folder, ["--channel", "left"]).number("clipped_runs") == 80)
    }
  }

  @Test func floatsBeyondFullScaleAreAboveItAndNotClipped() throws {
    let found = try report([samples(sine(1000, 1.5))])
    #expect(found.number("clipped_samples") == 0)
    // With 8 samples per period 1.5 and 1.06 are above 1, six samples in all.
    #expect(found.number("samples_above_full_scale") == 12000)
    #expect(
      found.text.contains("  overs      12,000 samples are above full scale"), "\(found.text)")
    #expect(abs((found.number("sample_peak_dbfs") ?? 0) - 3.5218) < 1e-3)
    let within = try report([samples(sine(1000, 1))])
    #expect(within.number("samples_above_full_scale") == 0)
    #expect(!within.text.contains("overs"))
  }

  @Test func energyOutsideTheBandIsReportedFromOnePercent() throws {
    // Powers relative to the tone in the band.
    func signal(below: Double, above: Double) -> [Float] {
      samples(rate: 48000) {
        0.2
          * (sin(2 * .pi * 1000 * $0) + below.squareRoot() * sin(2 * .pi * 12 * $0)
            + above.squareRoot() * sin(2 * .pi * 22000 * $0))
      }
    }
    let much = try report([signal(below: 0.5, above: 1)], rate: 48000)
    #expect(abs((much.number("energy_share_below_band") ?? 9) - 0.2) < 1e-5)
    #expect(abs((much.number("energy_share_above_band") ?? 9) - 0.4) < 1e-5)
    #expect(much.number("line_below_band_hz") == 12)
    #expect(much.number("line_above_band_hz") == 22000)
    #expect(
      much.text.contains(
        "  outside    20 % of the energy is at 20 Hz and below, strongest at 12 Hz\n"),
      "\(much.text)")
    #expect(
      much.text.contains(
        "  outside    40 % of the energy is at 20000 Hz and above, strongest at 22000 Hz\n"))
    for (share, isTold) in [(0.0111, true), (0.0090, false)] {
      let below = try report([signal(below: share, above: 0)], rate: 48000)
      #expect(below.text.contains("and below, strongest at 12 Hz") == isTold)
      let above = try report([signal(below: 0, above: share)], rate: 48000)
      #expect(above.text.contains("and above, strongest at 22000 Hz") == isTold)
    }
    // In noise no bin is the strongest; after decimation nothing is known.
    let noisy = try report([samples(rate: 48000, noise(3))], rate: 48000)
    #expect(noisy.text.contains("of the energy is at 20000 Hz and above\n"), "\(noisy.text)")
    #expect(noisy.signal["line_above_band_hz"] is NSNull)
    let decimated = try report([signal(below: 0.5, above: 1)], rate: 48000, ["--parts", "2"])
    #expect(decimated.signal["energy_share_above_band"] is NSNull)
    #expect(!decimated.text.contains("outside"))
    let full = try report([signal(below: 0.5, above: 1)], rate: 48000, ["--band", "full"])
    #expect(full.number("energy_share_below_band") == 0)
    #expect(full.number("energy_share_above_band") == 0)
    #expect(!full.text.contains("outside"))
    // A band from 0 Hz excludes only DC.
    let offset = try report(
      [samples { 0.1 + 0.1 * sin(2 * .pi * 100 * $0) }], ["--band", "0:4000"])
    #expect(offset.text.contains("66.7 % of the energy is at 0 Hz (DC)\n"), "\(offset.text)")
  }

  @Test func cancellingChannelsAreReported() throws {
    let tone = samples(sine(500, 0.3))
    func scaled(_ factor: Float) -> [Float] { tone.map { factor * $0 } }
    let words = "the channels cancel each other: the mix is "
    let silent = try report([tone, scaled(-1)])
    #expect(silent.text.contains(words + "silence; use --channel each"), "\(silent.text)")
    #expect(silent.signal["mix_loss_db"] is NSNull)
    #expect(silent.signal["channels_cancel"] as? Bool == true)
    #expect(silent.signal["rms_dbfs"] is NSNull)
    // The mix of 1 and -r is (1 - r) / 2, the mean power of the channels (1 + r^2) / 2.
    for (ratio, loss, cancels) in [(0.83, 20.68, true), (0.81, 19.63, false), (-1, 0, false)] {
      let found = try report([tone, scaled(Float(-ratio))])
      #expect(abs((found.number("mix_loss_db") ?? 99) - loss) < 0.01)
      #expect(found.signal["channels_cancel"] as? Bool == cancels)
      #expect(found.text.contains("cancel") == cancels)
      if cancels { #expect(found.text.contains(words + "20.7 dB below their mean power")) }
    }
    // One channel alone, and unrelated channels.
    let alone = try report([tone, scaled(0)])
    #expect(abs((alone.number("mix_loss_db") ?? 99) - 3.0103) < 1e-3)
    let unrelated = try report([samples(noise(5)), samples(noise(6))])
    #expect(abs((unrelated.number("mix_loss_db") ?? 99) - 3.01) < 0.2)
    #expect(!alone.text.contains("cancel") && !unrelated.text.contains("cancel"))
  }

  @Test func figuresSayInWordsWhatTheyCannotDraw() throws {
    try withFolder { folder in
      func figure(
        _ samples: [Float], channels: UInt16 = 1, rate: UInt32 = 44100, _ options: [String] = []
      )
        throws -> String
      {
        try wav(pcmFloat(samples), format: 3, channels: channels, rate: rate, bits: 32).write(
          to: folder.appending(path: "x.wav"))
        let result = try Program.run(["x.wav", "--out", "x.svg"] + options, in: folder)
        #expect(result.status == 0, "\(result.error)")
        return String(
          decoding: try Data(contentsOf: folder.appending(path: "x.svg")), as: UTF8.self)
      }
      func middle(_ words: String) -> String {
        "middle emptiness\" x=\"630\" y=\"324\">\(words)</text>"
      }
      let zeros = [Float](repeating: 0, count: 4000)
      #expect(try figure(zeros).contains(middle("Silence: every sample is 0")))
      #expect(
        try figure(zeros.map { _ in 0.25 }).contains(middle("DC alone: every sample is 0.25")))
      #expect(try figure([0.5]).contains(middle("One sample of 0.5")))
      #expect(
        try figure((0..<4000).map { $0 % 2 == 0 ? 0.5 : -0.5 }, channels: 2).contains(
          ">The channels cancel each other: their mean is silence</text>"))
      let tone = samples(sine(440, 0.5))
      let heard = try figure(tone)
      #expect(!heard.contains("class=\"middle emptiness\"") && !heard.contains("of the energy"))
      // What rounding leaves of a pure tone is below any axis.
      #expect(heard.contains(">Levels below the axis are drawn at its bottom</text>"))
      #expect(!heard.contains("class=\"edge\""))
      let telephone = try figure(tone, rate: 8000)
      #expect(telephone.contains("nothing above 4000 Hz</text>"))
      #expect(telephone.contains("rate of 8000 Hz</text>"))
      let edge = try #require(Drawing(telephone).lines("edge").first)
      let place = try Drawing(telephone).frequencyScale().place(log2(4000))
      #expect(edge.count == 2 && edge.allSatisfy { abs($0.x - place) < 0.2 })
      // Where there is no room beside the edge, the words are above the plot.
      let wide = try figure(tone, rate: 32000)
      #expect(
        wide.contains(">Nothing above 16000 Hz can be seen at a sampling rate of 32000 Hz</text>"))
      #expect(!(try figure(tone, rate: 8000, ["--band", "20:4000"]).contains("class=\"edge\"")))
      let low = try figure(samples(sine(12, 0.5)), rate: 8000)
      #expect(
        low.contains(
          "class=\"remark\" x=\"84\" y=\"84\">100 % of the energy is at 20 Hz and below, strongest at 12 Hz<"
        ))
      #expect(
        try figure([0.5, 0.1], rate: 96000).contains(
          ">No bin lies in the band: bins are 48000 Hz apart</text>"))
    }
  }
}
