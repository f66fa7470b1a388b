// SPDX-License-Identifier: GPL-2.0-or-later

import Foundation
import Testing

/// `wavfft compare --learn`: references whose tolerances come from repeated renders.
struct CompareLearnTests {
  private static let rate = 8000.0

  /// A synthesiser with different noise each time, and a slow wobble of level with a random start.
  private func render(
    _ seed: UInt32, channels: Int = 1, gain: Double = 1, tone: Double = 0
  ) -> [[Double]] {
    var state = seed &* 2_654_435_761 &+ 12345
    func random() -> Double {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Double(state >> 8) / Double(1 << 23) - 1
    }
    for _ in 0..<10 { _ = random() }
    return (0..<channels).map { channel in
      let phase = .pi * random()
      return (0..<16000).map { index in
        let time = Double(index) / Self.rate
        let wobble = 1 + 0.1 * sin(2 * .pi * 3 * time + phase)
        return gain
          * (0.2 * wobble * sin(2 * .pi * 220 * time) + 0.1 * sin(2 * .pi * 330 * time)
            + 0.003 * random() + tone * sin(2 * .pi * (2000 + 100 * Double(channel)) * time))
      }
    }
  }

  private func write(_ samples: [[Double]], _ name: String, in folder: URL) throws {
    let frames = samples[0].indices.flatMap { index in samples.map { Float(0.5 * $0[index]) } }
    try wav(
      pcmFloat(frames), format: 3, channels: UInt16(samples.count), rate: UInt32(Self.rate),
      bits: 32
    ).write(to: folder.appending(path: name))
  }

  /// A folder in which a reference was learned from `count` renders.
  private func withReference(
    renders count: UInt32, channels: Int = 1, _ body: (URL) throws -> Void
  ) throws {
    try withFolder { folder in
      let names = (1...count).map { "\($0).wav" }
      for seed in 1...count {
        try write(render(seed, channels: channels), "\(seed).wav", in: folder)
      }
      let result = try Program.run(["compare", "--learn"] + names + ["r.json"], in: folder)
      #expect(result.status == 0, "\(result.error)")
      #expect(
        result.output.hasPrefix(
          "r.json is now the spectrum of 1.wav with tolerances learned from \(count) renders: levels"
        ))
      try body(folder)
    }
  }

  private func status(_ samples: [[Double]], in folder: URL, _ options: [String] = []) throws
    -> Int32
  {
    try write(samples, "new.wav", in: folder)
    return try Program.run(["compare", "new.wav", "r.json"] + options, in: folder).status
  }

  @Test(arguments: [1, 2])
  func rendersThatVaryAsTheOthersDoAreTheSame(channels: Int) throws {
    try withReference(renders: 4, channels: channels) { folder in
      for seed in UInt32(11)...16 {
        try #expect(status(render(seed, channels: channels), in: folder) == 0, "\(seed)")
      }
      // Without the learned tolerances they differ.
      try #expect(
        status(render(17, channels: channels), in: folder, ["--tolerance-db", "0.1"]) == 1)
      // A greater change is found, in either direction.
      try #expect(status(render(18, channels: channels, gain: 2), in: folder) == 1)
      try #expect(status(render(19, channels: channels, gain: 0.5), in: folder) == 1)
      try #expect(status(render(20, channels: channels, tone: 0.05), in: folder) == 1)
      var silent = render(21, channels: channels)
      silent[channels - 1] = silent[0].map { _ in 0 }
      try #expect(status(silent, in: folder) == 1)
    }
  }

  @Test func rendersThatDoNotVaryLeaveTheDefaults() throws {
    try withFolder { folder in
      for name in ["a", "b"] { try write(render(1), "\(name).wav", in: folder) }
      let result = try Program.run(["compare", "--learn", "a.wav", "b.wav", "r.json"], in: folder)
      #expect(
        result.output.hasSuffix("levels within 0.1 dB, third-octave powers within 0.1 dB\n"))
      try #expect(status(render(1), in: folder) == 0)
      try #expect(status(render(1, gain: 1.015), in: folder) == 1)
    }
  }

  @Test func anUpdateKeepsWhatWasLearned() throws {
    try withReference(renders: 3) { folder in
      try #expect(status(render(30), in: folder, ["--update"]) == 0)
      try #expect(status(render(31), in: folder) == 0)
      let report = try Program.run(["compare", "new.wav", "r.json"], in: folder)
      #expect(report.output.contains("as learned from 3 renders"))
    }
  }

  @Test func unsuitableRendersAreRefused() throws {
    try withReference(renders: 2) { folder in
      try write(render(5).map { Array($0.dropLast(100)) }, "short.wav", in: folder)
      try write(render(5, channels: 2), "stereo.wav", in: folder)
      func run(_ names: [String]) throws -> (Int32, String) {
        let result = try Program.run(["compare", "--learn"] + names, in: folder)
        return (result.status, result.error)
      }
      try #expect(run(["1.wav", "r.json"]).0 == 64)
      try #expect(run(["1.wav", "2.wav", "3.wav"]).0 == 64)
      try #expect(run(["1.wav", "2.wav", "3.wav"]).1.contains("3.wav is no .json file"))
      try #expect(run(["1.wav", "r.json", "new.json"]).1.contains("r.json is none"))
      try #expect(run(["1.wav", "short.wav", "new.json"]).0 == 2)
      try #expect(run(["1.wav", "stereo.wav", "new.json"]).0 == 2)
      try #expect(!contents(folder).contains("new.json"))
    }
  }

  @Test func impossibleTolerancesAreRefused() throws {
    try withReference(renders: 2) { folder in
      let file = folder.appending(path: "r.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      let match = try #require(text.firstMatch(of: /"peak_hz" : [0-9.]+/))
      try Data(text.replacing(match.0, with: "\"peak_hz\" : -1").utf8).write(to: file)
      try #expect(status(render(9), in: folder) == 65)
    }
  }
}
