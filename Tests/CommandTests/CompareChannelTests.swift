// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `wavfft compare`: channels, lengths and sample formats, without options.
struct CompareChannelTests {
  private static let rate = 8000.0

  /// Two channels with common and different tones, and some crosstalk.
  private static let stereo: [[Double]] = {
    func tone(_ frequency: Double, _ phase: Double) -> [Double] {
      (0..<16000).map { sin(2 * .pi * frequency * Double($0) / rate + phase) }
    }
    let (a, b, c, d) = (tone(220, 0), tone(220, 1), tone(440.5, 0), tone(660.5, 0))
    return [
      (0..<16000).map { 0.2 * a[$0] + 0.1 * c[$0] + 0.01 * d[$0] },
      (0..<16000).map { 0.15 * b[$0] + 0.02 * c[$0] + 0.12 * d[$0] },
    ]
  }()

  private func write(_ channels: [[Double]], _ name: String, in folder: URL) throws {
    let frames = channels[0].indices.flatMap { index in channels.map { Float($0[index]) } }
    try wav(
      pcmFloat(frames), format: 3, channels: UInt16(channels.count), rate: UInt32(Self.rate),
      bits: 32
    ).write(to: folder.appending(path: name))
  }

  /// Compares a recording with the stereo one, both as audio and as a reference written by
  /// `--update`.
  private func compare(
    _ channels: [[Double]], _ options: [String] = [], with base: [[Double]] = Self.stereo,
    _ body: (Program.Result, _ reference: String) throws -> Void
  ) throws {
    try withFolder { folder in
      try write(base, "old.wav", in: folder)
      try write(channels, "new.wav", in: folder)
      let update = try Program.run(["compare", "old.wav", "old.json", "--update"], in: folder)
      #expect(update.status == 0, "\(update.error)")
      for reference in ["old.wav", "old.json"] {
        try body(
          try Program.run(["compare", "new.wav", reference] + options, in: folder), reference)
      }
    }
  }

