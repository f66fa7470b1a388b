// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// What `wavfft compare` says and refuses for recordings of music that have little in common.
struct CompareUnlikeTests {
  private static let rate = 44100
  /// Both channels of the fixture, in its format.
  private static let music: [[Double]] = {
    let data = (try? Data(contentsOf: URL(filePath: fixture("bach.wav")))) ?? Data()
    let samples = data.dropFirst(44).prefix(14 * 4 * rate).withUnsafeBytes { bytes in
      (0..<bytes.count / 2).map {
        Double(Int16(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self)))
      }
    }
    return (0..<2).map { channel in
      stride(from: channel, to: samples.count, by: 2).map { samples[$0] }
    }
  }()

  /// Some seconds of the music.
  private func passage(_ start: Double, seconds: Double = 1.5) -> [[Double]] {
    let first = Int(start * Double(Self.rate))
    return Self.music.map { Array($0[first..<first + Int(seconds * Double(Self.rate))]) }
  }

  private func write(_ channels: [[Double]], _ name: String, in folder: URL) throws {
    let frames = channels[0].indices.flatMap { index in
      channels.map { Int16(max(-32768, min(32767, $0[index].rounded()))) }
    }
    try wav(pcm16(frames), channels: UInt16(channels.count), rate: UInt32(Self.rate))
      .write(to: folder.appending(path: name))
  }

  /// Uniform white noise with an RMS of 1.
  private func noise(_ count: Int, seed: UInt32) -> [Double] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return (Double(state >> 8) / Double(1 << 23) - 1) * 3.0.squareRoot()
    }
  }

  /// The sentences for A against B and for B against A.
  private func sentences(_ new: [[Double]], _ old: [[Double]]) throws -> [[String]] {
    try withFolder { folder in
      try write(new, "new.wav", in: folder)
      try write(old, "old.wav", in: folder)
      return try [["new.wav", "old.wav"], ["old.wav", "new.wav"]].map { pair in
        let result = try Program.run(["compare"] + pair + ["--report", "json"], in: folder)
        #expect(result.status == 1, "\(result.error)")
        let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require((json as? [String: Any])?["explanation"] as? [String])
      }
    }
  }

  /// Music scatters as noise does, but a change to all of it is not noise.
  @Test(arguments: ["gain", "small gain", "passage", "inverted", "replaced"])
  func anotherSoundIsNotCalledNoise(change: String) throws {
    let old = passage(0)
    var new = old
    switch change {
    case "gain": new = old.map { $0.map { pow(10, -10.0 / 20) * $0 } }
    case "small gain": new = old.map { $0.map { pow(10, -0.5 / 20) * $0 } }
    case "passage": new = passage(12)
    case "inverted": new[1] = old[1].map { -0.3 * $0 }
    default: new[1] = passage(12)[1]
    }
    for found in try sentences(new, old) {
      #expect(!found.isEmpty)
      #expect(!found.contains { $0.contains("noise") }, "\(found)")
    }
  }

  /// Noise 50 dB below full scale in both channels of the music.
  @Test func noiseAddedToMusicIsReported() throws {
    let old = passage(0)
    let new = old.enumerated().map { channel, samples in
      zip(samples, noise(samples.count, seed: 3 + UInt32(channel))).map {
        $0 + 32768 * pow(10, -50.0 / 20) * $1
      }
    }
    let found = try sentences(new, old)
    #expect(found[0].first?.hasPrefix("noise has been added, about -5") == true, "\(found[0])")
    #expect(
      found[1].first?.hasPrefix("noise of the reference is missing, about -5") == true,
      "\(found[1])")
  }

  @Test func rendersWithNothingInCommonAreRefused() throws {
    try withFolder { folder in
      let music = passage(0)
      try write(music, "a.wav", in: folder)
      try write(passage(12), "b.wav", in: folder)
      try write(music.map { $0.map { _ in 0 } }, "silent.wav", in: folder)
      try write([music[0], music[1].map { _ in 0 }], "half.wav", in: folder)
      try write(music.map { $0.map { 0.95 * $0 } }, "c.wav", in: folder)
      for (other, sentence) in [
        (
          "b.wav",
          "wavfft: a.wav and b.wav differ too much to learn from: their powers in the third"
        ),
        ("silent.wav", "wavfft: silent.wav is silent and a.wav is not; learn from renders of the"),
        ("half.wav", "wavfft: a.wav and half.wav differ too much to learn from"),
      ] {
        let result = try Program.run(["compare", "--learn", "a.wav", other, "r.json"], in: folder)
        #expect(result.status == 2, "\(other): \(result.output)\(result.error)")
        #expect(result.error.contains(sentence), "\(result.error)")
        try #expect(!contents(folder).contains("r.json"))
      }
      let result = try Program.run(["compare", "--learn", "a.wav", "c.wav", "r.json"], in: folder)
      #expect(result.status == 0, "\(result.error)")
    }
  }

  /// A tolerance of lengths is for the ends of recordings, not for recordings with little in
  /// common.
  @Test func lengthsThatDifferMuchAreNotCompared() throws {
    try withFolder { folder in
      let music = [passage(0)[0]]
      let count = music[0].count
      let silence = { (count: Int) in [[Double](repeating: 0, count: count)] }
      try write(music, "music.wav", in: folder)
      try write(silence(100), "few.wav", in: folder)
      try write([Array(music[0].dropLast(count / 9))], "short.wav", in: folder)
      try write([Array(music[0].dropLast(count / 11))], "less.wav", in: folder)
      // Silence with music at its end, compared with silence alone.
      let late = silence(count)[0].dropLast(count / 11) + music[0].suffix(count / 11)
      try write([Array(late)], "late.wav", in: folder)
      try write(silence(count - count / 11), "silence.wav", in: folder)
      let made = try Program.run(["compare", "music.wav", "music.json", "--update"], in: folder)
      #expect(made.status == 0)
      func run(_ pair: [String], _ options: [String] = []) throws -> (Int32, String) {
        let result = try Program.run(
          ["compare"] + pair + ["--tolerance-length", "99999999"] + options, in: folder)
        return (result.status, result.error)
      }
      for pair in [
        ["few.wav", "music.wav"], ["music.wav", "few.wav"], ["short.wav", "music.wav"],
        ["few.wav", "music.json"], ["short.wav", "music.json"],
      ] {
        let (status, error) = try run(pair)
        #expect(status == 2, "\(pair): \(error)")
        #expect(error.contains("more than a tenth of 66,150"), "\(pair): \(error)")
      }
      for pair in [["silence.wav", "late.wav"], ["late.wav", "silence.wav"]] {
        let (status, error) = try run(pair)
        #expect(status == 2)
        #expect(
          error.contains(
            "their lengths differ, and what they have in common is silent in \(pair[0])"),
          "\(error)")
      }
      try #expect(run(["less.wav", "music.wav"]).0 < 2)
      // Too few frames to have a bin in the band.
      try write(silence(1), "one.wav", in: folder)
      let one = try Program.run(["compare", "one.wav", "one.wav"], in: folder)
      #expect(one.status == 2)
      #expect(
        one.error.contains("1 frame of one.wav was analysed, and there is no bin in the band"),
        "\(one.error)")
    }
  }
}
