// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `wavfft compare --method welch`: takes of one sound that are not the same samples, nor equally long.
@Suite struct CompareWelchTests {
  /// Three tones in noise; another seed is another take.
  private func take(
    _ seconds: Double, seed: Int, gain: Double = 1, noise: Double = 0.01, tone: Double = 0.1,
    frequency: Double = 1000, extra: Double = 0
  ) -> [Float] {
    var state = seed * 7919
    return (0..<Int(8000 * seconds)).map { index in
      state = state * 48271 % 2_147_483_647
      let random = 2 * Double(state) / 2_147_483_647 - 1
      let time = Double(index) / 8000 + 0.37 * Double(seed)
      let tones =
        0.2 * sin(2 * .pi * 220 * time) + tone * sin(2 * .pi * frequency * time)
        + 0.05 * sin(2 * .pi * 2345.6 * time) + extra * sin(2 * .pi * 1700 * time)
      return Float(gain * (tones + noise * random))
    }
  }

  private func write(_ channels: [[Float]], _ name: String, in folder: URL) throws {
    let frames = channels[0].indices.flatMap { index in channels.map { $0[index] } }
    try wav(pcmFloat(frames), format: 3, channels: UInt16(channels.count), bits: 32)
      .write(to: folder.appending(path: name))
  }

  private func compare(
    _ own: [Float], _ folder: URL, _ options: [String] = ["--method", "welch"],
    with reference: String = "reference.wav"
  ) throws -> Program.Result {
    try write([own], "new.wav", in: folder)
    return try Program.run(["compare", "new.wav", reference] + options, in: folder)
  }

