// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// The changes that `wavfft compare` describes are true.
struct CompareSentenceTests {
  private static let rate = 16000.0

  /// Reproducible uniform noise with an RMS of 1.
  private static func noise(_ count: Int, seed: UInt32) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return (Double(state >> 8) / Double(1 << 23) - 1) * 3.0.squareRoot()
    }
  }

  /// Five steady tones of 4 s.
  private static func tones(_ ratio: Double = 1, _ levels: [Double] = [0.2, 0.1, 0.1, 0.05, 0.05])
    -> [Double]
  {
    let frequencies = [220.0, 277.25, 330, 554.5, 1234.5]
    return (0..<64000).map { index in
      zip(frequencies, levels).reduce(0) {
        $0 + $1.1 * sin(2 * .pi * $1.0 * ratio * Double(index) / rate)
      }
    }
  }

  private func write(_ samples: [Double], _ name: String, in folder: URL) throws {
    try wav(pcmFloat(samples.map(Float.init)), format: 3, rate: UInt32(Self.rate), bits: 32)
      .write(to: folder.appending(path: name))
  }

  /// The report; also checks that exchanging the two gives the same verdict.
  private func report(
    _ new: [Double], _ old: [Double], _ options: [String] = []
  ) throws -> (status: Int32, verdict: String, sentences: [String], violations: [String]) {
    try withFolder { folder in
      try write(new, "new.wav", in: folder)
      try write(old, "old.wav", in: folder)
      func run(_ names: [String]) throws -> Program.Result {
        try Program.run(["compare"] + names + ["--report", "json"] + options, in: folder)
      }
      let (result, back) = (try run(["new.wav", "old.wav"]), try run(["old.wav", "new.wav"]))
      #expect(result.status == back.status)
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      return (
        result.status, json["verdict"] as? String ?? "", json["explanation"] as? [String] ?? [],
        json["violations"] as? [String] ?? []
      )
    }
  }

  @Test func addedNoiseIsCalledNoise() throws {
    let noise = Self.noise(64000, seed: 5)
    let base = Self.tones()
    let found = try report(zip(base, noise).map { $0 + 1e-4 * $1 }, base)
    #expect(found.status == 1)
    // 1e-4 is -80 dB, and -77 relative to a sine; all of it is in the band.
    #expect(
      found.sentences.first?.hasPrefix("noise has been added, about -77 dBFS in 2") == true,
      "\(found.sentences)")
    #expect(!found.sentences.contains { $0.contains("moved") || $0.contains("component") })
    let gone = try report(base, zip(base, noise).map { $0 + 1e-4 * $1 })
    #expect(
      gone.sentences.first?.hasPrefix("noise of the reference is missing, about -77 dBFS in 2")
        == true, "\(gone.sentences)")
  }

  /// Each bin is below the floor, but their sum is not; `--tolerance-power` sets the limit for it.
  @Test func noiseBelowTheFloorOfEveryRowIsFound() throws {
    let base = Self.tones()
    let new = zip(base, Self.noise(64000, seed: 6)).map { $0 + 4e-6 * $1 }
    let found = try report(new, base)
    #expect(found.status == 1)
    #expect(found.violations.count == 1)
    #expect(found.violations[0].contains("third-octave bands has changed, most at 6310 Hz"))
    try #expect(
      report(new, base, ["--tolerance-power", "20", "--tolerance-db", "0.1"]).status == 0)
    try #expect(report(new, base, ["--tolerance-power", "0.1"]).status == 1)
    // The same for bins as for bands.
    try #expect(report(new, base, ["--points", "all"]).status == 1)
    try #expect(
      report(new, base, ["--points", "all", "--tolerance-power", "20", "--tolerance-db", "0.1"])
        .status == 0)
  }

  /// Newly generated noise differs in every bin, but is the same noise.
  @Test func chanceIsNoChange() throws {
    let base = Self.tones()
    func with(_ seed: UInt32) -> [Double] {
      zip(base, Self.noise(64000, seed: seed)).map { $0 + 4e-6 * $1 }
    }
    try #expect(report(with(7), with(8)).status == 0)
    try #expect(report(with(7), with(8), ["--tolerance-power", "0.1"]).status == 1)
  }

  @Test(arguments: [3.0, 100, -100])
  func transpositionsAreNamed(cents: Double) throws {
    let found = try report(Self.tones(exp2(cents / 1200)), Self.tones())
    let words = "all lines are \(Int(abs(cents))).0 cents \(cents > 0 ? "higher" : "lower"), at "
    #expect(found.sentences.first?.hasPrefix(words) == true, "\(found.sentences)")
    #expect(!found.sentences.contains { $0.contains("has moved") })
  }

  /// A gain without a change of the noise: the strong components have it, the weak ones do not.
  @Test func aGainBesideNoiseIsReported() throws {
    let noise = Self.noise(64000, seed: 9)
    func mixed(_ gain: Double) -> [Double] {
      zip(Self.tones(), noise).map { gain * $0 + 1e-4 * $1 }
    }
    let found = try report(mixed(0.9), mixed(1))
    let words = "its strong components are 0.92 dB softer alike, which looks like a gain"
    #expect(found.sentences.contains { $0.hasPrefix(words) }, "\(found.sentences)")
    // If everything has the same gain, there is no exception for weak components.
    let whole = try report(mixed(1).map { 0.9 * $0 }, mixed(1))
    #expect(whole.sentences.first?.hasPrefix("it is 0.92 dB softer throughout") == true)
  }

  /// Names of notes in sentences and reports follow `--a4`, as those of figures do.
  @Test(arguments: [([], "330 Hz (E4)"), (["--a4", "415"], "330 Hz (F4)")])
  func notesFollowThePitchOfA4(options: [String], name: String) throws {
    let changed = Self.tones(1, [0.2, 0.1, 0.05, 0.05, 0.05])
    let found = try report(changed, Self.tones(), options)
    #expect(found.sentences.contains { $0.contains(name) }, "\(found.sentences)")
    try withFolder { folder in
      try write(changed, "new.wav", in: folder)
      try write(Self.tones(), "old.wav", in: folder)
      let text = try Program.run(
        ["compare", "new.wav", "old.wav", "--out", "x.svg"] + options, in: folder)
      #expect(text.output.contains(name), "\(text.output)")
      #expect(
        text.output.contains("\n   330.000     \(name.suffix(3).prefix(2)) "), "\(text.output)")
      let figure = try String(contentsOf: folder.appending(path: "x.svg"), encoding: .utf8)
      #expect(figure.contains("at \(name)"))
    }
  }

  @Test func silenceIsCalledSilent() throws {
    let silence = [Double](repeating: 0, count: 64000)
    let found = try report(silence, Self.tones())
    #expect(found.status == 1)
    #expect(found.sentences == ["new.wav is silent"])
    try #expect(report(Self.tones(), silence).sentences == ["old.wav is silent"])
    try #expect(report(silence, silence).status == 0)
  }

  /// A change of one tone is described as such, in both directions.
  @Test func aChangedToneIsReported() throws {
    var levels = [0.2, 0.1, 0.1, 0.05, 0.05]
    levels[4] = 0
    let (with, without) = (Self.tones(), Self.tones(1, levels))
    try #expect(
      report(with, without).sentences.first?.hasPrefix("there is a new component at 1234.5 Hz")
        == true)
    try #expect(
      report(without, with).sentences.first?.hasPrefix("the component at 1234.5 Hz (D#6) is gone")
        == true)
  }

  /// The peak of a wavering note is not described as moved.
  @Test func unsteadyPeaksAreNotReportedAsMoved() throws {
    func note(_ depth: Double) -> [Double] {
      (0..<64000).map { index in
        let time = Double(index) / Self.rate
        return 0.2 * sin(2 * .pi * 440 * time + depth * sin(2 * .pi * 5.3 * time))
          + 0.1 * sin(2 * .pi * 880 * time + 2 * depth * sin(2 * .pi * 5.3 * time))
      }
    }
    let found = try report(note(2.2), note(2.6))
    #expect(found.status == 1)
    #expect(!found.sentences.contains { $0.contains("moved") || $0.contains("cents") })
  }
}