  @Test func theSameChannelsAreTheSame() throws {
    try compare(Self.stereo) { result, _ in
      #expect(result.status == 0, "\(result.output)")
      #expect(
        result.output.contains(
          "all the same: mix, channel 1, channel 2, the difference of channels 1 and 2"))
    }
  }

  /// Swapped, one inverted, mono in two ways, one missing, one louder: changes that the mix shows,
  /// and changes that it does not.
  @Test(arguments: [
    ("swapped", "  the channels are swapped\n"),
    ("inverted", "  one of the channels is inverted"),
    ("mono", "  it has become mono: every channel is the mix of the reference's\n"),
    ("left", "  it has become mono: every channel is channel 1 of the reference\n"),
    ("one", "  it has become mono: it is the mix of the reference's channels\n"),
    ("silent", "  channel 2 of new.wav is silent\n  channel 1 is the same\n"),
    ("louder", "  channel 2: it is 0.20 dB louder throughout"),
    ("late", "  each channel is the same by itself, but not what is between them"),
  ])
  func changesOfChannelsAreNamed(change: String, sentence: String) throws {
    let (left, right) = (Self.stereo[0], Self.stereo[1])
    let mix = zip(left, right).map { ($0 + $1) / 2 }
    let changed: [String: [[Double]]] = [
      "swapped": [right, left], "inverted": [left, right.map { -$0 }], "mono": [mix, mix],
      "left": [left, left], "one": [mix], "silent": [left, right.map { _ in 0 }],
      "louder": [left, right.map { $0 * pow(10, 0.01) }],
      "late": [left, Array(right.suffix(3)) + right.dropLast(3)],
    ]
    try compare(try #require(changed[change])) { result, reference in
      #expect(result.status == 1, "\(reference)")
      #expect(result.output.contains(sentence), "\(reference): \(result.output)")
    }
  }

  @Test func threeChannelsAreCompared() throws {
    let third = (0..<16000).map { 0.1 * sin(2 * .pi * 1000 * Double($0) / Self.rate) }
    let base = Self.stereo + [third]
    try compare([base[2], base[0], base[1]], with: base) { result, _ in
      #expect(result.status == 1)
      #expect(result.output.contains("in the order 3, 1, 2"), "\(result.output)")
    }
    try compare([base[0], base[1], third.map { 0.9 * $0 }], with: base) { result, _ in
      #expect(result.output.contains("channel 3: it is 0.92 dB softer throughout"))
    }
  }

  @Test func oneChannelIsComparedOnRequest() throws {
    let other = [Self.stereo[0], Self.stereo[0]]
    try withFolder { folder in
      try write(Self.stereo, "old.wav", in: folder)
      try write(other, "new.wav", in: folder)
      func status(_ channel: String) throws -> Int32 {
        try Program.run(["compare", "new.wav", "old.wav", "--channel", channel], in: folder).status
      }
      try #expect(status("left") == 0)
      try #expect(status("right") == 1)
    }
  }

  /// A reference with only the mix causes a note with the remedy.
  @Test func theReportNamesWhatWasNotCompared() throws {
    try withFolder { folder in
      try write(Self.stereo, "old.wav", in: folder)
      try write([Self.stereo[1], Self.stereo[0]], "new.wav", in: folder)
      for name in ["mix.json", "mix.csv"] {
        _ = try Program.run(["old.wav", "--out", name, "--report", "none"], in: folder)
        let result = try Program.run(["compare", "new.wav", name], in: folder)
        #expect(result.status == 0)
        #expect(
          result.output.contains(
            "only the mix of the 2 channels was compared: \(name) holds no more")
        )
      }
    }
  }

  @Test func theReportAsDataHasTheChannels() throws {
    try compare([Self.stereo[0], Self.stereo[0]], ["--report", "json"]) { result, _ in
      let json = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      let channels = try #require(json["channels"] as? [[String: Any]])
      #expect(channels.map { $0["channel"] as? String } == ["1", "2", "1-2"])
      #expect(channels.map { $0["verdict"] as? String } == ["same", "different", "different"])
    }
  }

  // MARK: Lengths

  @Test(arguments: [-5, -1, 1, 5])
  func slightlyDifferentLengthsCanBeCompared(distance: Int) throws {
    let changed = Self.stereo.map { channel in
      distance < 0
        ? Array(channel.dropLast(-distance)) : channel + [Double](repeating: 0, count: distance)
    }
    let count = abs(distance)
    let faded = Self.stereo.map { channel in
      channel.enumerated().map { $1 * min(1, Double(16000 - 5 - $0) / 4000) * ($0 < 15995 ? 1 : 0) }
    }
    let shorter = faded.map { channel in
      distance < 0
        ? Array(channel.dropLast(count)) : channel + [Double](repeating: 0, count: count)
    }
    try compare(changed) { result, _ in
      #expect(result.status == 2)
      #expect(result.error.contains("--tolerance-length \(count) allows for that"))
    }
    try compare(shorter, ["--tolerance-length", "\(count)"], with: faded) { result, reference in
      #expect(result.status == 0, "\(reference): \(result.output)\(result.error)")
      let words = "new.wav is \(count) frame\(count == 1 ? "" : "s") "
      #expect(result.output.contains(words + (distance < 0 ? "shorter" : "longer")))
    }
    try compare(shorter, ["--tolerance-length", "\(count - 1)"], with: faded) { result, _ in
      #expect(result.status == 2)
    }
    // A difference apart from the length is still found.
    let louder = shorter.map { $0.map { $0 * 1.1 } }
    try compare(louder, ["--tolerance-length", "\(count)"], with: faded) { result, _ in
      #expect(result.status == 1)
      #expect(result.output.contains("it is 0.83 dB louder throughout"))
    }
  }

  // MARK: Samples

  @Test func fewerBitsAreReported() throws {
    try withFolder { folder in
      func write(_ bits: Int, _ name: String) throws {
        var data = Data()
        for index in 0..<16000 {
          let sample = Int(((Self.stereo[0][index]) * pow(2, Double(bits - 1))).rounded())
          for byte in 0..<bits / 8 { data.append(UInt8(truncatingIfNeeded: sample >> (8 * byte))) }
        }
        try wav(data, rate: UInt32(Self.rate), bits: UInt16(bits))
          .write(to: folder.appending(path: name))
      }
      try write(16, "16.wav")
      try write(24, "24.wav")
      try write(8, "8.wav")
      func sentences(_ a: String, _ b: String) throws -> String {
        try Program.run(["compare", a, b], in: folder).output
      }
      let fewer = try sentences("16.wav", "24.wav")
      #expect(fewer.hasPrefix("different: "))
      #expect(fewer.contains("  it has been rounded to 16 bits: what has been added, -"))
      #expect(
        fewer.contains("it is stored as Signed 16 bit PCM, the reference as Signed 24 bit PCM"))
      // In the other direction nothing has been rounded.
      try #expect(!sentences("24.wav", "16.wav").contains("rounded"))
      // A change far greater than rounding is not called rounding: WAV has unsigned 8-bit samples,
      // and these are not.
      try #expect(!sentences("8.wav", "24.wav").contains("rounded to 8 bits"))
    }
  }

  /// Silence could be any channel.
  @Test func silenceMatchesNoChannel() throws {
    try withFolder { folder in
      for channels in UInt16(1)...2 {
        try wav(
          pcm16([Int16](repeating: 0, count: 4000 * Int(channels))), channels: channels
        ).write(to: folder.appending(path: "\(channels).wav"))
      }
      let result = try Program.run(["compare", "1.wav", "2.wav"], in: folder)
      #expect(result.status == 1, "\(result.error)")
      #expect(result.output.contains("it has 1 channel, the reference 2"), "\(result.output)")
      #expect(!result.output.contains("mono"), "\(result.output)")
    }
  }
}