  /// Noise of another take is the same noise, whatever the length.
  @Test func anotherTakeIsTheSame() throws {
    try withFolder { folder in
      try write([take(30, seed: 1)], "reference.wav", in: folder)
      for (seed, seconds) in [(2, 30.0), (3, 45), (4, 20), (5, 61.7)] {
        let result = try compare(take(seconds, seed: seed), folder)
        #expect(result.status == 0, "\(seconds): \(result.output) \(result.error)")
        #expect(result.output.contains("levels within 0.1 dB and chance above -120 dB"))
        #expect(
          result.output.contains("it is the average of") == (seconds != 30), "\(result.output)")
      }
      // The exact spectra of two takes are not.
      #expect(try compare(take(30, seed: 2), folder, []).status == 1)
    }
  }

  /// A partial of hum, where the rows beside it are within half a semitone, too.
  @Test func aLouderPartialOfHumIsNamed() throws {
    func hum(_ seed: Int, third: Double) -> [Float] {
      var state = seed * 7919
      return (0..<160_000).map { index in
        state = state * 48271 % 2_147_483_647
        let random = 2 * Double(state) / 2_147_483_647 - 1
        let time = Double(index) / 8000 + 0.13 * Double(seed)
        return Float(
          0.1 * sin(2 * .pi * 50 * time) + third * sin(2 * .pi * 150 * time) + 0.001 * random)
      }
    }
    try withFolder { folder in
      try write([hum(1, third: 0.05)], "reference.wav", in: folder)
      let same = try compare(hum(2, third: 0.05), folder)
      #expect(same.status == 0, "\(same.output)")
      let louder = try compare(hum(2, third: 0.05 * pow(10, 0.05)), folder)
      #expect(louder.status == 1)
      let sentence = /the component at 150 Hz \(D3\) has changed by \+(0\.9\d|1\.0\d) dB/
      #expect(louder.output.firstMatch(of: sentence) != nil, "\(louder.output)")
      // Noise elsewhere is within what it does by chance.
      let places = louder.output.split(separator: "\n").filter {
        $0.firstMatch(of: /^ +\d+\.\d{3} +[A-G]#?\d/) != nil
      }
      #expect((1...2).contains(places.count), "\(louder.output)")
    }
  }

  /// What differs more than chance does, and how it is called.
  @Test func changesAreFoundAndNamed() throws {
    try withFolder { folder in
      try write([take(30, seed: 1)], "reference.wav", in: folder)
      let changes: [([Float], String)] = [
        (take(40, seed: 2, gain: 1.12), "it is 0.98 dB louder throughout"),
        (take(40, seed: 2, tone: 0.105), "the component at 1000 Hz (B5) has changed by +0.4"),
        (
          take(40, seed: 2, frequency: 1003),
          "the peak at 1000 Hz (B5) has moved to 1003 Hz, +5.19 cents"
        ),
        (take(40, seed: 2, extra: 0.003), "there is a new component at 1700 Hz"),
        (take(40, seed: 2, noise: 0.012), "the power of "),
      ]
      for (samples, words) in changes {
        let result = try compare(samples, folder)
        #expect(result.status == 1 && result.output.contains(words), "\(words): \(result.output)")
        // Bins of averages cannot tell noise from other broad sounds.
        #expect(!result.output.contains("noise has been added"))
      }
    }
  }

  /// A tolerance that was named is that tolerance.
  @Test func namedTolerancesAreStrict() throws {
    try withFolder { folder in
      try write([take(30, seed: 1)], "reference.wav", in: folder)
      let options = ["--method", "welch", "--tolerance-db"]
      let strict = try compare(take(30, seed: 2), folder, options + ["0.1"])
      #expect(strict.status == 1 && !strict.output.contains("dB and chance above"))
      #expect(try compare(take(30, seed: 2), folder, options + ["6"]).status == 0)
    }
  }

  /// A reference decides the segments of every take.
  @Test func referencesDecideTheMethod() throws {
    try withFolder { folder in
      try write([take(30, seed: 1)], "a.wav", in: folder)
      let made = try Program.run(
        [
          "compare", "a.wav", "r.json", "--update", "--method", "welch", "--resolution", "1.7Hz",
          "--overlap", "75%",
        ], in: folder)
      #expect(made.status == 0)
      #expect(made.output.contains(" segments of 4704 samples, hann window"), "\(made.output)")
      let same = try compare(take(45, seed: 2), folder, [], with: "r.json")
      #expect(same.status == 0, "\(same.output) \(same.error)")
      let repeated = try compare(
        take(45, seed: 2), folder, ["--method", "welch", "--resolution", "1.7Hz"], with: "r.json")
      #expect(repeated.status == 0, "\(repeated.error)")
      for (options, words) in [
        (["--segment", "1s"], "--segment is 1s"), (["--overlap", "50%"], "--overlap is 0.5"),
        (["--average", "median"], "--average is median"),
        (["--detrend", "none"], "--detrend is none"),
        (["--window", "flattop"], "--window is flattop"),
      ] {
        let result = try compare(
          take(45, seed: 2), folder, ["--method", "welch"] + options, with: "r.json")
        #expect(result.status == 2 && result.error.contains(words), "\(result.error)")
      }
      let exact = try compare(take(45, seed: 2), folder, ["--method", "exact"], with: "r.json")
      #expect(exact.status == 2 && exact.error.contains("--method is exact"), "\(exact.error)")
      let short = try compare(take(0.5, seed: 2), folder, [], with: "r.json")
      #expect(short.status == 2 && short.error.contains("is longer than the"), "\(short.error)")
      // Nothing is cut or padded, whatever is allowed.
      let allowed = try compare(
        take(30.001, seed: 2), folder, ["--tolerance-length", "1000"], with: "r.json")
      #expect(allowed.status == 0 && !allowed.output.contains("left out"))
      let padded = try compare(
        take(29.99, seed: 2), folder, ["--tolerance-length", "1000"], with: "r.json")
      #expect(padded.status == 0 && !padded.output.contains("silence was added"))
    }
  }

  /// Spectra of other segments are not compared, and the sentence says why.
  @Test func otherSegmentsAreNotCompared() throws {
    try withFolder { folder in
      try write([take(10, seed: 1)], "a.wav", in: folder)
      func make(_ name: String, _ options: [String]) throws {
        _ = try Program.run(
          ["a.wav", "--method", "welch", "--report", "none", "--out", name] + options, in: folder)
      }
      try make("a.json", ["--segment", "1s"])
      try make("b.json", ["--segment", "0.5s"])
      try make("c.json", ["--segment", "1s", "--average", "median"])
      for (name, words) in [
        ("b.json", "the length of segments is 4000, that of the reference 8000"),
        ("c.json", "the average of segments is median, that of the reference mean"),
      ] {
        let result = try Program.run(["compare", name, "a.json"], in: folder)
        #expect(result.status == 2 && result.error.contains(words), "\(result.error)")
        #expect(!result.error.contains("number of samples"))
        #expect(!result.error.contains("--tolerance-length"))
      }
    }
  }

  /// Tables with every bin, of all formats.
  @Test(arguments: ["csv", "npy", "json"]) func everyBinIsCompared(format: String) throws {
    try withFolder { folder in
      try write([take(20, seed: 1)], "a.wav", in: folder)
      try write([take(25, seed: 2)], "b.wav", in: folder)
      let options = ["--method", "welch", "--segment", "2000", "--points", "all"]
      _ = try Program.run(
        ["a.wav", "--report", "none", "--out", "a.\(format)"] + options, in: folder)
      let same = try Program.run(
        ["compare", "a.wav", "a.\(format)"] + (format == "json" ? [] : options), in: folder)
      #expect(same.status == 0, "\(same.output) \(same.error)")
      if format == "json" {
        let take = try Program.run(["compare", "b.wav", "a.json"], in: folder)
        #expect(take.status == 0, "\(take.output) \(take.error)")
      }
    }
  }

  @Test func everyChannelCounts() throws {
    try withFolder { folder in
      try write([take(20, seed: 1), take(20, seed: 2)], "a.wav", in: folder)
      try write([take(30, seed: 3), take(30, seed: 4)], "b.wav", in: folder)
      try write([take(30, seed: 3), take(30, seed: 4, noise: 0.02)], "c.wav", in: folder)
      _ = try Program.run(
        ["compare", "a.wav", "r.json", "--update", "--method", "welch"], in: folder)
      // Other phases between the channels are another mix.
      let loud = try Program.run(["compare", "c.wav", "r.json"], in: folder)
      #expect(loud.status == 1)
      let one = try Program.run(
        ["compare", "b.wav", "a.wav", "--method", "welch", "--channel", "left"], in: folder)
      #expect(one.status == 0, "\(one.output) \(one.error)")
      let other = try Program.run(
        ["compare", "c.wav", "a.wav", "--method", "welch", "--channel", "2"], in: folder)
      #expect(other.status == 1, "\(other.output)")
    }
  }

  /// Renders of different lengths have segments of the same length.
  @Test func tolerancesAreLearned() throws {
    try withFolder { folder in
      for (index, seconds) in [30.0, 24, 33].enumerated() {
        try write([take(seconds, seed: index + 1)], "\(index).wav", in: folder)
      }
      let learned = try Program.run(
        [
          "compare", "--learn", "0.wav", "1.wav", "2.wav", "r.json", "--method", "welch",
          "--segment",
          "0.5s",
        ], in: folder)
      #expect(learned.status == 0, "\(learned.error)")
      #expect(try compare(take(40, seed: 9), folder, [], with: "r.json").status == 0)
      #expect(try compare(take(40, seed: 9, tone: 0.3), folder, [], with: "r.json").status == 1)
      // Each alone would have segments of another length, an eighth of it.
      for (index, seconds) in [7.0, 5, 6].enumerated() {
        try write([take(seconds, seed: index + 1)], "\(index).wav", in: folder)
      }
      let automatic = try Program.run(
        ["compare", "--learn", "0.wav", "1.wav", "2.wav", "s.json", "--method", "welch"],
        in: folder)
      #expect(automatic.status == 0, "\(automatic.error)")
    }
  }

  @Test func foldersAreCompared() throws {
    try withFolder { folder in
      for name in ["new", "old"] {
        try FileManager.default.createDirectory(
          at: folder.appending(path: name), withIntermediateDirectories: true)
      }
      try write([take(30, seed: 1)], "old/a.wav", in: folder)
      try write([take(20, seed: 2)], "new/a.wav", in: folder)
      try write([take(30, seed: 3)], "old/b.wav", in: folder)
      try write([take(20, seed: 4, tone: 0.3)], "new/b.wav", in: folder)
      let result = try Program.run(
        ["compare", "--batch", "new", "old", "--method", "welch"], in: folder)
      #expect(result.status == 1)
      #expect(result.output.contains("same: new/a.wav"), "\(result.output)")
      #expect(result.output.contains("different: new/b.wav"))
    }
  }
}
